import { setImmediate as othersTurn } from 'node:timers/promises'
import type { Transaction } from 'kysely'
import type { Database } from '../../db/database.ts'
import type { Schema } from '../../db/schema.ts'
import type { Pictures } from '../media/pictures.ts'
import type { LookedPin, LookIndex } from './look-index.ts'
import { pinLookText } from './pin-look.ts'

/** The number of Pins that are looked at before they are written, in one transaction. */
const batchSize = 20

/** Pins that nobody has looked at yet. */
export interface UnlookedPins {
  /** Returns some, newest first: with ids below `before`, `count` at most. */
  withoutLook(before: number, count: number): Promise<Pick<Schema['pins'], 'id' | 'picture_key'>[]>
  /** Keeps what a Pin looks like. Returns it, or undefined if it is gone or somebody did so meanwhile. */
  setLook(tx: Transaction<Schema>, id: number, look: string): Promise<LookedPin | undefined>
}

/** Looks at the Pins that are older than the index. */
export interface LookBackfill {
  /** Looks at them, newest first, until none is left or `signal` is aborted. What was done stays done. */
  run(signal: AbortSignal): Promise<void>
}

export interface LookBackfillOptions {
  db: Database
  looks: LookIndex
  pins: UnlookedPins
  pictures: Pick<Pictures, 'withLooks'>
}

/** Makes the backfill. */
export function lookBackfill({ db, looks, pins, pictures }: LookBackfillOptions): LookBackfill {
  return {
    async run(signal) {
      for (let before = Number.MAX_SAFE_INTEGER; !signal.aborted; ) {
        const batch = await pins.withoutLook(before, batchSize)
        const last = batch.at(-1)
        if (!last) return
        const rows = await pictures.withLooks(batch.map(({ picture_key }) => picture_key))
        await db.write(async (tx) => {
          const looked: LookedPin[] = []
          // In the order of their ids, as everybody locks them.
          for (const { id, picture_key } of batch.toReversed()) {
            const text = pinLookText(rows.get(picture_key))
            const pin = text === null ? undefined : await pins.setLook(tx, id, text)
            if (pin) looked.push(pin)
          }
          await looks.add(tx, looked)
        })
        before = last.id
        await othersTurn()
      }
    },
  }
}
