import { accountMetrics } from '@pinfold/contract'
import { dayAt, readRange } from '../days.ts'
import { countersFor } from '../metrics.ts'
import { type AppRange, appRangeOf, appsIn, type Report, reportOver } from '../reports.ts'
import { type AccountFilter, readFilter, type SliceFilter, unionOf } from '../slices.ts'
import type { ReadingParts } from './parts.ts'
import type { AccountQuery } from './queries.ts'
import { statusSince } from './status.ts'

/** The analytics of accounts: sums over all their Pins. */
export interface AccountReports {
  /**
   * Returns the analytics of an account, with its parts by their names. Throws a 400 when the query is not one that can
   * be answered, and `userNotFound`.
   */
  ofAccount(accountId: number, query: AccountQuery): Promise<Record<string, Report>>
  /** Returns how often the Pins of an account were seen in the last 30 days. */
  monthlyViews(accountId: number): Promise<number>
}

const statusNames = { before: 'BEFORE_BUSINESS_CREATED', tooOld: 'BEFORE_DATA_RETENTION_PERIOD' } as const

/** Makes what reports on accounts. */
export function accountReports({ store, accounts, kept, now }: ReadingParts): AccountReports {
  return {
    async ofAccount(accountId, query) {
      const range = readRange(query, now())
      const metrics = query.metric_types?.length ? query.metric_types : accountMetrics
      const columns = countersFor(metrics)
      const { created_at: createdAt } = await accounts.byId(accountId)
      const status = statusSince(createdAt, statusNames, { now: now(), firstKeptDay: kept.firstKeptDay() })
      const reports: Record<string, Report> = {}
      for (const { name, filter, apps } of partsOf(query)) {
        const window = { ...range, ...apps }
        const rows = filter ? await store.accountDays.days(accountId, unionOf(filter), window) : []
        reports[name] = reportOver(range, rows, columns, metrics, status)
      }
      return reports
    },
    async monthlyViews(accountId) {
      const last = dayAt(now())
      const rows = await store.accountDays.days(accountId, unionOf({}), { first: last - 29, last, ...appRangeOf() })
      return rows.reduce((sum, row) => sum + (row.impressions ?? 0), 0)
    },
  }
}

/** A part of an account's numbers. */
interface AccountPart {
  name: string
  /** Undefined if there is nothing in it. */
  filter: SliceFilter | undefined
  apps: AppRange
}

/** Returns the parts that `split_field` asks for, under the names that the filter by the same has; first all of it. */
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
