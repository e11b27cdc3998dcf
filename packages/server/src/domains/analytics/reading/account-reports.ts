import { accountMetrics } from '@pinfold/contract'
import { accountCounters } from '../../../db/counters.ts'
import { type DayRange, dayAt, readRange } from '../days.ts'
import { countersFor } from '../metrics.ts'
import { type AppRange, appRangeOf, appsIn, type Report, reportOver } from '../reports.ts'
import { type AccountFilter, readFilter, type SliceFilter, unionsFor } from '../slices.ts'
import type { AnalyticsStore, DaySums, Window } from '../store.ts'
import type { AnalyticsViewer } from '../viewer.ts'
import type { ReadingParts } from './parts.ts'
import type { AccountQuery } from './queries.ts'
import { statusSince } from './status.ts'

/** The analytics of accounts: sums over all their Pins. */
export interface AccountReports {
  /**
   * Returns the analytics of the viewer's account, with its parts by name. Throws a 400 for an invalid query, and
   * `userNotFound`.
   */
  ofAccount(viewer: AnalyticsViewer, query: AccountQuery): Promise<Record<string, Report>>
  /** Returns how often the Pins of the viewer's account were seen in the last 30 days. */
  monthlyViews(viewer: AnalyticsViewer): Promise<number>
}

const statusNames = { before: 'BEFORE_BUSINESS_CREATED', tooOld: 'BEFORE_DATA_RETENTION_PERIOD' } as const

/** Makes the reports on accounts. */
export function accountReports({ store, accounts, kept, now }: ReadingParts): AccountReports {
  return {
    async ofAccount(viewer, query) {
      const range = readRange(query, now())
      const metrics = query.metric_types?.length ? query.metric_types : accountMetrics
      const columns = countersFor(metrics)
      const { created_at: createdAt } = await accounts.byId(viewer.accountId)
      const statusOf = statusSince(createdAt, statusNames, { now: now(), firstKeptDay: kept.firstKeptDay() })
      const counted = range.first < dayAt(createdAt) ? await countedDays(store, viewer, range) : undefined
      const status = (day: number) => statusOf(day, counted?.has(day) ?? false)
      const reports: Record<string, Report> = {}
      for (const { name, filter, apps } of partsOf(query)) {
        const rows = filter ? await daysOf(store, viewer, filter, { ...range, ...apps }) : []
        reports[name] = reportOver(range, rows, columns, metrics, status)
      }
      return reports
    },
    async monthlyViews(viewer) {
      const last = dayAt(now())
      const rows = await daysOf(store, viewer, {}, { first: last - 29, last, ...appRangeOf() })
      return rows.reduce((sum, row) => sum + (row.impressions ?? 0), 0)
    },
  }
}

/** Returns the days of the viewer's account, over the Pins that it may see. A day may occur more than once. */
async function daysOf(
  { accountDays }: Pick<AnalyticsStore, 'accountDays'>,
  { accountId, secret }: AnalyticsViewer,
  filter: SliceFilter,
  window: Window,
): Promise<DaySums[]> {
  const unions = unionsFor(filter, secret !== 'none')
  return (await Promise.all(unions.map((union) => accountDays.days(accountId, union, window)))).flat()
}

/** Returns the days with any counts. A day before the account was made counts if it has history. */
async function countedDays(store: AnalyticsStore, viewer: AnalyticsViewer, range: DayRange): Promise<Set<number>> {
  const rows = await daysOf(store, viewer, {}, { ...range, ...appRangeOf() })
  return new Set(rows.filter((row) => accountCounters.some((counter) => (row[counter] ?? 0) > 0)).map(({ day }) => day))
}

/** A part of an account's numbers. */
interface AccountPart {
  name: string
  /** Undefined if the part is empty. */
  filter: SliceFilter | undefined
  apps: AppRange
}

/** Returns the parts that `split_field` asks for, under the names of the filter's values; first the whole. */
function partsOf(query: AccountQuery): AccountPart[] {
  const filter = readFilter(query)
  const apps = appRangeOf(query.app_types)
  const part = (name: string, more: AccountFilter): AccountPart => {
    const overlaps = Object.entries(more).every(([field, value]) => {
      const given = query[field as keyof AccountFilter]
      return given === undefined || given === 'ALL' || given === 'BOTH' || given === value
    })
    return { name, filter: filter && overlaps ? readFilter({ ...query, ...more }) : undefined, apps }
  }
  const all = { name: 'all', filter, apps }
  switch (query.split_field) {
    case 'APP_TYPE':
      return [all, ...appsIn(apps).map(([name, range]) => ({ name, filter, apps: range }))]
    case 'OWNED_CONTENT':
      return [all, ...(['CLAIMED', 'OTHER'] as const).map((name) => part(name, { from_claimed_content: name }))]
    case 'SOURCE':
      return [all, ...(['YOUR_PINS', 'OTHER_PINS'] as const).map((name) => part(name, { source: name }))]
    case 'PIN_FORMAT':
      return [all, ...(['ORGANIC_IMAGE', 'ORGANIC_VIDEO'] as const).map((name) => part(name, { pin_format: name }))]
    default:
      return [all]
  }
}
