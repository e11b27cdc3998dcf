import { ApiError } from '../../core/errors.ts'
import type { Database } from '../../db/database.ts'
import { type CountEventsParts, countEvents } from './count-events.ts'
import { dayMs } from './days.ts'
import type { CheckedEvent } from './events.ts'
import { followedWithinMs } from './follows.ts'
import type { Receipt } from './receipt.ts'
import type { KeyTable, Tx } from './store.ts'

/** Receives events. A batch is counted as a whole, or not at all. */
export interface Intake {
  /** Counts a batch, and resolves when it is written. Throws `unavailable` when too much is waiting. */
  take(events: readonly CheckedEvent[]): Promise<Receipt>
}

interface Batch {
  events: readonly CheckedEvent[]
  resolve: (receipt: Receipt) => void
  reject: (error: unknown) => void
}

/** At most this many events, or one batch, are written in one transaction. */
const maxGroup = 4000
/** At most this many events may wait to be written. */
const maxWaiting = 50_000
/** Keys are stored in one table for this long, and then in the other: each is known for one to two such periods. */
const keyPeriodMs = dayMs
/** The name of the number of the current period of event keys. */
const periodNote = 'event_keys_period'

export interface IntakeOptions extends CountEventsParts {
  db: Database
  now: () => number
}

/**
 * Makes the intake. Batches that arrive while others are being written go with the next ones, so that they share a
 * commit.
 */
export function intakeTo(options: IntakeOptions): Intake {
  const { db, now } = options
  const waiting = new Waiting()
  const turnKeys = keyTurner(options)
  let isWriting = false
  let turnedTo: number | undefined

  async function write(): Promise<void> {
    isWriting = true
    for (let group = waiting.next(); group.length > 0; group = waiting.next()) {
      const period = Math.floor(now() / keyPeriodMs)
      try {
        const batches = group.map(({ events }) => events)
        const receipts = await db.write(async (tx) => {
          if (turnedTo !== period) await turnKeys(tx, period)
          return countEvents(options, tx, batches, tableOf(period))
        })
        turnedTo = period
        for (const [i, { resolve }] of group.entries()) resolve(receipts[i] as Receipt)
      } catch (error) {
        for (const { reject } of group) reject(error)
      }
    }
    isWriting = false
  }

  return {
    take: (events) =>
      new Promise((resolve, reject) => {
        waiting.add({ events, resolve, reject })
        if (!isWriting) void write()
      }),
  }
}

/** The batches waiting to be written, in the order of arrival. */
class Waiting {
  #batches: Batch[] = []
  #events = 0

  /** Throws `unavailable` when too much is waiting. */
  add(batch: Batch): void {
    if (this.#events + batch.events.length > maxWaiting)
      throw new ApiError('unavailable', { detail: 'Too many events are waiting.', headers: { 'retry-after': '1' } })
    this.#batches.push(batch)
    this.#events += batch.events.length
  }

  /** Removes and returns the batches for the next transaction. */
  next(): Batch[] {
    let size = 0
    const end = this.#batches.findIndex((batch, i) => {
      size += batch.events.length
      return i > 0 && size > maxGroup
    })
    const group = this.#batches.splice(0, end === -1 ? this.#batches.length : end)
    for (const { events } of group) this.#events -= events.length
    return group
  }
}

const tableOf = (period: number): KeyTable => (period % 2 === 0 ? 0 : 1)

/** Returns a function that empties the table of keys that is next, and forgets old visits, when a new period begins. */
function keyTurner({ store, notes, now }: Pick<IntakeOptions, 'store' | 'notes' | 'now'>) {
  return async (tx: Tx, period: number): Promise<void> => {
    const noted = await notes.read(tx, periodNote)
    if (noted !== undefined && noted >= period) return
    await store.eventKeys.clear(tx, tableOf(period))
    // After a long pause both tables are old.
    if (noted !== undefined && noted < period - 1) await store.eventKeys.clear(tx, tableOf(period + 1))
    await store.profileVisits.forgetBefore(tx, now() - followedWithinMs)
    await notes.write(tx, periodNote, period)
  }
}
