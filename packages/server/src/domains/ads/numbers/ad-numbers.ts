import type { Transaction } from 'kysely'
import type { Clock } from '../../../core/clock.ts'
import type { Database } from '../../../db/database.ts'
import type { AdEntityColumns, Schema } from '../../../db/schema.ts'
import type { AdAccounts } from '../../ad-accounts/ad-accounts.ts'
import type { AdEvent, CountedAds } from '../../analytics/counted-ads.ts'
import { dayAt } from '../../analytics/days.ts'
import { type AdNumbersStore, adNumbersStore } from '../store/ad-numbers.ts'
import type { EntityTable } from '../store/entities.ts'
import { AdTally, sideCodes } from './ad-tally.ts'
import { forgetting } from './forget.ts'
import { type AdHistoryReceipt, loadAdHistory } from './load-history.ts'
import { writableAds } from './writable-ads.ts'

/** The numbers of ads, and of all that they are in, by day and by hour. They are written together, so they always agree. */
export interface AdNumbers extends CountedAds {
  /**
   * Replaces numbers of past days of ads, in ad accounts that the account manages. Rows that are wrong are reported, and the
   * others loaded.
   */
  loadHistory(accountId: number, rows: readonly unknown[]): Promise<AdHistoryReceipt>
  /**
   * Removes the numbers of what is deleted, in the same transaction: those of ads from all that they were in as well.
   */
  forget(tx: Transaction<Schema>, kind: EntityTable, rows: readonly AdEntityColumns[]): Promise<void>
}

/** What the numbers of ads depend on. */
export interface AdNumbersOptions {
  /** The database. */
  db: Database
  /** The clock. */
  clock: Clock
  /** Who manages which ad accounts. */
  adAccounts: Pick<AdAccounts, 'adAccountFor'>
}

/** Days are kept for this long: reports go back 914 days. */
export const keptAdDays = 920
/** Hours are kept for this long: analytics by the hour go back 8 days. */
export const keptAdHours = 10 * 24
const hoursOfDay = 24
const hourMs = 3_600_000

/** Makes the numbers of ads. */
export function adNumbersOf({ db, clock, adAccounts }: AdNumbersOptions): AdNumbers {
  const store = adNumbersStore(db)
  const writable = writableAds(adAccounts)
  const firstDay = () => dayAt(clock.now()) - keptAdDays
  const firstHour = () => Math.floor(clock.now() / hourMs) - keptAdHours

  return {
    writableBy: async (accountId, ids) => writable(accountId, await store.ads(ids)),
    add: (tx, events) => addEvents(store, tx, events, firstHour()),
    forget: forgetting(store),
    expireSome: (tx) => store.removeSome(tx, { day: firstDay(), hour: firstHour() }),
    loadHistory: (accountId, rows) =>
      loadAdHistory({ db, store, writable }, accountId, rows, { today: dayAt(clock.now()), firstDay: firstDay() }),
  }
}

async function addEvents(
  store: AdNumbersStore,
  tx: Parameters<CountedAds['add']>[0],
  events: readonly AdEvent[],
  firstHour: number,
): Promise<void> {
  // One may have been deleted since it was looked up.
  const ids = [...new Set(events.map(({ ad }) => ad.id))]
  const there = new Set((await store.lockedAds(tx, ids)).map(({ id }) => id))
  const [days, hours] = [new AdTally(), new AdTally()]
  for (const { ad, isEarned, hour, counts } of events) {
    if (!there.has(ad.id)) continue
    const side = isEarned ? sideCodes.earned : sideCodes.paid
    days.add(ad, { time: Math.floor(hour / hoursOfDay), side }, counts)
    if (hour >= firstHour) hours.add(ad, { time: hour, side }, counts)
  }
  await store.addDays(tx, days.days())
  await store.addHours(tx, hours.hours())
}
