import { glob, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { artworks, drawnFolder, madeFolder } from '@pinfold/demo-pictures'
import { buildFolder } from './built-folder.ts'
import { root } from './compile.ts'

/**
 * Draws the pictures of the demo that are not drawn yet into their package, so that the first start of a server need not,
 * and removes those that are not drawn any more.
 */
export async function drawDemo(): Promise<void> {
  const folder = fileURLToPath(drawnFolder)
  await mkdir(folder, { recursive: true })
  const found = new Set(await readdir(folder))
  const wanted = new Map(artworks.map((artwork) => [artwork.fileName(), artwork]))
  for (const name of found) if (!wanted.has(name)) await rm(`${folder}${name}`)
  const missing = [...wanted].filter(([name]) => !found.has(name))
  const drawNext = async (): Promise<void> => {
    for (let next = missing.pop(); next; next = missing.pop()) {
      const [name, artwork] = next
      // Whoever reads it meanwhile finds the whole picture, or none.
      const partial = `${folder}.${process.pid}-${name}`
      await writeFile(partial, await artwork.draw())
      await rename(partial, `${folder}${name}`)
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, drawNext))
}

/** Makes the renditions of the demo's pictures into `folder`, as the server would at its first start. */
async function makeDemo(folder: string): Promise<void> {
  const { filesOf, makeRenditions } = await import('../packages/server/src/domains/media/renditions.ts')
  await drawDemo()
  for (const artwork of artworks) {
    const { files: made, ...picture } = await makeRenditions(await artwork.picture())
    const files = filesOf({ format: picture.format, files: made })
    const own = join(folder, artwork.fileName())
    await mkdir(own)
    for (const { name, bytes } of files) await writeFile(join(own, name), bytes)
    const about = { ...picture, originalBytes: made.originals.length, names: files.map(({ name }) => name) }
    await writeFile(join(own, 'picture.json'), JSON.stringify(about))
  }
}

/**
 * Makes the renditions of the demo's pictures, unless they are from these sources already: a server of a checkout that is
 * filled with the demo need not. Vitest calls it before the tests.
 */
export async function setup(): Promise<void> {
  const sources = await Array.fromAsync(
    glob('packages/{server/src/domains/{media,looks},demo-pictures/src}/**/*.ts', { cwd: root }),
  )
  await buildFolder(fileURLToPath(madeFolder), [...sources, 'build/draw-demo.ts'], makeDemo)
}

if (import.meta.main) {
  await drawDemo()
  await setup()
}
