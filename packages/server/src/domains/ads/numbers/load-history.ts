import type { AdCounter } from '../../../db/ad-counters.ts'
import type { Database } from '../../../db/database.ts'
import type { RowError } from '../../analytics/history.ts'
import type { AdNumbersStore } from '../store/ad-numbers.ts'
import { AdTally, type SideCode } from './ad-tally.ts'
import { type AdHistoryChange, readAdHistory } from './history.ts'
import type { WritableAds } from './writable-ads.ts'

/** The result of loading rows of the history of ads. */
export interface AdHistoryReceipt {
  /** How many rows are in place. */
  loaded: number
  /** What is wrong with the others, in order. */
  errors: RowError[]
}

/** What loading history depends on. */
interface Parts {
  db: Database
  store: AdNumbersStore
  writable: WritableAds
}

/** Replaces numbers of past days, of ads that the account may write. */
export async function loadAdHistory(
  { db, store, writable }: Parts,
  accountId: number,
  rows: readonly unknown[],
  days: { today: number; firstDay: number },
): Promise<AdHistoryReceipt> {
  const { changes, errors } = readAdHistory(rows, days)
  const ids = [...new Set(changes.map(({ adId }) => adId))]
  const theirs = await writable(accountId, await store.ads(ids))
  const refused = changes.flatMap(({ row, adId }) =>
    theirs.has(adId) ? [] : [{ row, message: `'ad_id': ${adId} is no ad in an ad account that you manage.` }],
  )
  const wanted = changes.filter(({ adId }) => theirs.has(adId))
  await db.write(async (tx) => {
    // Others who load numbers of these ads wait until the differences are added.
    const there = new Set((await store.lockedAds(tx, [...theirs.keys()])).map(({ id }) => id))
    const tally = new AdTally()
    for (const { change, missing } of await missingOf(store, tx, wanted)) {
      const ad = theirs.get(change.adId)
      if (ad && there.has(ad.id)) tally.add(ad, { time: change.day, side: change.side }, [[change.counter, missing]])
    }
    await store.addDays(tx, tally.days())
  })
  return { loaded: wanted.length, errors: [...errors, ...refused].sort((a, b) => a.row - b.row) }
}

/** Returns what is to be added so that the numbers are the wanted ones. Of two for the same place, the later one wins. */
async function missingOf(
  store: AdNumbersStore,
  tx: Parameters<AdNumbersStore['days']>[0],
  changes: readonly AdHistoryChange[],
): Promise<{ change: AdHistoryChange; missing: number }[]> {
  const wanted = new Map(changes.map((change) => [`${placeOf(change)} ${change.counter}`, change]))
  const places = new Map(
    changes.map((change) => [placeOf(change), { entity_id: change.adId, day: change.day, side: change.side }]),
  )
  const rows = await store.days(tx, [...places.values()])
  const present = new Map(rows.map((row) => [`${row.entity_id} ${row.day} ${row.side}`, row]))
  return [...wanted.values()].flatMap((change) => {
    const missing = change.value - countOf(present.get(placeOf(change)), change.counter)
    return missing === 0 ? [] : [{ change, missing }]
  })
}

const placeOf = ({ adId, day, side }: { adId: number; day: number; side: SideCode }): string => `${adId} ${day} ${side}`
const countOf = (row: Partial<Record<AdCounter, number>> | undefined, counter: AdCounter): number => row?.[counter] ?? 0
