import type { Clock } from '../../core/clock.ts'
import type { Database } from '../../db/database.ts'
import type { MediaStorage } from '../../storage/storage.ts'
import { pictureCatalog } from './picture-catalog.ts'
import type { PictureStore } from './store.ts'

/** Removes files that no Pin uses. */
export interface PictureSweeper {
  /** Removes the files of those `keys` that no Pin uses, of those on the list. */
  sweep(keys: Iterable<string>): Promise<void>
  /** Sweeps what an earlier process left behind: all keys on the list for `ageMs` or longer. */
  sweepLeftovers(ageMs: number): Promise<void>
  /** Removes the files of all pictures, before their database is discarded. */
  removeAllFiles(): Promise<void>
}

export interface SweeperOptions {
  db: Database
  store: PictureStore
  storage: MediaStorage
  clock: Clock
  /** Returns whether somebody else needs the files under a key, so that they stay. Default: nobody does. */
  isHeld?: IsHeld | undefined
}

/** Returns whether a copy of the data needs the files under a key. */
export type IsHeld = (key: string) => Promise<boolean>

/** Makes the sweeper of one server. */
export function pictureSweeper({ db, store, storage, clock, isHeld }: SweeperOptions): PictureSweeper {
  const sweep: PictureSweeper['sweep'] = async (keys) => {
    for (const key of new Set(keys)) {
      const isUnused = await db.write(async (tx) => {
        // First of all, so that this waits for whoever is about to commit the use of the key, which takes it off the list. That
        // may be this server, over a connection that broke.
        if (!(await store.markRemoving(tx, key))) return false
        await store.deleteUnused(tx, key)
        const isUsed = await store.exists(tx, key)
        if (isUsed) await store.unqueueSweep(tx, key)
        return !isUsed
      })
      if (!isUnused) continue
      if (!(await isHeld?.(key))) await storage.remove(key)
      await db.write((tx) => store.unqueueSweep(tx, key))
    }
  }

  return {
    sweep,

    async sweepLeftovers(ageMs) {
      const latest = clock.now() - ageMs
      for (let keys = await store.queuedBefore(latest); keys.length > 0; keys = await store.queuedBefore(latest))
        await sweep(keys)
    },

    async removeAllFiles() {
      for (const key of await store.queuedBefore(Number.MAX_SAFE_INTEGER)) await storage.remove(key)
      for await (const { key } of pictureCatalog(db, storage).all()) await storage.remove(key)
    },
  }
}
