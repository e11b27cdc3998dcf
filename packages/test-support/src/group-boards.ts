import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Scope } from '@pinfold/contract'
import { openOperator } from '@pinfold/server'
import type { TestDatabase } from './databases.ts'
import { until } from './pace.ts'
import { allScopesBut, startTestServer, type TestServer } from './server.ts'

export const tokenOf = (name: string) => `pina_${name}_000000000000000000000`
/** The options of a request of somebody's. */
export const as = (name: string) => ({ token: tokenOf(name) })

/** A server on which accounts can be made collaborators while it runs. */
export interface GroupServer extends TestServer {
  /** Makes an account a collaborator, or no longer one, and waits until the server knows. */
  setCollaborator(boardId: string, owner: string, username: string, isOne: boolean): Promise<void>
}

export interface GroupServerOptions {
  /** The accounts, each with a token of its own: see `tokenOf`. The first owns the app. */
  names: readonly string[]
  /** Further fields of an account in the seed file. */
  more?: Record<string, object>
  /** Further tokens, without some scopes, by name. */
  lesser?: Record<string, { account: string; without: readonly Scope[] }>
}

/** Starts a server with these accounts on a database. */
export async function startGroupServer(
  open: TestDatabase['open'],
  { names, more = {}, lesser = {} }: GroupServerOptions,
): Promise<GroupServer> {
  const folder = await mkdtemp(join(tmpdir(), 'pinfold-group-'))
  const seed = join(folder, 'seed.json')
  const tokens = [
    ...names.map((name) => ({ app: '1001', account: name, access_token: tokenOf(name) })),
    ...Object.entries(lesser).map(([name, { account, without }]) => ({
      ...{ app: '1001', account, access_token: tokenOf(name) },
      scopes: allScopesBut(...without),
    })),
  ]
  const app = { id: '1001', secret: 'the-app-secret-000001', name: 'App', owner: names[0] }
  const accounts = names.map((username) => ({ username, ...more[username] }))
  await writeFile(seed, JSON.stringify({ accounts, apps: [app], tokens }))
  const { discard, ...database } = await open()
  const dataDir = join(folder, 'data')
  const server = await startTestServer({ ...database, seed, dataDir, ephemeral: false, ffmpeg: false })
  return {
    ...server,

    async setCollaborator(boardId, owner, username, isOne) {
      await using operator = await openOperator({ dataDir, ...database })
      const { collaborators } = await (isOne
        ? operator.addCollaborator(boardId, username)
        : operator.removeCollaborator(boardId, username))
      // A server on SQLite sees what others wrote a moment later.
      const count = async () => (await server.get(`/boards/${boardId}`, as(owner))).body.collaborator_count
      await until(async () => (await count()) === collaborators.length)
    },

    async close() {
      await server.close()
      await discard()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
