import type { Accounts } from '../../accounts/accounts.ts'
import type { CountedPins } from '../counted-pins.ts'
import type { KeptDays } from '../counting/kept-days.ts'
import type { AnalyticsStore } from '../store.ts'

/** The dependencies of reading. */
export interface ReadingParts {
  /** What it returns may be some seconds old. */
  store: AnalyticsStore
  /** Returns a number that changes when the store may begin to return an older state, or a newer one. */
  source: () => number
  accounts: Pick<Accounts, 'byId'>
  pins: Pick<CountedPins, 'withoutSecret'>
  kept: KeptDays
  /** Returns milliseconds. */
  now: () => number
}
