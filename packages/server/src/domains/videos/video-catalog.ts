import type { Database } from '../../db/database.ts'
import type { KnownMedia, MediaCatalog } from '../../storage/verify.ts'
import { videoName } from './make-ready.ts'
import { type VideoRow, videoStore } from './store.ts'

const pageSize = 1000

/** Makes the catalog of the videos that the database knows, for `pinfold media verify`. */
export function videoCatalog(db: Database): MediaCatalog {
  const store = videoStore(db)

  async function* all(): AsyncGenerator<KnownMedia> {
    for (let after = ''; ; ) {
      const rows = await store.after(after, pageSize)
      for (const row of rows) yield knownVideo(row)
      const last = rows.at(-1)?.key
      if (!last) return
      after = last
    }
  }

  return { all, knows: store.isKnown }
}

/** A lost video cannot be rebuilt: the uploaded file is not stored. */
function knownVideo({ key, bytes }: VideoRow): KnownMedia {
  const check: KnownMedia['files'][number]['check'] = async (stream) => {
    let size = 0
    for await (const part of stream) size += part.length
    if (size !== bytes) throw new Error(`It has ${size} bytes, not ${bytes}.`)
  }
  return { key: key ?? '', files: [{ name: videoName, size: bytes, check }], rebuild: async () => [] }
}
