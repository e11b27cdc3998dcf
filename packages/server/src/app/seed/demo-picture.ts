import { readFile } from 'node:fs/promises'
import { type Artwork, madeFolder } from '@pinfold/demo-pictures'
import { noteMade } from '../../domains/media/pictures.ts'

/**
 * Returns a picture of the demo. In a checkout its renditions were made when it was installed (`build/draw-demo.ts`), and
 * are not made again.
 */
export async function demoPicture(artwork: Artwork): Promise<Buffer> {
  const bytes = await artwork.picture()
  const folder = new URL(`${artwork.fileName()}/`, madeFolder)
  const about = await readFile(new URL('picture.json', folder), 'utf8').catch(() => undefined)
  if (about === undefined) return bytes
  const { names, ...picture } = JSON.parse(about)
  const files = await Promise.all(
    names.map(async (name: string) => ({ name, bytes: await readFile(new URL(name, folder)) })),
  )
  noteMade(bytes, { ...picture, files })
  return bytes
}
