import { setImmediate as othersTurn } from 'node:timers/promises'
import type { Database } from '../../db/database.ts'
import type { PinIndex } from './pin-index.ts'
import type { SearchablePins } from './searchable-pins.ts'
import { backfillStore } from './store/backfill.ts'

/** The number of Pins added in one transaction. */
const batchSize = 100

/** Adds the Pins that are older than the index. */
export interface SearchBackfill {
  /**
   * Adds them, newest first, until all are in the index or `signal` is aborted. Others get their turns; an interrupted
   * run keeps its progress.
   */
  run(signal: AbortSignal): Promise<void>
}

export interface SearchBackfillOptions {
  db: Database
  index: PinIndex
  pins: SearchablePins
}

/** Makes the backfill. */
export function searchBackfill({ db, index, pins }: SearchBackfillOptions): SearchBackfill {
  /** Adds some; false when none is left. */
  const addSome = (): Promise<boolean> =>
    db.write(async (tx) => {
      const before = await backfillStore.before(tx)
      if (before === undefined) return false
      const batch = await pins.searchable(tx, before, batchSize)
      // Pins that were changed since the index exists are already in it.
      await index.remove(
        tx,
        batch.map(({ id }) => id),
      )
      await index.add(tx, batch)
      const last = batch.at(-1)
      if (last) await backfillStore.setBefore(tx, last.id)
      else await backfillStore.done(tx)
      return last !== undefined
    })

  return {
    async run(signal) {
      while (!signal.aborted && (await addSome())) await othersTurn()
    },
  }
}
