import type { Database } from '../../db/database.ts'
import { type AccountDaysStore, accountDaysStore } from './store/account-days.ts'
import { type EventKeysStore, eventKeysStore } from './store/event-keys.ts'
import { type PinCountsStore, pinCountsStore } from './store/pin-counts.ts'
import { type PinSumsStore, pinSumsStore } from './store/pin-sums.ts'
import { type ProfileVisitsStore, profileVisitsStore } from './store/profile-visits.ts'
import { type TopPinsStore, topPinsStore } from './store/top-pins.ts'

export type { KeyTable } from './store/event-keys.ts'
export type { ProfileVisitRow } from './store/profile-visits.ts'
export type { AccountDayRow, DaySums, PinBlockRow, PinDayRow, TopPinRow, Tx, Window } from './store/rows.ts'
export type { TopList, TopPlace } from './store/top-pins.ts'

/** The SQL of analytics: counts and sums over them. */
export interface AnalyticsStore {
  pinCounts: PinCountsStore
  pinSums: PinSumsStore
  accountDays: AccountDaysStore
  topPins: TopPinsStore
  eventKeys: EventKeysStore
  profileVisits: ProfileVisitsStore
}

/** Makes the store over `db`. */
export function analyticsStore(db: Database): AnalyticsStore {
  return {
    pinCounts: pinCountsStore(db),
    pinSums: pinSumsStore(db),
    accountDays: accountDaysStore(db),
    topPins: topPinsStore(db),
    eventKeys: eventKeysStore(db),
    profileVisits: profileVisitsStore(db),
  }
}
