import {
  type AccountMetric,
  type AppType,
  accountMetrics,
  type DataStatus,
  type Metric,
  type PinMetric,
  type TopPinsOrder,
  type VideoMetric,
} from '@pinfold/contract'
import { LRUCache } from 'lru-cache'
import { invalid } from '../../core/errors.ts'
import { firstIdAt, timeOfId } from '../../core/ids.ts'
import { etagOf, JsonText } from '../../core/json-text.ts'
import type { Counts } from '../../db/schema.ts'
import type { Accounts } from '../accounts/accounts.ts'
import { blockOf, type DayRange, dayAt, dayMs, readRange } from './days.ts'
import { counters, countersFor, metricValue, valuesOf } from './metrics.ts'
import { type AppRange, appRangeOf, appsIn, type Report, reportOver } from './reports.ts'
import { type AccountFilter, readFilter, type SliceFilter, slicesOf, unionOf } from './slices.ts'
import type { analyticsStore } from './store.ts'
import type { RankedMetric } from './top-buckets.ts'
import { findTopPins, sumsOver } from './top-pins.ts'

interface Query {
  start_date: string
  end_date: string
  app_types?: 'ALL' | AppType
}

export interface PinQuery extends Query {
  metric_types: readonly PinMetric[]
  split_field?: 'NO_SPLIT' | 'APP_TYPE'
}

export interface AccountQuery extends Query, AccountFilter {
  metric_types?: readonly AccountMetric[]
  split_field?: 'NO_SPLIT' | 'APP_TYPE' | 'OWNED_CONTENT' | 'SOURCE' | 'PIN_FORMAT'
}

export interface TopQuery<Order extends Metric> extends Query, AccountFilter {
  metric_types?: readonly Metric[]
  sort_by: Order
  num_of_pins?: number
  created_in_last_n_days?: number
}

export interface PinReport extends Report {
  lifetime_metrics: Record<string, number>
}

/** Of these the whole life of a Pin counts, and no single day. */
const lifetimeOnly: readonly Metric[] = ['TOTAL_COMMENTS', 'TOTAL_REACTIONS']
/** What `pin_metrics` gives, by the names it has there. */
const summaryNames = {
  impression: 'impressions',
  pin_click: 'pin_clicks',
  clickthrough: 'outbound_clicks',
  save: 'saves',
} as const
const lifetimeNames = { ...summaryNames, reaction: 'reactions', comment: 'comments' } as const
/** Every block that there can be, with the one before all others. */
const everyBlock = { first: -1, last: 1_000_000 }

export interface ReadingOptions {
  store: ReturnType<typeof analyticsStore>
  accounts: Accounts
  now: () => number
  /** The first day that is kept. */
  firstKeptDay: () => number
}

/** Answers about Pins are kept up to so many characters in all. */
const keptAnswers = 16_000_000

/** What can be asked about counts. It reads rollups, and nothing else. */
export function readingOf({ store, accounts, now, firstKeptDay }: ReadingOptions) {
  const answers = new LRUCache<string, { changes: number; answer: JsonText }>({
    maxSize: keptAnswers,
    sizeCalculation: ({ answer }, key) => answer.text.length + key.length,
  })

  /** How far the numbers of a day can be relied on, of something that began on `firstDay`. */
  function statusSince(firstDay: number, before: DataStatus, tooOld: DataStatus) {
    const today = dayAt(now())
    const firstKept = firstKeptDay()
    return (day: number, hasCounts: boolean): DataStatus => {
      if (day >= today) return 'PROCESSING'
      if (day < firstKept) return tooOld
      return day < firstDay && !hasCounts ? before : 'READY'
    }
  }

  /** The analytics of Pins, each with its parts. Whoever asks must be known to may see them. */
  async function ofPins(ids: readonly number[], query: PinQuery): Promise<Map<number, Record<string, PinReport>>> {
    const range = readRange(query, now())
    if (query.metric_types.length === 0) throw invalid(`'metric_types' must name at least one metric.`)
    const apps = appRangeOf(query.app_types)
    const parts: [name: string, apps: AppRange][] = [
      ['all', apps],
      ...(query.split_field === 'APP_TYPE' ? appsIn(apps) : []),
    ]
    const daily = query.metric_types.filter((metric) => !lifetimeOnly.includes(metric))
    const lifetime = query.metric_types.filter((metric) => lifetimeOnly.includes(metric))
    const columns = countersFor(daily)
    const reports = new Map<number, Record<string, PinReport>>(ids.map((id) => [id, {}]))
    for (const [name, part] of parts) {
      const days = columns.length > 0 ? await store.daysOfPins(ids, { ...range, ...part }, columns) : []
      const daysOf = Map.groupBy(days, (row) => row.pin_id)
      const ever = lifetime.length > 0 ? await overLife(ids, part) : undefined
      for (const [id, report] of reports) {
        const status = statusSince(dayAt(timeOfId(id)), 'BEFORE_PIN_CREATED', 'BEFORE_PIN_DATA_RETENTION_PERIOD')
        report[name] = {
          ...reportOver(range, daysOf.get(id) ?? [], columns, daily, status),
          lifetime_metrics: valuesOf(lifetime, ever?.get(id) ?? {}),
        }
      }
    }
    return reports
  }

  /** The analytics of one Pin, as it is sent. What was asked before and has not changed since is not put together again. */
  async function ofPin(id: number, query: PinQuery): Promise<JsonText> {
    const range = readRange(query, now())
    const { app_types: app, metric_types: metrics, split_field: split } = query
    const wantsLife = metrics.some((metric) => lifetimeOnly.includes(metric))
    const blocks = wantsLife ? everyBlock : { first: blockOf(range.first), last: blockOf(range.last) }
    // Before the counts are read: should they change meanwhile, the answer is not given a second time.
    const changes = await store.changesOf(id, blocks)
    const key = [id, range.first, range.last, dayAt(now()), firstKeptDay(), app, metrics, split].join()
    const known = answers.get(key)
    if (known?.changes === changes) return known.answer
    const text = JSON.stringify((await ofPins([id], query)).get(id))
    const answer = new JsonText(text, { etag: etagOf(text) })
    answers.set(key, { changes, answer })
    return answer
  }

  async function overLife(ids: readonly number[], apps: AppRange): Promise<Map<number, Partial<Counts>>> {
    const rows = await store.overBlocks(ids, { ...everyBlock, ...apps }, counters)
    return new Map(rows.map((row) => [row.pin_id, row]))
  }

  /** The analytics of an account over all its Pins, with its parts. */
  async function ofAccount(accountId: number, query: AccountQuery): Promise<Record<string, Report>> {
    const range = readRange(query, now())
    const filter = readFilter(query)
    const apps = appRangeOf(query.app_types)
    const metrics = query.metric_types?.length ? query.metric_types : accountMetrics
    const columns = countersFor(metrics)
    const { created_at: createdAt } = await accounts.byId(accountId)
    const status = statusSince(dayAt(createdAt), 'BEFORE_BUSINESS_CREATED', 'BEFORE_DATA_RETENTION_PERIOD')
    const reports: Record<string, Report> = {}
    for (const part of accountParts(query, filter, apps)) {
      const window = { ...range, ...part.apps }
      const rows = part.filter ? await store.accountDays(accountId, unionOf(part.filter), window) : []
      reports[part.name] = reportOver(range, rows, columns, metrics, status)
    }
    return reports
  }

  /** The Pins of an account with the most of something; with `onlyVideo`, of its video Pins. */
  async function topPins<Order extends TopPinsOrder | VideoMetric>(
    accountId: number,
    query: TopQuery<Order>,
    allMetrics: readonly Metric[],
    onlyVideo: boolean,
  ) {
    const range = readRange(query, now())
    const filter = onlyVideo ? onlyVideos(readFilter(query)) : readFilter(query)
    const metrics = query.metric_types?.length ? query.metric_types : allMetrics
    const { sort_by: order, created_in_last_n_days: since } = query
    const isAverage = order === 'VIDEO_AVG_WATCH_TIME'
    const found = await findTopPins(store, {
      accountId,
      slices: filter ? slicesOf(filter) : [],
      range,
      apps: appRangeOf(query.app_types),
      list: isAverage ? 'VIDEO_START' : (order as RankedMetric),
      value: (counts) => metricValue(order, counts),
      bounded: !isAverage,
      columns: countersFor([...metrics, order]),
      count: query.num_of_pins ?? 10,
      firstId: since === undefined ? 0 : firstIdAt(now() - since * dayMs),
    })
    const status = range.last < dayAt(now()) ? ('READY' as const) : ('PROCESSING' as const)
    return {
      date_availability: { is_realtime: true, latest_available_timestamp: countedUntil(range) },
      pins: found.map(({ id, counts }) => ({
        pin_id: String(id),
        data_status: Object.fromEntries(metrics.map((metric) => [metric, status])),
        metrics: valuesOf(metrics, counts),
      })),
      sort_by: order,
    }
  }

  /** The last second of a range that is over, or else this second. */
  function countedUntil({ last }: DayRange): number {
    const end = Math.min((last + 1) * dayMs - 1000, now())
    return end - (end % 1000)
  }

  /** What `pin_metrics` says of Pins: over the last 90 days, and over their whole life. */
  async function summaries(ids: readonly number[]): Promise<Map<number, PinSummary>> {
    const today = dayAt(now())
    const apps = appRangeOf()
    const lately = await sumsOver(store, ids, { first: today - 89, last: today }, apps, Object.values(summaryNames))
    const ever = await overLife(ids, apps)
    return new Map(
      ids.map((id) => [
        id,
        { '90d': named(summaryNames, lately.get(id)), lifetime_metrics: named(lifetimeNames, ever.get(id)) },
      ]),
    )
  }

  /** How often the Pins of an account were seen in the last 30 days. */
  async function monthlyViews(accountId: number): Promise<number> {
    const last = dayAt(now())
    const rows = await store.accountDays(accountId, unionOf({}), { first: last - 29, last, ...appRangeOf() })
    return rows.reduce((sum, row) => sum + (row.impressions ?? 0), 0)
  }

  return { ofPin, ofPins, ofAccount, topPins, summaries, monthlyViews }
}

export type PinSummary = Record<'90d' | 'lifetime_metrics', Record<string, number>>

function named(names: Record<string, keyof Counts>, counts: Partial<Counts> = {}): Record<string, number> {
  return Object.fromEntries(Object.entries(names).map(([name, counter]) => [name, counts[counter] ?? 0]))
}

/** What a filter leaves of the video Pins. */
function onlyVideos(filter: SliceFilter | undefined): SliceFilter | undefined {
  return filter && filter.video !== false ? { ...filter, video: true } : undefined
}

/** A part of an account's numbers: undefined if there is nothing in it. */
interface AccountPart {
  name: string
  filter: SliceFilter | undefined
  apps: AppRange
}

/** The parts that `split_field` asks for, under the names that the filter by the same has; first all of it. */
function accountParts(query: AccountQuery, filter: SliceFilter | undefined, apps: AppRange): AccountPart[] {
  const part = (name: string, more: AccountFilter): AccountPart => {
    const narrowed = readFilter({ ...query, ...more })
    const overlaps = Object.entries(more).every(([field, value]) => {
      const given = query[field as keyof AccountFilter]
      return given === undefined || given === 'ALL' || given === 'BOTH' || given === value
    })
    return { name, filter: filter && overlaps ? narrowed : undefined, apps }
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
