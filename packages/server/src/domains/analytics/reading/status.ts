import type { DataStatus } from '@pinfold/contract'
import { dayAt } from '../days.ts'

/** Returns the status of a day's numbers, depending on whether it has any. */
export type StatusOfDay = (day: number, hasCounts: boolean) => DataStatus

/** The names of the statuses of days before something existed, or that are no longer stored. */
export interface StatusNames {
  before: DataStatus
  tooOld: DataStatus
}

/** Returns the status of each day of something that exists since `beganAt`, in milliseconds. */
export function statusSince(
  beganAt: number,
  { before, tooOld }: StatusNames,
  { now, firstKeptDay }: { now: number; firstKeptDay: number },
): StatusOfDay {
  const [today, firstDay] = [dayAt(now), dayAt(beganAt)]
  return (day, hasCounts) => {
    if (day >= today) return 'PROCESSING'
    if (day < firstKeptDay) return tooOld
    return day < firstDay && !hasCounts ? before : 'READY'
  }
}
