import type { Clock } from '../../../core/clock.ts'
import { invalid } from '../../../core/errors.ts'
import { dayMs, parseTime } from '../../analytics/days.ts'

const hourMs = 3_600_000
/** How long after its end, in UTC, the numbers of a day stand; those of conversions come later. */
const readyAfterMs = 6 * hourMs
const conversionsReadyAfterMs = 12 * hourMs

/** Which numbers of a day stand. */
export interface ReadyState {
  /** Whether those of conversions do. */
  conversions: boolean
  /** Whether all others do. */
  others: boolean
}

/** Returns which numbers of a day, `YYYY-MM-DD` in UTC, stand by now. Throws when there is no such day. */
export function metricsReadyState(date: string, clock: Clock): ReadyState {
  const midnight = parseTime(date)
  if (midnight === undefined) throw invalid(`'date' must be a day that there is, as YYYY-MM-DD.`)
  const sinceEnd = clock.now() - (midnight + dayMs)
  return { conversions: sinceEnd >= conversionsReadyAfterMs, others: sinceEnd >= readyAfterMs }
}
