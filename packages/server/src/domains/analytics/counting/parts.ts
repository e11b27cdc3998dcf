import type { AccountIds } from '../../accounts/account-ids.ts'
import type { Notes } from '../../installation/notes.ts'
import type { Outbox } from '../../webhooks/outbox.ts'
import type { AnalyticsStore } from '../store.ts'
import type { KeptDays } from './kept-days.ts'

/** The dependencies of counting. */
export interface CountingParts {
  store: AnalyticsStore
  kept: KeptDays
  notes: Notes
  accountIds: AccountIds
  outbox: Outbox
}
