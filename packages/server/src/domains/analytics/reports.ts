import { type AppType, appTypes, type DataStatus, type Metric } from '@pinfold/contract'
import type { Counts } from '../../db/counters.ts'
import { type DayRange, dayText } from './days.ts'
import { appCodes, type Counter, valuesOf } from './metrics.ts'
import type { StatusOfDay } from './reading/status.ts'
import type { DaySums } from './store.ts'

export interface DailyMetrics {
  date: string
  data_status: DataStatus
  metrics: Record<string, number>
}

/** Numbers by day, and over all days. */
export interface Report {
  daily_metrics: DailyMetrics[]
  summary_metrics: Record<string, number>
}

/** App types from the first to the last, by their stored codes. */
export interface AppRange {
  firstApp: number
  lastApp: number
}

/** Returns the app types that a query asks for. */
export function appRangeOf(app: 'ALL' | AppType = 'ALL'): AppRange {
  return app === 'ALL' ? { firstApp: 0, lastApp: 2 } : { firstApp: appCodes[app], lastApp: appCodes[app] }
}

/** Returns each app type of a range separately. */
export const appsIn = ({ firstApp, lastApp }: AppRange): [AppType, AppRange][] =>
  appTypes.filter((app) => appCodes[app] >= firstApp && appCodes[app] <= lastApp).map((app) => [app, appRangeOf(app)])

/**
 * Returns the report over every day of a range, from rows of the days with counts. `status` returns how reliable a
 * day's numbers are, depending on whether it has any.
 */
export function reportOver(
  range: DayRange,
  rows: readonly DaySums[],
  columns: readonly Counter[],
  metrics: readonly Metric[],
  status: StatusOfDay,
): Report {
  const days = new Map<number, Partial<Counts>>()
  const total: Partial<Counts> = {}
  for (const row of rows) {
    const day = days.get(row.day)
    if (day) addUp(day, row, columns)
    else days.set(row.day, { ...row })
    addUp(total, row, columns)
  }
  const daily: DailyMetrics[] = []
  for (let day = range.first; day <= range.last; day++) {
    const counts = days.get(day) ?? {}
    const hasCounts = columns.some((column) => (counts[column] ?? 0) > 0)
    const dataStatus = status(day, hasCounts)
    const values = hadNobody(dataStatus) ? {} : valuesOf(metrics, counts)
    daily.push({ date: dayText(day), data_status: dataStatus, metrics: values })
  }
  const isBefore = daily.every(({ data_status: dataStatus }) => hadNobody(dataStatus))
  return { daily_metrics: daily, summary_metrics: isBefore ? {} : valuesOf(metrics, total) }
}

/** Returns whether the account did not exist yet: then Pinterest omits the numbers, where others have zeros. */
const hadNobody = (status: DataStatus): boolean => status === 'BEFORE_BUSINESS_CREATED'

function addUp(sum: Partial<Counts>, row: Partial<Counts>, columns: readonly Counter[]): void {
  for (const column of columns) sum[column] = (sum[column] ?? 0) + (row[column] ?? 0)
}
