import { readdir } from 'node:fs/promises'
import { basename, extname, join, relative, resolve, sep } from 'node:path'
import { isVideoName } from '../pin-media/media-source.ts'
import type { Input, Notes } from './row.ts'

const pictureNames = new Set(['.jpg', '.jpeg', '.png', '.gif', '.webp', '.avif'])

/**
 * Reads the pictures and videos of a folder, by name; each file's name is its Pin's title. All go on `board` if given.
 * Otherwise a subfolder is a board, a folder within that a section, and files beside them go on a board named like the
 * folder.
 */
export const folderInput = (given: string, board: string | undefined): Input =>
  async function* rows(notes) {
    const folder = resolve(given)
    let number = 0
    for await (const file of filesIn(folder, notes)) {
      const name = relative(folder, file)
      const [outer, ...inner] = name.split(sep).slice(0, -1)
      const section = inner.length > 0 ? inner.join(' ') : undefined
      const place = board === undefined ? { board: outer ?? basename(folder), ...(section && { section }) } : { board }
      const title = basename(file, extname(file)).slice(0, 100)
      yield {
        number: ++number,
        name,
        ...place,
        fields: { title },
        picture: isVideoName(file) ? { video: file } : { file },
      }
    }
  }

async function* filesIn(folder: string, notes: Notes): AsyncGenerator<string> {
  const entries = await readdir(folder, { withFileTypes: true })
  entries.sort((a, b) => (a.name < b.name ? -1 : 1))
  for (const entry of entries) {
    if (entry.name.startsWith('.')) continue
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield* filesIn(path, notes)
    else if (pictureNames.has(extname(entry.name).toLowerCase()) || isVideoName(entry.name)) yield path
    else notes.add('Files that are no pictures and no videos, by their names, were left out')
  }
}
