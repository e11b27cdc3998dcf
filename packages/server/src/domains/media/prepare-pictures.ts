import { randomBytes } from 'node:crypto'
import pLimit from 'p-limit'
import type { Clock } from '../../core/clock.ts'
import { contentHash as hashOf } from '../../core/content-hash.ts'
import { ApiError } from '../../core/errors.ts'
import type { Database } from '../../db/database.ts'
import type { MediaStorage } from '../../storage/storage.ts'
import { type AsideFolder, makeApart } from './picture-maker.ts'
import { maxPictureBytes } from './renditions.ts'
import type { PictureRow, PictureStore } from './store.ts'

/** At most this many pictures are worked on at once… */
const concurrency = 3
/** …and this many more may wait, of this many bytes in all; then clients are told to come back. */
const maxWaiting = 64
const maxWaitingBytes = 128_000_000

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
   * Makes every rendition of a picture and stores them, unless the same is stored already. Throws `imageInvalid` when
   * the bytes are no picture that can be used, `rateLimited` when too many wait, `unavailable` when the machine has no
   * room for the process that makes them.
   */
  prepare(bytes: Buffer): Promise<PreparedPicture>
}

export interface PreparerOptions {
  db: Database
  store: PictureStore
  storage: MediaStorage
  clock: Clock
  /** Removes the files of a picture that could not be kept. */
  sweep(keys: Iterable<string>): Promise<void>
}

/** Makes the preparer of one server. */
export function picturePreparer({ db, store, storage, clock, sweep }: PreparerOptions): PicturePreparer {
  const limit = pLimit(concurrency)
  const underWay = new Map<string, Promise<PreparedPicture>>()
  let bytesUnderWay = 0

  /** Returns where the other process puts the files of a picture, if it can. */
  const asideFor = (key: string): AsideFolder | undefined =>
    storage.aside && { folder: storage.aside.folderOf(key), sync: storage.aside.sync }

  async function make(bytes: Buffer, contentHash: string): Promise<PreparedPicture> {
    const key = randomBytes(16).toString('hex')
    const { format, sizes, files, originalBytes, dominantColor } = await makeApart(bytes, asideFor(key))
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

  return {
    async prepare(bytes) {
      if (bytes.length > maxPictureBytes) throw new ApiError('imageInvalid', { detail: 'It is larger than 10 MB.' })
      const contentHash = await hashOf(bytes)
      const existing = await store.byHash(contentHash)
      if (existing) return { row: existing, isNew: false }

      const same = underWay.get(contentHash)
      if (same) return same
      if (limit.pendingCount >= maxWaiting || bytesUnderWay + bytes.length > maxWaitingBytes)
        throw new ApiError('rateLimited', {
          detail: 'Too many pictures are waiting to be processed. Try again in 2 s.',
          headers: { 'retry-after': '2' },
        })
      bytesUnderWay += bytes.length
      const making = limit(() => make(bytes, contentHash)).finally(() => {
        bytesUnderWay -= bytes.length
        underWay.delete(contentHash)
      })
      underWay.set(contentHash, making)
      return making
    },
  }
}
