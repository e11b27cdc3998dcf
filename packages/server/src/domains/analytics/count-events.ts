import type { AdEvent, CountedAds } from './counted-ads.ts'
import type { CountedPin, CountedPins } from './counted-pins.ts'
import type { Counting } from './counting/counting.ts'
import { Tally } from './counting/tally.ts'
import { addEvent, type CheckedEvent } from './events.ts'
import { noteVisits } from './follows.ts'
import type { KnownKeys } from './known-events.ts'
import type { Receipt } from './receipt.ts'
import type { AnalyticsStore, Tx } from './store.ts'

/** The dependencies of counting events. */
export interface CountEventsParts {
  store: Pick<AnalyticsStore, 'profileVisits'>
  counting: Pick<Counting, 'add'>
  pins: CountedPins
  ads: Pick<CountedAds, 'add'>
}

const nothing: Receipt = { received: 0, counted: 0, duplicates: 0, repeated: 0, own: 0, crawlers: 0, unknown: 0 }

/** An event with the receipt of its batch. */
interface Candidate {
  event: CheckedEvent
  receipt: Receipt
}

/** Counts batches of events, and returns their receipts. `keys`: the known events, to which these are added. */
export async function countEvents(
  { store, counting, pins: countedPins, ads }: CountEventsParts,
  tx: Tx,
  batches: readonly (readonly CheckedEvent[])[],
  keys: KnownKeys,
): Promise<Receipt[]> {
  const ids = new Set(batches.flatMap((events) => events.map(({ pinId }) => pinId)))
  const pins = new Map((await countedPins.countedInPublic(tx, [...ids])).map((pin) => [pin.id, pin]))
  const receipts = batches.map((events) => ({ ...nothing, received: events.length }))
  const candidates = receipts.flatMap((receipt, i) => candidatesIn(batches[i] ?? [], receipt, pins))

  await keys.look(candidates.map(({ event }) => event.key))
  const first = candidates.filter(({ event, receipt }) => {
    const isFirst = keys.take(event.key)
    if (!isFirst) receipt.duplicates++
    return isFirst
  })
  await keys.look(first.flatMap(({ event }) => event.impressionKey ?? []))

  const tally = new Tally()
  const adEvents: AdEvent[] = []
  for (const { event, receipt } of first)
    if (event.impressionKey !== undefined && !keys.take(event.impressionKey)) receipt.repeated++
    else {
      receipt.counted++
      addEvent(tally, event)
      if (event.forAd !== undefined) {
        adEvents.push(event.forAd)
        receipt.counted_for_ads = (receipt.counted_for_ads ?? 0) + 1
      }
    }
  await counting.add(tx, tally, pins)
  if (adEvents.length > 0) await ads.add(tx, adEvents)
  await noteVisits(
    store,
    tx,
    first.map(({ event }) => event),
    pins,
  )
  await keys.write()
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
