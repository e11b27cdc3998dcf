import { ApiError } from '../../core/errors.ts'
import type { Notes } from '../installation/notes.ts'
import { type CountEventsParts, countEvents } from './count-events.ts'
import { dayMs } from './days.ts'
import type { CheckedEvent } from './events.ts'
import { followedWithinMs } from './follows.ts'
import type { KnownEventsOptions, KnownKeys } from './known-events.ts'
import { inMemory } from './known-in-memory.ts'
import { inTables } from './known-in-tables.ts'
import type { Receipt } from './receipt.ts'
import type { AnalyticsStore, KeyTable, Tx } from './store.ts'

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

/** At most this many events, or one batch, are written in one transaction: others that write wait for it. */
const maxGroup = 1000
/** At most this many events may wait to be written. */
const maxWaiting = 50_000
/** At most this many groups that are counted wait for the disk. */
const maxWaitingForDisk = 8
/** Keys are stored in one table for this long, and then in the other: each is known for one to two such periods. */
const keyPeriodMs = dayMs
/** The name of the number of the current period of event keys. */
const periodNote = 'event_keys_period'

export interface IntakeOptions extends CountEventsParts, KnownEventsOptions {
  store: Pick<AnalyticsStore, 'eventKeys' | 'profileVisits'>
  notes: Notes
  now: () => number
}

/**
 * Makes the intake. Batches that arrive while others are being written go with the next ones, so that they share a
 * commit.
 */
export function intakeTo(options: IntakeOptions): Intake {
  const { db, now } = options
  const waiting = new Waiting()
  // Where this process has the database to itself; else every server looks into the tables.
  const known = db.dialect === 'sqlite' ? inMemory(options) : inTables(options)
  const turnKeys = keyTurner(options)
  let isWriting = false
  let turnedTo: number | undefined

  async function write(): Promise<void> {
    isWriting = true
    const waitingForDisk = new Set<Promise<void>>()
    for (let group = waiting.next(); group.length > 0; group = waiting.next()) {
      const { promise: committed, resolve } = Promise.withResolvers<void>()
      const written = writeGroup(group, resolve).finally(() => waitingForDisk.delete(written))
      waitingForDisk.add(written)
      // While the disk is waited for, the next group is counted.
      await Promise.race([committed, written])
      if (waitingForDisk.size >= maxWaitingForDisk) await Promise.race(waitingForDisk)
    }
    isWriting = false
  }

  /** Writes a group and answers its batches. Calls `committed` when that is certain, before it would survive power loss. */
  async function writeGroup(group: readonly Batch[], committed: () => void): Promise<void> {
    const period = Math.floor(now() / keyPeriodMs)
    let keys: KnownKeys | undefined
    try {
      await known.ready()
      const receipts = await db.write(
        async (tx) => {
          const cleared = turnedTo === period ? [] : await turnKeys(tx, period)
          keys = known.begin(tx, tableOf(period), cleared)
          return countEvents(
            options,
            tx,
            group.map(({ events }) => events),
            keys,
          )
        },
        () => {
          keys?.committed()
          turnedTo = period
          committed()
        },
      )
      for (const [i, { resolve }] of group.entries()) resolve(receipts[i] as Receipt)
    } catch (error) {
      for (const { reject } of group) reject(error)
    }
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

/**
 * Returns a function that empties the table of keys that is next, and forgets old visits, when a new period begins. It
 * returns the tables that were emptied.
 */
function keyTurner({ store, notes, now }: Pick<IntakeOptions, 'store' | 'notes' | 'now'>) {
  return async (tx: Tx, period: number): Promise<KeyTable[]> => {
    const noted = await notes.read(tx, periodNote)
    if (noted !== undefined && noted >= period) return []
    // After a long pause both tables are old.
    const isLongAgo = noted !== undefined && noted < period - 1
    const old = isLongAgo ? [tableOf(period), tableOf(period + 1)] : [tableOf(period)]
    for (const table of old) await store.eventKeys.clear(tx, table)
    await store.profileVisits.forgetBefore(tx, now() - followedWithinMs)
    await notes.write(tx, periodNote, period)
    return old
  }
}
