import type { Accounts } from '../../accounts/accounts.ts'
import type { CountedPins } from '../counted-pins.ts'
import type { KeptDays } from '../counting/kept-days.ts'
import type { AnalyticsStore } from '../store.ts'

/** The dependencies of reading. */
export interface ReadingParts {
  store: AnalyticsStore
  accounts: Pick<Accounts, 'byId'>
  pins: Pick<CountedPins, 'withoutSecret'>
  kept: KeptDays
  /** Returns milliseconds. */
  now: () => number
}
