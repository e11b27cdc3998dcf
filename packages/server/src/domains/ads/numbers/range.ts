import type { ErrorName, Granularity } from '@pinfold/contract'
import { ApiError } from '../../../core/errors.ts'
import { type DayRange, dayAt, dayText, maxRangeDays, parseTime } from '../../analytics/days.ts'

/** How far ranges reach. */
export interface Reach {
  /** They begin at most this many days back, … */
  back: number
  /** … and have at most this many days after the first. */
  long: number
}

/** How far numbers by the hour reach. */
export const hourlyReach: Reach = { back: 8, long: 3 }

/** Returns how far analytics reach. `isWholeAccount`: those of an ad account as a whole. */
export function analyticsReach(granularity: Granularity, isWholeAccount: boolean): Reach {
  if (granularity !== 'HOUR') return { back: maxRangeDays, long: maxRangeDays }
  return isWholeAccount ? { ...hourlyReach, long: hourlyReach.back } : hourlyReach
}

/** The days that a query asks for, and what they are made into. */
export interface RangeQuery {
  start_date: string
  end_date: string
  granularity: Granularity
}

/** What a range is read for. */
interface RangeOptions {
  now: number
  /** How far it may reach. */
  reach: Reach
  /** The error of a range that is refused. */
  problem: ErrorName
}

/** Returns the days that a query asks for. Throws `problem` when there is no such range. */
export function readAdRange(
  { start_date: start, end_date: end, granularity }: RangeQuery,
  { now, reach: { back, long }, problem }: RangeOptions,
): DayRange {
  const refuse = (detail: string) => new ApiError(problem, { detail })
  const dayOf = (name: string, text: string): number => {
    const at = parseTime(text)
    if (at === undefined) throw refuse(`'${name}': '${text.slice(0, 50)}' is not a date. Use YYYY-MM-DD.`)
    return dayAt(at)
  }
  const [first, last, today] = [dayOf('start_date', start), dayOf('end_date', end), dayAt(now)]
  const by = granularity === 'HOUR' ? ' by the hour' : ''
  if (last < first) throw refuse(`'end_date' (${dayText(last)}) must not be before 'start_date' (${dayText(first)}).`)
  if (first > today) throw refuse(`'start_date' must not be after today, which is ${dayText(today)} in UTC.`)
  if (first < today - back)
    throw refuse(`You can only get data from the last ${back} days${by}: from ${dayText(today - back)} on.`)
  if (last - first > long)
    throw refuse(
      `'end_date' must be at most ${long} days after 'start_date'${by}: ${dayText(first + long)} or earlier.`,
    )
  return { first, last }
}

const hoursOfDay = 24
/** The first of January 1970 was a Thursday. */
const mondayBefore = (day: number): number => day - ((day + 3) % 7)

/** Returns the time of a row that a day or an hour is in, as `DATE` has it; undefined for TOTAL. */
export function periodOf(time: number, granularity: Granularity): string | undefined {
  if (granularity === 'TOTAL') return undefined
  if (granularity === 'HOUR')
    return `${dayText(Math.floor(time / hoursOfDay))}T${String(time % hoursOfDay).padStart(2, '0')}:00:00`
  if (granularity === 'WEEK') return dayText(mondayBefore(time))
  return granularity === 'MONTH' ? `${dayText(time).slice(0, 7)}-01` : dayText(time)
}
