import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import type { Database } from '../../db/database.ts'
import type { MediaStorage } from '../../storage/storage.ts'
import type { KnownFile, KnownMedia, MediaCatalog } from '../../storage/verify.ts'
import {
  extensionOf,
  type MadeName,
  madeNames,
  makeRenditions,
  type RenditionSizes,
  uprightPixels,
} from './renditions.ts'
import { type PictureRow, pictureStore } from './store.ts'

const pageSize = 1000

/** Makes the catalog of the pictures that the database knows, for `pinfold media verify`. */
export function pictureCatalog(db: Database, storage: MediaStorage): MediaCatalog {
  const store = pictureStore(db)

  async function* all(): AsyncGenerator<KnownMedia> {
    for (let after = ''; ; ) {
      const rows = await store.after(after, pageSize)
      for (const row of rows) yield knownPicture(row, storage)
      const last = rows.at(-1)
      if (!last) return
      after = last.key
    }
  }

  return { all, knows: store.isKnown }
}

function knownPicture(row: PictureRow, storage: MediaStorage): KnownMedia {
  const sizes: RenditionSizes = JSON.parse(row.renditions)
  const files = madeNames.flatMap((rendition): (KnownFile & { rendition: MadeName })[] => {
    const size = sizes[rendition]
    if (!size) return [] // It was made before there was this one.
    const name = `${rendition}.${extensionOf(rendition, row.format)}`
    const bytes = rendition === 'originals' && { size: row.bytes }
    return [{ rendition, name, ...bytes, check: (content) => checkPicture(content, size) }]
  })

  /** Makes renditions from the original, which itself cannot be rebuilt. */
  async function rebuild(names: readonly string[]) {
    const original = files.find(({ rendition }) => rendition === 'originals')
    if (!original || names.includes(original.name)) return []
    const opened = await storage.open(row.key, original.name)
    if (!opened) return []
    const made = await makeRenditions(await buffer(opened.stream)).catch(() => undefined)
    if (!made) return []
    const wanted = files.filter(({ name }) => names.includes(name))
    return wanted.map(({ name, rendition }) => ({ name, bytes: made.files[rendition] }))
  }

  return { key: row.key, files, rebuild }
}

async function checkPicture(bytes: Readable, [width, height]: [width: number, height: number]): Promise<void> {
  const pixels = await uprightPixels(await buffer(bytes))
  if (pixels.width !== width || pixels.height !== height)
    throw new Error(`It is ${pixels.width} × ${pixels.height}, not ${width} × ${height}.`)
}
