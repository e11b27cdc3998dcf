import type { AdSummaryStatus, EntityStatus } from '@pinfold/contract'
import type { AdReviewStatus } from '../../db/schema.ts'
import { type Schedule, summaryStatus } from './status.ts'

/** What the summary status of an ad follows from. */
export interface StatusOfAd {
  status: EntityStatus
  review: AdReviewStatus
  /** Whether its Pin was deleted. */
  isPinDeleted: boolean
  /** Its ad group and its campaign; those that are not known are left out. */
  within: readonly Schedule[]
}

/** Returns what has become of an ad. `now`: milliseconds. */
export function adSummaryStatus({ status, review, isPinDeleted, within }: StatusOfAd, now: number): AdSummaryStatus {
  if (status === 'ARCHIVED' || status === 'DRAFT' || status === 'DELETED_DRAFT') return status
  const around = within.map((each) => summaryStatus(each, now))
  if (around.some((each) => each === 'ARCHIVED' || each === 'DELETED_DRAFT')) return 'ARCHIVED'
  if (around.includes('DRAFT')) return 'DRAFT'
  // What the advertiser has to mend comes before what they have chosen.
  if (review === 'REJECTED') return review
  if (status === 'PAUSED' || around.includes('ADVERTISER_DISABLED')) return 'ADVERTISER_DISABLED'
  if (review === 'PENDING') return review
  // It has not begun, is over, or has nothing to show.
  return isPinDeleted || around.some((each) => each !== 'RUNNING') ? 'PAUSED' : 'APPROVED'
}
