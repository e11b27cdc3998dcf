import { buffer } from 'node:stream/consumers'
import type { Clock } from '../../core/clock.ts'
import type { Database } from '../../db/database.ts'
import type { MediaStorage } from '../../storage/storage.ts'
import { pictureLimits } from './limits.ts'
import { makeApart } from './picture-maker.ts'
import type { CostLimit } from './picture-task.ts'
import { columnFile, columnRendition, type RenditionSizes } from './renditions.ts'
import type { PictureRow, PictureStore, Tx } from './store.ts'

/** Adds the rendition for columns to pictures that were made before there was one. */
export interface ColumnRenditions {
  /** Returns whether a picture has the rendition for columns. */
  hasColumnRendition(key: string): Promise<boolean>
  /**
   * Has the rendition for columns of a picture made in its turn, if it lacks one. Nobody waits for it. Does nothing while
   * too many wait: whoever asks again begins anew.
   */
  addColumnRendition(key: string): void
  /** Forgets those that wait, and resolves when the one that is being made is stored. */
  finishColumnRenditions(): Promise<void>
}

export interface ColumnOptions {
  db: Database
  store: PictureStore
  storage: MediaStorage
  clock: Clock
  /** Removes the files of a picture that no Pin uses. */
  sweep(keys: Iterable<string>): Promise<void>
  pictureCost?: CostLimit | undefined
}

/** At most this many wait: a wall or two. They are made one at a time, beside what people send. */
const mostWaiting = 200
/** At most this many that could not be made are remembered, so that nobody can have one tried again and again. */
const mostFailed = 10_000

const sizesOf = ({ renditions }: PictureRow): RenditionSizes => JSON.parse(renditions)
const hasOne = (row: PictureRow): boolean => columnRendition in sizesOf(row)

/** Makes the column renditions of one server. */
export function columnRenditions(options: ColumnOptions): ColumnRenditions {
  const { store } = options
  const waiting = new Set<string>()
  const failed = new Set<string>()
  let working: Promise<void> | undefined

  async function work(): Promise<void> {
    for (const key of waiting) {
      await add(key, options).catch(() => failed.size < mostFailed && failed.add(key))
      waiting.delete(key)
    }
    working = undefined
  }

  return {
    async hasColumnRendition(key) {
      const row = await store.byKey(key)
      return row !== undefined && hasOne(row)
    },

    addColumnRendition(key) {
      if (failed.has(key) || waiting.size >= mostWaiting) return
      waiting.add(key)
      working ??= work()
    },

    async finishColumnRenditions() {
      waiting.clear()
      await working
    },
  }
}

/** Makes and stores the rendition for columns from that of 600 pixels. */
async function add(key: string, { db, store, storage, clock, sweep, pictureCost }: ColumnOptions): Promise<void> {
  const row = await store.byKey(key)
  if (!row || hasOne(row)) return
  const medium = await storage.open(key, '600x.jpg')
  if (!medium) return
  const limit = pictureCost ?? pictureLimits.cost
  const { files, sizes } = await makeApart(await buffer(medium.stream), { aside: undefined, limit })
  const file = files?.find(({ name }) => name === columnFile)
  if (!file) return
  const doubt = (tx: Tx) => store.queueSweep(tx, key, clock.now())
  // Its last Pin may be deleted meanwhile: being on the list, the file goes with the others.
  await db.write(doubt)
  try {
    await storage.replace(key, file)
    const renditions = JSON.stringify({ ...sizesOf(row), [columnRendition]: sizes[columnRendition] })
    await db.write((tx) => store.setRenditions(tx, key, renditions))
  } finally {
    // Who removed the others while it was written has taken the key off the list.
    await db.write(doubt)
    await sweep([key])
  }
}
