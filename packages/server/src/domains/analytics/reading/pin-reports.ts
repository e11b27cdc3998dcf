import type { Metric } from '@pinfold/contract'
import { LRUCache } from 'lru-cache'
import { invalid } from '../../../core/errors.ts'
import { timeOfId } from '../../../core/ids.ts'
import { etagOf, JsonText } from '../../../core/json-text.ts'
import { blockOf, dayAt, everyBlock, readRange } from '../days.ts'
import { countersFor, valuesOf } from '../metrics.ts'
import { type AppRange, appRangeOf, appsIn, type Report, reportOver } from '../reports.ts'
import type { ReadingParts } from './parts.ts'
import { sumsOverLife } from './pin-summaries.ts'
import type { PinQuery } from './queries.ts'
import { statusSince } from './status.ts'

/** A Pin's numbers by day, and over its lifetime. */
export interface PinReport extends Report {
  lifetime_metrics: Record<string, number>
}

/** The analytics of Pins. The caller must have checked that the viewer may see them. */
export interface PinReports {
  /**
   * Returns the analytics of a Pin as they are sent, from a cache while nothing has changed. Throws a 400 for an
   * invalid query.
   */
  ofPin(id: number, query: PinQuery): Promise<JsonText>
  /** Returns the analytics of Pins by id, each with its parts by name. Throws as `ofPin`. */
  ofPins(ids: readonly number[], query: PinQuery): Promise<Map<number, Record<string, PinReport>>>
}

type Parts = Pick<ReadingParts, 'store' | 'source' | 'kept' | 'now'>

/** These are counted over the lifetime of a Pin, not by day. */
const lifetimeOnly: readonly Metric[] = ['TOTAL_COMMENTS', 'TOTAL_REACTIONS']
const statusNames = { before: 'BEFORE_PIN_CREATED', tooOld: 'BEFORE_PIN_DATA_RETENTION_PERIOD' } as const
/** The cache holds at most this many characters. */
const keptAnswers = 16_000_000

/** Makes the reports on Pins. */
export function pinReports(parts: Parts): PinReports {
  const { store, source, kept, now } = parts
  const answers = new LRUCache<string, { changes: number; answer: JsonText }>({
    maxSize: keptAnswers,
    sizeCalculation: ({ answer }, key) => answer.text.length + key.length,
  })

  return {
    ofPins: (ids, query) => reportsOn(parts, ids, query),
    async ofPin(id, query) {
      const range = readRange(query, now())
      const { app_types: app, metric_types: metrics, split_field: split } = query
      const wantsLife = metrics.some((metric) => lifetimeOnly.includes(metric))
      const blocks = wantsLife ? everyBlock : { first: blockOf(range.first), last: blockOf(range.last) }
      const from = source()
      // Read before the counts: if they change meanwhile, the answer is not served again.
      const changes = await store.pinSums.changes(id, blocks)
      const key = [id, range.first, range.last, dayAt(now()), kept.firstKeptDay(), app, metrics, split].join()
      const known = answers.get(key)
      if (known?.changes === changes) return known.answer
      const text = JSON.stringify((await reportsOn(parts, [id], query)).get(id))
      const answer = new JsonText(text, { etag: etagOf(text) })
      if (source() === from) answers.set(key, { changes, answer })
      return answer
    },
  }
}

async function reportsOn(
  parts: Parts,
  ids: readonly number[],
  query: PinQuery,
): Promise<Map<number, Record<string, PinReport>>> {
  if (query.metric_types.length === 0) throw invalid(`'metric_types' must name at least one metric.`)
  const apps = appRangeOf(query.app_types)
  const split: [name: string, apps: AppRange][] = [
    ['all', apps],
    ...(query.split_field === 'APP_TYPE' ? appsIn(apps) : []),
  ]
  const reports = new Map<number, Record<string, PinReport>>(ids.map((id) => [id, {}]))
  for (const [name, part] of split)
    for (const [id, report] of await reportsOnPart(parts, ids, query, part)) {
      const ofPin = reports.get(id)
      if (ofPin) ofPin[name] = report
    }
  return reports
}

async function reportsOnPart(
  { store, kept, now }: Parts,
  ids: readonly number[],
  query: PinQuery,
  apps: AppRange,
): Promise<Map<number, PinReport>> {
  const range = readRange(query, now())
  const daily = query.metric_types.filter((metric) => !lifetimeOnly.includes(metric))
  const lifetime = query.metric_types.filter((metric) => lifetimeOnly.includes(metric))
  const columns = countersFor(daily)
  const days = columns.length > 0 ? await store.pinSums.byDay(ids, { ...range, ...apps }, columns) : []
  const daysOf = Map.groupBy(days, (row) => row.pin_id)
  const ever = lifetime.length > 0 ? await sumsOverLife(store, ids, apps) : undefined
  const limits = { now: now(), firstKeptDay: kept.firstKeptDay() }
  return new Map(
    ids.map((id) => {
      const status = statusSince(timeOfId(id), statusNames, limits)
      const report = reportOver(range, daysOf.get(id) ?? [], columns, daily, status)
      return [id, { ...report, lifetime_metrics: valuesOf(lifetime, ever?.get(id) ?? {}) }]
    }),
  )
}
