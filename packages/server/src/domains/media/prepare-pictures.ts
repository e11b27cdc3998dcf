import { createHmac, hash, randomBytes } from 'node:crypto'
import type { Clock } from '../../core/clock.ts'
import { contentHash as hashOf } from '../../core/content-hash.ts'
import { ApiError } from '../../core/errors.ts'
import { fairQueue } from '../../core/fair-queue.ts'
import { askerOf, type Viewer } from '../../core/viewer.ts'
import type { Database } from '../../db/database.ts'
import type { MediaStorage } from '../../storage/storage.ts'
import { largestPicture, pictureLimits } from './limits.ts'
import { madeBefore } from './made-before.ts'
import { makeApart } from './picture-maker.ts'
import type { AsideFolder, CostLimit } from './picture-task.ts'
import type { PictureRow, PictureStore } from './store.ts'

/** A picture that is stored, but not used by a Pin yet. */
export interface PreparedPicture {
  /** Its row in the table of pictures, or the one to write. */
  row: PictureRow
  /** Whether its files were made for this call, and its row must still be written. */
  isNew: boolean
}

/** Turns bytes into stored pictures. */
export interface PicturePreparer {
  /**
   * Makes and stores every rendition of a picture of the viewer's, unless the viewer already has the same. Serves
   * accounts in turn. Throws `imageInvalid` when the bytes are not a usable picture, `rateLimited` when too many wait,
   * `unavailable` when the machine has no room for the process that makes them.
   */
  prepare(viewer: Viewer, bytes: Buffer): Promise<PreparedPicture>
}

export interface PreparerOptions {
  db: Database
  store: PictureStore
  storage: MediaStorage
  clock: Clock
  /** Removes the files of a picture that could not be stored. */
  sweep(keys: Iterable<string>): Promise<void>
  /** A secret of the installation. */
  key: Buffer
  /** Called with the key of each picture that was made. */
  note(key: string): void
  /** The cost limit of a picture. Default: `pictureLimits.cost`. */
  pictureCost?: CostLimit | undefined
}

/** Makes the preparer of one server. */
export function picturePreparer(options: PreparerOptions): PicturePreparer {
  const { store } = options
  const identityOf = identifier(options.key)
  const queue = fairQueue({ ...pictureLimits.making, name: 'pictures' })
  const underWay = new Map<string, Promise<PreparedPicture>>()

  return {
    async prepare(viewer, bytes) {
      if (bytes.length > pictureLimits.bytes)
        throw new ApiError('imageInvalid', { detail: `It is larger than ${largestPicture}.` })
      const sourceHash = await hashOf(bytes)
      const contentHash = identityOf(viewer, sourceHash)
      const existing = await store.byHash(contentHash)
      if (existing) return { row: existing, isNew: false }

      const same = underWay.get(contentHash)
      if (same) return same
      const making = queue
        .run(askerOf(viewer), () => make(bytes, { contentHash, sourceHash }, options), { bytes: bytes.length })
        .finally(() => underWay.delete(contentHash))
      underWay.set(contentHash, making)
      return making
    },
  }
}

/** Makes a picture, and stores its files. */
async function make(
  bytes: Buffer,
  { contentHash, sourceHash }: { contentHash: string; sourceHash: string },
  options: PreparerOptions,
): Promise<PreparedPicture> {
  const { db, store, storage, clock, sweep, pictureCost: limit = pictureLimits.cost } = options
  const key = randomBytes(16).toString('hex')
  const aside = asideFor(key, storage)
  const made = madeBefore(bytes) ?? (await makeApart(bytes, { aside, limit }))
  const { format, sizes, files, originalBytes, dominantColor, look } = made
  await db.write((tx) => store.queueSweep(tx, key, clock.now()))
  try {
    if (files) await storage.save(key, files)
    else await storage.aside?.keep(key)
  } catch (error) {
    await sweep([key]).catch(() => {}) // If that fails too, the next start sweeps.
    throw error
  }
  options.note(key)
  const row: PictureRow = {
    key,
    content_hash: contentHash,
    source_hash: sourceHash,
    format,
    bytes: originalBytes,
    dominant_color: dominantColor,
    look: JSON.stringify(look),
    renditions: JSON.stringify(sizes),
    uses: 1,
    created_at: clock.now(),
  }
  return { row, isNew: true }
}

/**
 * Returns a function that identifies the picture of some bytes for an account. Bytes are only looked up among what the
 * viewer may see: finding a picture at once, or under a known address, would reveal that another account has it, or
 * that it is on a secret board.
 */
function identifier(key: Buffer): (viewer: Viewer, sourceHash: string) => string {
  const secret = hash('sha256', Buffer.concat([Buffer.from('pictures'), key]), 'buffer')
  return ({ accountId, secret: access }, sourceHash) =>
    createHmac('sha256', secret)
      .update(`${accountId} ${access === 'none' ? 'public' : 'all'} ${sourceHash}`)
      .digest('hex')
}

/** Returns the folder in which the other process puts a picture's files, if the storage has one. */
function asideFor(key: string, { aside }: MediaStorage): AsideFolder | undefined {
  return aside && { folder: aside.folderOf(key), sync: aside.sync }
}
