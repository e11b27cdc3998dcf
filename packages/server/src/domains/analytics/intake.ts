import type { Transaction } from 'kysely'
import { ApiError } from '../../core/errors.ts'
import type { Database } from '../../db/database.ts'
import type { Schema } from '../../db/schema.ts'
import { type countingIn, Tally } from './counting.ts'
import { dayMs } from './days.ts'
import { addEvent, type CheckedEvent } from './events.ts'
import type { analyticsStore, CountedPin } from './store.ts'

type Tx = Transaction<Schema>

/** What became of a batch. */
export interface Receipt {
  received: number
  counted: number
  duplicates: number
  repeated: number
  own: number
  crawlers: number
  unknown: number
}

interface Batch {
  events: readonly CheckedEvent[]
  resolve: (receipt: Receipt) => void
  reject: (error: unknown) => void
}

/** So many events, or one batch, are written in one transaction. */
const maxGroup = 4000
/** So many events may wait to be written. */
const maxWaiting = 50_000
/** Keys are noted in one table for so long, and then in the other: each is known for one to two such periods. */
const keyPeriodMs = dayMs

export interface IntakeOptions {
  db: Database
  store: ReturnType<typeof analyticsStore>
  counting: ReturnType<typeof countingIn>
  now: () => number
}

/**
 * Takes events in. Batches that come while others are being written are written together with the next ones, so that
 * they share a commit. A batch is counted as a whole, or not at all.
 */
export function intakeTo({ db, store, counting, now }: IntakeOptions) {
  let waiting: Batch[] = []
  let waitingEvents = 0
  let isWriting = false
  let knownPeriod: number | undefined

  /** Counts a batch. It is done when it is written. Throws a 503 when too much is waiting. */
  function take(events: readonly CheckedEvent[]): Promise<Receipt> {
    if (waitingEvents + events.length > maxWaiting)
      throw new ApiError('unavailable', { detail: 'Too many events are waiting.', headers: { 'retry-after': '1' } })
    return new Promise((resolve, reject) => {
      waiting.push({ events, resolve, reject })
      waitingEvents += events.length
      if (!isWriting) void write()
    })
  }

  async function write(): Promise<void> {
    isWriting = true
    while (waiting.length > 0) {
      const group = nextGroup()
      const period = Math.floor(now() / keyPeriodMs)
      try {
        const receipts = await db.write(async (tx) => {
          await turnKeys(tx, period)
          return count(
            tx,
            group.map(({ events }) => events),
            (period % 2) as 0 | 1,
          )
        })
        knownPeriod = period
        for (const [i, { resolve }] of group.entries()) resolve(receipts[i] as Receipt)
      } catch (error) {
        for (const { reject } of group) reject(error)
      }
    }
    isWriting = false
  }

  function nextGroup(): Batch[] {
    let size = 0
    const end = waiting.findIndex((batch, i) => {
      size += batch.events.length
      return i > 0 && size > maxGroup
    })
    const group = end === -1 ? waiting : waiting.slice(0, end)
    waiting = end === -1 ? [] : waiting.slice(end)
    for (const { events } of group) waitingEvents -= events.length
    return group
  }

  /** Empties the table of keys whose turn it is, when a new period begins. */
  async function turnKeys(tx: Tx, period: number): Promise<void> {
    if (knownPeriod === period) return
    const noted = await store.note(tx, 'event_keys_period')
    if (noted !== undefined && noted >= period) return
    await store.clearKeys(tx, (period % 2) as 0 | 1)
    // After a long pause both are old.
    if (noted !== undefined && noted < period - 1) await store.clearKeys(tx, ((period + 1) % 2) as 0 | 1)
    await store.setNote(tx, 'event_keys_period', period)
  }

  async function count(tx: Tx, batches: readonly (readonly CheckedEvent[])[], table: 0 | 1): Promise<Receipt[]> {
    const ids = new Set(batches.flatMap((events) => events.map(({ pinId }) => pinId)))
    const pins = new Map(
      (
        await store.pins(
          tx,
          [...ids].sort((a, b) => a - b),
        )
      ).map((pin) => [pin.id, pin]),
    )
    const receipts = batches.map((events) => ({ ...nothing, received: events.length }))

    const candidates: { event: CheckedEvent; receipt: Receipt }[] = []
    for (const [i, events] of batches.entries())
      for (const event of events) {
        const receipt = receipts[i] as Receipt
        const why = whyNot(event, pins.get(event.pinId))
        if (why) receipt[why]++
        else candidates.push({ event, receipt })
      }

    const fresh = await unknownOf(
      tx,
      table,
      candidates.map(({ event }) => event.key),
    )
    const first = candidates.filter(({ event, receipt }) => {
      const isFirst = fresh.delete(event.key)
      if (!isFirst) receipt.duplicates++
      return isFirst
    })
    const impressions = first.flatMap(({ event }) => event.impressionKey ?? [])
    const freshImpressions = await unknownOf(tx, table, impressions)

    const tally = new Tally()
    for (const { event, receipt } of first)
      if (event.impressionKey !== undefined && !freshImpressions.delete(event.impressionKey)) receipt.repeated++
      else {
        receipt.counted++
        addEvent(tally, event)
      }
    await counting.add(tx, tally, pins)
    return receipts
  }

  /** Those of the keys that were not noted before. They are noted now. */
  async function unknownOf(tx: Tx, table: 0 | 1, given: readonly number[]): Promise<Set<number>> {
    const keys = [...new Set(given)].sort((a, b) => a - b)
    const fresh = new Set(await store.addKeys(tx, table, keys))
    for (const key of await store.knownKeys(tx, table === 0 ? 1 : 0, keys)) fresh.delete(key)
    return fresh
  }

  return { take }
}

const nothing: Receipt = { received: 0, counted: 0, duplicates: 0, repeated: 0, own: 0, crawlers: 0, unknown: 0 }

/** Why an event does not count, whether it is new or not. */
function whyNot(event: CheckedEvent, pin: CountedPin | undefined): 'unknown' | 'crawlers' | 'own' | undefined {
  const isOwn = pin !== undefined && event.viewer === String(pin.owner_id)
  if (!pin || (pin.privacy === 'SECRET' && !isOwn)) return 'unknown'
  if (event.isCrawler) return 'crawlers'
  return isOwn ? 'own' : undefined
}
