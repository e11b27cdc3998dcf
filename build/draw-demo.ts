import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { artworks, drawnFolder } from '@pinfold/demo-pictures'

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

if (import.meta.main) await drawDemo()
