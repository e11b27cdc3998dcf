import type { Transaction } from 'kysely'
import { type AdCounts, adCounters } from '../../../db/ad-counters.ts'
import type { AdEntityColumns, Schema } from '../../../db/schema.ts'
import type { AdNumbersStore } from '../store/ad-numbers.ts'
import type { EntityTable } from '../store/entities.ts'
import { AdTally, type SideCode } from './ad-tally.ts'
import { countedAd } from './writable-ads.ts'

/** What has numbers. */
const kindsWithNumbers: readonly EntityTable[] = ['ads', 'ad_groups', 'campaigns']
/** The numbers of this many ads are read at a time: each may have some thousand rows. */
const adsAtOnce = 10

/** Returns what removes the numbers of things that are deleted. */
export function forgetting(store: AdNumbersStore) {
  return async (tx: Transaction<Schema>, kind: EntityTable, rows: readonly AdEntityColumns[]): Promise<void> => {
    if (!kindsWithNumbers.includes(kind)) return
    for (let from = 0; from < rows.length; from += adsAtOnce) {
      const some = rows.slice(from, from + adsAtOnce)
      if (kind === 'ads') await subtract(store, tx, some as Schema['ads'][])
      await store.remove(
        tx,
        some.map(({ id }) => id),
      )
    }
  }
}

/** Takes the numbers of ads from those of all that they are in. */
async function subtract(store: AdNumbersStore, tx: Transaction<Schema>, ads: readonly Schema['ads'][]): Promise<void> {
  const byId = new Map(ads.map((ad) => [ad.id, countedAd(ad)]))
  const [days, hours] = [new AdTally(), new AdTally()]
  const ids = [...byId.keys()]
  const take = (tally: AdTally, row: AdCounts & { entity_id: number; side: number }, time: number) => {
    const ad = byId.get(row.entity_id)
    const counts = adCounters.map((counter) => [counter, -row[counter]] as const)
    if (ad) tally.add(ad, { time, side: row.side as SideCode }, counts)
  }
  for (const row of await store.everyDay(tx, ids)) take(days, row, row.day)
  for (const row of await store.everyHour(tx, ids)) take(hours, row, row.hour)
  await store.addDays(tx, days.days())
  await store.addHours(tx, hours.hours())
}
