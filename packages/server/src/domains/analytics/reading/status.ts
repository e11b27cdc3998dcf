import type { DataStatus } from '@pinfold/contract'
import { dayAt } from '../days.ts'

/** How far the numbers of a day can be relied on, by whether it has any. */
export type StatusOfDay = (day: number, hasCounts: boolean) => DataStatus

/** Names of the statuses of days that came before something, or are kept no more. */
export interface StatusNames {
  before: DataStatus
  tooOld: DataStatus
}

/** Returns the status of each day of something that began at `beganAt`, in milliseconds. */
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
