import { PinterestClient } from '@pinfold/client'
import { signIn } from '@pinfold/client/node'
import { startPinfold } from '@pinfold/client/testing'
import { openApiDocument, resources } from '@pinfold/contract'
import { artworks } from '@pinfold/demo-pictures'
import { type ServerConfig, startServer } from '@pinfold/server'

// Compiles only if the types of the installed packages can be read without their sources.

const config: ServerConfig = { port: 0, ephemeral: true }

export async function useThem(): Promise<string> {
  await using server = await startServer(config)
  await using pinfold = await startPinfold({ clock: 'manual' })
  const client: PinterestClient = pinfold.client()
  const { id } = await client.boards.create({ name: 'Cups' })
  const known: object[] = [resources.boards, openApiDocument, artworks, signIn]
  return `${id} ${server.url} ${known.length} ${new PinterestClient({ accessToken: 'pina_x' }).boards}`
}
