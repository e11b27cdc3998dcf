import type { EntityStatus, SummaryStatus } from '@pinfold/contract'
import { refused } from './batch.ts'

/** When something is to be shown. */
export interface Schedule {
  status: EntityStatus
  /** In Unix seconds; null: from the beginning on. */
  start_time: number | null
  /** In Unix seconds; null: without end. */
  end_time: number | null
}

/** Returns what has become of a campaign, or of an ad group for itself. `now`: milliseconds. */
export function summaryStatus({ status, start_time: start, end_time: end }: Schedule, now: number): SummaryStatus {
  if (status === 'ARCHIVED' || status === 'DRAFT' || status === 'DELETED_DRAFT') return status
  const seconds = now / 1000
  if (end !== null && end <= seconds) return 'COMPLETED'
  // The name is Pinterest's: the advertiser has paused it.
  if (status === 'PAUSED') return 'ADVERTISER_DISABLED'
  return start !== null && start > seconds ? 'NOT_STARTED' : 'RUNNING'
}

/** Returns the summary status as the answer that creates has it, where what is paused is called so. */
export const newSummaryStatus = (schedule: Schedule, now: number): SummaryStatus => {
  const found = summaryStatus(schedule, now)
  return found === 'ADVERTISER_DISABLED' ? 'PAUSED' : found
}

/** Where each status leads to. What is archived stays so, and only a draft can be deleted. */
const next: Record<EntityStatus, readonly EntityStatus[]> = {
  ACTIVE: ['ACTIVE', 'PAUSED', 'ARCHIVED'],
  PAUSED: ['ACTIVE', 'PAUSED', 'ARCHIVED'],
  ARCHIVED: ['ARCHIVED'],
  DRAFT: ['ACTIVE', 'PAUSED', 'ARCHIVED', 'DRAFT', 'DELETED_DRAFT'],
  DELETED_DRAFT: ['DELETED_DRAFT'],
}

/** Throws `Refused` when something with a status cannot get another. */
export function checkTransition(from: EntityStatus, to: EntityStatus): void {
  if (!next[from].includes(to))
    throw refused(`What is ${from} cannot become ${to}: 'status' may be ${next[from].join(', ')}.`)
}

/** Throws `Refused` when something new cannot have a status. */
export function checkFirst(status: EntityStatus): void {
  if (status === 'DELETED_DRAFT') throw refused(`'status' of something new may be ACTIVE, PAUSED, ARCHIVED, DRAFT.`)
}
