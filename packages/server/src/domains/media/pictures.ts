import type { Clock } from '../../core/clock.ts'
import type { Database } from '../../db/database.ts'
import type { MediaStorage } from '../../storage/storage.ts'
import { type ColumnRenditions, columnRenditions } from './column-renditions.ts'
import { type StoredLooks, storedLooks } from './look-at-stored.ts'
import type { CostLimit } from './picture-task.ts'
import { type PicturePreparer, type PreparedPicture, picturePreparer } from './prepare-pictures.ts'
import { type FileSharer, fileSharer } from './share-files.ts'
import { type SmallPictures, smallPictures } from './small-pictures.ts'
import { type PictureRow, pictureStore, type Tx } from './store.ts'
import { type IsHeld, type PictureSweeper, pictureSweeper } from './sweep-pictures.ts'

export { noteMade } from './made-before.ts'
export type { PreparedPicture } from './prepare-pictures.ts'
export type { Crop, SmallPicture } from './small-picture.ts'
export type { PictureRow } from './store.ts'
export type { IsHeld } from './sweep-pictures.ts'

/** Thrown in a transaction when a prepared picture is gone; the caller prepares it again. */
export class PictureGone extends Error {}

/**
 * Pictures: each account's are stored once per content, counted by the Pins that use them, and removed when none does.
 * While a picture's files may be unused, the table `picture_sweeps` lists it, so that no crash leaves a file behind.
 */
export interface Pictures
  extends PicturePreparer,
    PictureSweeper,
    FileSharer,
    ColumnRenditions,
    StoredLooks,
    SmallPictures {
  /**
   * Assigns a prepared picture to one more Pin, in the transaction that writes the Pin. Returns the picture to show:
   * another one, if the same was stored meanwhile. Throws `PictureGone`.
   */
  use(tx: Tx, prepared: PreparedPicture): Promise<PictureRow>
  /** Assigns the picture of a Pin to one more Pin, in the transaction that writes it. Throws `PictureGone`. */
  share(tx: Tx, key: string): Promise<PictureRow>
  /** Removes a picture from `count` Pins, in the transaction that deletes them. Call `sweep` after the transaction. */
  release(tx: Tx, key: string, count?: number): Promise<void>
  /** Returns a picture by its key; undefined if there is none. */
  byKey(key: string): Promise<PictureRow | undefined>
  /** Returns by their keys what pictures were made of: those of the same bytes have the same. */
  sourcesOf(keys: readonly string[]): Promise<Map<string, string>>

  /**
   * Records that files are about to be written, or no longer used: they are removed unless `trust` is called with their
   * key.
   */
  doubt(tx: Tx, key: string): Promise<void>
  /** Undoes `doubt`, in the transaction that uses the files. Throws `PictureGone` when they are being removed. */
  trust(tx: Tx, key: string): Promise<void>
}

export interface PicturesOptions {
  db: Database
  storage: MediaStorage
  clock: Clock
  /** A secret of the installation. */
  key: Buffer
  /** The cost limit of a picture. Default: `pictureLimits.cost`. */
  pictureCost?: CostLimit | undefined
  /** Returns whether a copy of the data needs the files under a key, so that they stay. Default: there are no copies. */
  isHeld?: IsHeld | undefined
}

/** Makes the domain of pictures over a database and a storage. */
export function picturesOf(options: PicturesOptions): Pictures {
  const { db, clock } = options
  const store = pictureStore(db)
  const sweeper = pictureSweeper({ ...options, store })
  const { note, shareEqualFiles } = fileSharer(store, options.storage)
  const { prepare } = picturePreparer({ ...options, store, sweep: sweeper.sweep, note })
  const doubt = (tx: Tx, key: string) => store.queueSweep(tx, key, clock.now())

  return {
    ...sweeper,
    ...columnRenditions({ ...options, store, sweep: sweeper.sweep }),
    ...smallPictures(options),
    prepare,
    shareEqualFiles,
    ...storedLooks({ ...options, store }),

    async use(tx, { row, isNew }) {
      const stored = await store.addUse(tx, row.content_hash)
      if (stored) return stored
      if (!isNew || !(await store.claim(tx, row.key))) throw new PictureGone()
      await store.insert(tx, row)
      return row
    },

    async share(tx, key) {
      const row = await store.addUseByKey(tx, key)
      if (!row) throw new PictureGone()
      return row
    },

    async release(tx, key, count = 1) {
      if ((await store.dropUses(tx, key, count)) <= 0) await doubt(tx, key)
    },

    byKey: store.byKey,
    sourcesOf: store.sourcesOf,
    doubt,

    async trust(tx, key) {
      if (!(await store.claim(tx, key))) throw new PictureGone()
    },
  }
}
