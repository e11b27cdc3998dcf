import { randomBytes } from 'node:crypto'
import type { Clock } from '../../core/clock.ts'
import { contentHash as hashOf } from '../../core/content-hash.ts'
import { ApiError } from '../../core/errors.ts'
import { fairQueue } from '../../core/fair-queue.ts'
import type { Viewer } from '../../core/viewer.ts'
import type { Database } from '../../db/database.ts'
import type { MediaStorage } from '../../storage/storage.ts'
import { largestPicture, pictureLimits } from './limits.ts'
import { makeApart } from './picture-maker.ts'
import type { AsideFolder, CostLimit } from './picture-task.ts'
import type { PictureRow, PictureStore } from './store.ts'

/** A picture that is stored, but that no Pin holds yet. */
export interface PreparedPicture {
  /** What the table of pictures says of it, or will say. */
  row: PictureRow
  /** Whether its files were made for this call, and its row is still to be written. */
  isNew: boolean
}

/** Turns bytes into stored pictures. */
export interface PicturePreparer {
  /**
   * Makes every rendition of a picture of the viewer's and stores them, unless the same is stored already. Accounts are
   * served in turn. Throws `imageInvalid` when the bytes are no picture that can be used, `rateLimited` when too many
   * wait, `unavailable` when the machine has no room for the process that makes them.
   */
  prepare(viewer: Viewer, bytes: Buffer): Promise<PreparedPicture>
}

export interface PreparerOptions {
  db: Database
  store: PictureStore
  storage: MediaStorage
  clock: Clock
  /** Removes the files of a picture that could not be kept. */
  sweep(keys: Iterable<string>): Promise<void>
  /** What making a picture may cost. Default: `pictureLimits.cost`. */
  pictureCost?: CostLimit | undefined
}

/** Makes the preparer of one server. */
export function picturePreparer(options: PreparerOptions): PicturePreparer {
  const { store } = options
  const queue = fairQueue(pictureLimits.making)
  const underWay = new Map<string, Promise<PreparedPicture>>()

  return {
    async prepare({ accountId }, bytes) {
      if (bytes.length > pictureLimits.bytes)
        throw new ApiError('imageInvalid', { detail: `It is larger than ${largestPicture}.` })
      const contentHash = await hashOf(bytes)
      const existing = await store.byHash(contentHash)
      if (existing) return { row: existing, isNew: false }

      const same = underWay.get(contentHash)
      if (same) return same
      const making = queue
        .run(accountId, () => make(bytes, contentHash, options), { bytes: bytes.length })
        .finally(() => underWay.delete(contentHash))
      underWay.set(contentHash, making)
      return making
    },
  }
}

/** Makes a picture, and stores its files. */
async function make(bytes: Buffer, contentHash: string, options: PreparerOptions): Promise<PreparedPicture> {
  const { db, store, storage, clock, sweep, pictureCost: limit = pictureLimits.cost } = options
  const key = randomBytes(16).toString('hex')
  const aside = asideFor(key, storage)
  const { format, sizes, files, originalBytes, dominantColor } = await makeApart(bytes, { aside, limit })
  await db.write((tx) => store.queueSweep(tx, key, clock.now()))
  try {
    if (files) await storage.save(key, files)
    else await storage.aside?.keep(key)
  } catch (error) {
    await sweep([key]).catch(() => {}) // Whatever is in the way of that too, the next start sweeps.
    throw error
  }
  const row: PictureRow = {
    key,
    content_hash: contentHash,
    format,
    bytes: originalBytes,
    dominant_color: dominantColor,
    renditions: JSON.stringify(sizes),
    uses: 1,
    created_at: clock.now(),
  }
  return { row, isNew: true }
}

/** Returns where the other process puts the files of a picture, if it can. */
function asideFor(key: string, { aside }: MediaStorage): AsideFolder | undefined {
  return aside && { folder: aside.folderOf(key), sync: aside.sync }
}
