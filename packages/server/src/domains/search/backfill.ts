import { setImmediate as othersTurn } from 'node:timers/promises'
import type { Database } from '../../db/database.ts'
import type { PinIndex } from './pin-index.ts'
import type { SearchablePins } from './searchable-pins.ts'
import { backfillStore } from './store/backfill.ts'

/** How many Pins are added in one transaction. */
const batchSize = 100

/** Adds the Pins that were there before the index was. */
export interface SearchBackfill {
  /**
   * Adds them, newest first, until all are in the index or `signal` ends it. Others get their turns; what is done stays
   * done when it is cut off.
   */
  run(signal: AbortSignal): Promise<void>
}

export interface SearchBackfillOptions {
  db: Database
  index: PinIndex
  pins: SearchablePins
}

/** Makes what fills the index. */
export function searchBackfill({ db, index, pins }: SearchBackfillOptions): SearchBackfill {
  /** Adds some; false when there are no more. */
  const addSome = (): Promise<boolean> =>
    db.write(async (tx) => {
      const before = await backfillStore.before(tx)
      if (before === undefined) return false
      const batch = await pins.searchable(tx, before, batchSize)
      // Those that were changed since there is an index are in it.
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
