import { randomBytes } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Database } from '../../db/database.ts'
import type { MediaStorage } from '../../storage/storage.ts'
import type { Pictures } from '../media/pictures.ts'
import { UnusableVideo } from './make-video.ts'
import type { Staging } from './staging.ts'
import type { SharedUpload, Tx } from './store.ts'

/** The files of uploads where several servers reach them: one can go on with what another began. */
export interface SharedFiles {
  /** The name of this server. */
  readonly holder: string
  /** Stores the written file of an upload. Unless it is used it is removed. Throws the storage's error. */
  keep(id: number): Promise<SharedUpload>
  /** Has a stored file stay, in the transaction that says where it is. */
  use(tx: Tx, upload: SharedUpload | undefined): Promise<void>
  /** Writes a stored file into a folder, and returns its path. Throws `UnusableVideo` when it is lost. */
  fetch(key: string | null, folder: string): Promise<string>
  /** Says that a file is no longer used, in the transaction after which it is not. */
  doubt(tx: Tx, key: string | null): Promise<void>
  /** Removes a stored file. What cannot be removed now is removed later. */
  remove(key: string | null | undefined): Promise<void>
}

const fileName = 'upload.mp4'

/** Makes the shared files of a server named `holder`. */
export function sharedFilesOf({
  db,
  holder,
  pictures,
  staging,
  storage,
}: {
  db: Database
  holder: string
  pictures: Pick<Pictures, 'doubt' | 'trust' | 'sweep'>
  staging: Staging
  storage: MediaStorage
}): SharedFiles {
  const remove = async (key: string | null | undefined) => {
    if (key) await pictures.sweep([key]).catch(() => {}) // The next sweep does it.
  }
  return {
    holder,
    remove,

    async keep(id) {
      const key = randomBytes(16).toString('hex')
      await db.write((tx) => pictures.doubt(tx, key))
      try {
        await storage.save(key, [{ name: fileName, bytes: staging.openWritten(id) }])
      } catch (error) {
        await remove(key)
        throw error
      }
      return { key, holder }
    },

    async use(tx, upload) {
      if (upload) await pictures.trust(tx, upload.key)
    },

    async fetch(key, folder) {
      const stored = key === null ? undefined : await storage.open(key, fileName)
      if (!stored) throw new UnusableVideo('The uploaded file is lost.')
      const path = join(folder, 'upload')
      await pipeline(stored.stream, createWriteStream(path, { mode: 0o600 }))
      return path
    },

    async doubt(tx, key) {
      if (key !== null) await pictures.doubt(tx, key)
    },
  }
}
