import type { Notes } from '../installation/notes.ts'
import type { CountedPin, CountedPins } from './counted-pins.ts'
import type { Counting } from './counting/counting.ts'
import { Tally } from './counting/tally.ts'
import { addEvent, type CheckedEvent } from './events.ts'
import { noteVisits } from './follows.ts'
import type { Receipt } from './receipt.ts'
import type { AnalyticsStore, KeyTable, Tx } from './store.ts'

/** The dependencies of counting events. */
export interface CountEventsParts {
  store: Pick<AnalyticsStore, 'eventKeys' | 'profileVisits'>
  counting: Pick<Counting, 'add'>
  pins: CountedPins
  notes: Notes
}

const nothing: Receipt = { received: 0, counted: 0, duplicates: 0, repeated: 0, own: 0, crawlers: 0, unknown: 0 }

/** An event with the receipt of its batch. */
interface Candidate {
  event: CheckedEvent
  receipt: Receipt
}

/** Counts batches of events, and returns their receipts. Stores keys of events in `table`. */
export async function countEvents(
  { store, counting, pins: countedPins }: CountEventsParts,
  tx: Tx,
  batches: readonly (readonly CheckedEvent[])[],
  table: KeyTable,
): Promise<Receipt[]> {
  const ids = new Set(batches.flatMap((events) => events.map(({ pinId }) => pinId)))
  const pins = new Map((await countedPins.countedInPublic(tx, [...ids])).map((pin) => [pin.id, pin]))
  const receipts = batches.map((events) => ({ ...nothing, received: events.length }))
  const candidates = receipts.flatMap((receipt, i) => candidatesIn(batches[i] ?? [], receipt, pins))

  const fresh = await unknownOf(
    store,
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
  const freshImpressions = await unknownOf(store, tx, table, impressions)

  const tally = new Tally()
  for (const { event, receipt } of first)
    if (event.impressionKey !== undefined && !freshImpressions.delete(event.impressionKey)) receipt.repeated++
    else {
      receipt.counted++
      addEvent(tally, event)
    }
  await counting.add(tx, tally, pins)
  await noteVisits(
    store,
    tx,
    first.map(({ event }) => event),
    pins,
  )
  return receipts
}

/** Returns the events that count if they are new; adds the others to the receipt. */
function candidatesIn(
  events: readonly CheckedEvent[],
  receipt: Receipt,
  pins: ReadonlyMap<number, CountedPin>,
): Candidate[] {
  return events.flatMap((event) => {
    const why = whyNot(event, pins.get(event.pinId))
    if (!why) return { event, receipt }
    receipt[why]++
    return []
  })
}

/**
 * Returns why an event does not count, whether it is new or not. Secret Pins do not exist here, whoever claims to be
 * the viewer: anybody can write any `viewer`.
 */
function whyNot(event: CheckedEvent, pin: CountedPin | undefined): 'unknown' | 'crawlers' | 'own' | undefined {
  if (!pin) return 'unknown'
  if (event.isCrawler) return 'crawlers'
  return event.viewer === String(pin.owner_id) ? 'own' : undefined
}

/** Stores keys, and returns those that were not stored before. */
async function unknownOf(
  { eventKeys }: CountEventsParts['store'],
  tx: Tx,
  table: KeyTable,
  given: readonly number[],
): Promise<Set<number>> {
  const keys = [...new Set(given)].sort((a, b) => a - b)
  const fresh = new Set(await eventKeys.add(tx, table, keys))
  for (const key of await eventKeys.known(tx, table === 0 ? 1 : 0, keys)) fresh.delete(key)
  return fresh
}
