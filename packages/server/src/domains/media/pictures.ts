import { randomBytes } from 'node:crypto'
import type { Transaction } from 'kysely'
import pLimit from 'p-limit'
import type { Clock } from '../../core/clock.ts'
import { contentHash as hashOf } from '../../core/content-hash.ts'
import { ApiError } from '../../core/errors.ts'
import type { Database } from '../../db/database.ts'
import type { Schema } from '../../db/schema.ts'
import type { MediaStorage } from '../../storage/storage.ts'
import { pictureCatalog } from './picture-catalog.ts'
import { type AsideFolder, makeApart } from './picture-maker.ts'
import { maxPictureBytes } from './renditions.ts'
import { type PictureRow, pictureStore } from './store.ts'

export type { PictureRow } from './store.ts'

type Tx = Transaction<Schema>

/** A picture that is stored, but that no Pin holds yet. */
export interface PreparedPicture {
  row: PictureRow
  /** Whether its files were made for this call, and its row is still to be written. */
  isNew: boolean
}

/** So many pictures are worked on at once… */
const concurrency = 3
/** …and so many more may wait, of so many bytes in all; then clients are told to come back. */
const maxWaiting = 64
const maxWaitingBytes = 128_000_000

/** Thrown inside a transaction when a picture that was found before is gone; the caller prepares it again. */
export class PictureGone extends Error {}

export interface PicturesOptions {
  db: Database
  storage: MediaStorage
  clock: Clock
}

export type Pictures = ReturnType<typeof picturesOf>

/**
 * Pictures: stored once by content, counted by the Pins that hold them, removed when none does. While a picture's
 * files may be there in vain, the table `picture_sweeps` names it, so that no end at any moment leaves a file behind.
 */
export function picturesOf({ db, storage, clock }: PicturesOptions) {
  const store = pictureStore(db)
  const limit = pLimit(concurrency)
  const underWay = new Map<string, Promise<PreparedPicture>>()
  let bytesUnderWay = 0

  /** Makes and stores a picture, unless the same is stored already. Throws `imageInvalid`, or a 429 when too many wait. */
  async function prepare(bytes: Buffer): Promise<PreparedPicture> {
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
  }

  /** Where the other process puts the files of a picture, if it can. */
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

  /**
   * Gives a prepared picture to one more Pin, in the transaction that writes the Pin. What it returns is the picture
   * to show: another one's, if somebody stored the same meanwhile. Throws `PictureGone`.
   */
  async function use(tx: Tx, { row, isNew }: PreparedPicture): Promise<PictureRow> {
    const stored = await store.addUse(tx, row.content_hash)
    if (stored) return stored
    if (!isNew || !(await store.claim(tx, row.key))) throw new PictureGone()
    await store.insert(tx, row)
    return row
  }

  /** Gives a picture that a Pin shows to one more. */
  async function share(tx: Tx, key: string): Promise<PictureRow> {
    const row = await store.addUseByKey(tx, key)
    if (!row) throw new PictureGone()
    return row
  }

  /** Takes a picture from `count` Pins, in the transaction that removes them. Follow it with `sweep` when it is over. */
  async function release(tx: Tx, key: string, count = 1): Promise<void> {
    const uses = await store.dropUses(tx, key, count)
    if (uses <= 0) await store.queueSweep(tx, key, clock.now())
  }

  /** Removes the files of those of `keys` that no Pin holds. */
  async function sweep(keys: Iterable<string>): Promise<void> {
    for (const key of new Set(keys)) {
      const unused = await db.write(async (tx) => {
        await store.deleteUnused(tx, key)
        const used = await store.exists(tx, key)
        if (used) await store.unqueueSweep(tx, key)
        else await store.markRemoving(tx, key)
        return !used
      })
      if (!unused) continue
      await storage.remove(key)
      await db.write((tx) => store.unqueueSweep(tx, key))
    }
  }

  /** Sweeps what an earlier process left behind: everything that was queued `ageMs` ago or longer. */
  async function sweepLeftovers(ageMs: number): Promise<void> {
    const latest = clock.now() - ageMs
    for (let keys = await store.queuedBefore(latest); keys.length > 0; keys = await store.queuedBefore(latest))
      await sweep(keys)
  }

  /** Removes the files of all pictures: for a database that is about to be thrown away. */
  async function removeAllFiles(): Promise<void> {
    for (const key of await store.queuedBefore(Number.MAX_SAFE_INTEGER)) await storage.remove(key)
    for await (const { key } of pictureCatalog(db, storage).all()) await storage.remove(key)
  }

  /** Notes files that are about to be written, or are no longer used: what has this key is removed unless it is trusted. */
  const doubt = (tx: Tx, key: string): Promise<void> => store.queueSweep(tx, key, clock.now())

  /** Takes it back, in the transaction that uses the files. Throws when they are being removed. */
  async function trust(tx: Tx, key: string): Promise<void> {
    if (!(await store.claim(tx, key))) throw new PictureGone()
  }

  return { removeAllFiles, doubt, trust, prepare, use, share, release, sweep, sweepLeftovers, byKey: store.byKey }
}
