import type { AppType, HistoryMetric, Metric } from '@pinfold/contract'
import { type Counter, type Counts, counterOf, counters } from '../../db/counters.ts'

export type { Counter } from '../../db/counters.ts'

/** The index of an app type in `appTypes`, which is how it is stored. */
export type AppCode = 0 | 1 | 2
export const appCodes: Record<AppType, AppCode> = { MOBILE: 0, TABLET: 1, WEB: 2 }

/** How a metric follows from counts: a sum of counters, or the ratio of two such sums. */
interface Rule {
  sum: readonly Counter[]
  per?: readonly Counter[]
}

const engagements = ['saves', 'pin_clicks', 'outbound_clicks'] as const

/** Rates are per impression; the average watch time is per start of the video. */
const rules: Record<Metric, Rule> = {
  ...(Object.fromEntries(
    Object.entries(counterOf).map(([metric, counter]) => [metric, { sum: [counter] }]),
  ) as unknown as Record<HistoryMetric, Rule>),
  ENGAGEMENT: { sum: engagements },
  ENGAGEMENT_RATE: { sum: engagements, per: ['impressions'] },
  SAVE_RATE: { sum: ['saves'], per: ['impressions'] },
  PIN_CLICK_RATE: { sum: ['pin_clicks'], per: ['impressions'] },
  OUTBOUND_CLICK_RATE: { sum: ['outbound_clicks'], per: ['impressions'] },
  VIDEO_AVG_WATCH_TIME: { sum: ['video_watch_ms'], per: ['video_starts'] },
}

/** Returns the counters that `metrics` are computed from. */
export function countersFor(metrics: readonly Metric[]): Counter[] {
  const needed = new Set(metrics.flatMap((metric) => [...rules[metric].sum, ...(rules[metric].per ?? [])]))
  return counters.filter((counter) => needed.has(counter))
}

/** Returns the value of `metric` for counts, which may be sums over days. A ratio with nothing is 0. */
export function metricValue(metric: Metric, counts: Partial<Counts>): number {
  const { sum, per } = rules[metric]
  const above = total(sum, counts)
  if (!per) return above
  const below = total(per, counts)
  return below === 0 ? 0 : above / below
}

function total(names: readonly Counter[], counts: Partial<Counts>): number {
  let sum = 0
  for (const name of names) sum += counts[name] ?? 0
  return sum
}

/** Returns the value of each of `metrics`. */
export function valuesOf(metrics: readonly Metric[], counts: Partial<Counts>): Record<string, number> {
  const values: Record<string, number> = {}
  for (const metric of metrics) values[metric] = metricValue(metric, counts)
  return values
}
