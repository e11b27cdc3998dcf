import type { AppType, HistoryMetric, Metric } from '@pinfold/contract'
import type { Counts } from '../../db/schema.ts'

export type Counter = keyof Counts

/** What is counted, in the order in which the first four make up an account's numbers. */
export const counters = [
  'impressions',
  'saves',
  'pin_clicks',
  'outbound_clicks',
  'profile_visits',
  'user_follows',
  'comments',
  'reactions',
  'video_starts',
  'video_mrc_views',
  'video_10s_views',
  'video_95_percent_views',
  'video_watch_ms',
] as const satisfies readonly Counter[]

/** What is counted of an account. */
export const accountCounters = counters.slice(0, 4) as ('impressions' | 'saves' | 'pin_clicks' | 'outbound_clicks')[]

/** The place of an app type in `appTypes`, which is how it is kept. */
export type AppCode = 0 | 1 | 2
export const appCodes: Record<AppType, AppCode> = { MOBILE: 0, TABLET: 1, WEB: 2 }

/** The counter behind each metric that is a plain number. */
export const counterOf: Record<HistoryMetric, Counter> = {
  IMPRESSION: 'impressions',
  SAVE: 'saves',
  PIN_CLICK: 'pin_clicks',
  OUTBOUND_CLICK: 'outbound_clicks',
  PROFILE_VISIT: 'profile_visits',
  USER_FOLLOW: 'user_follows',
  TOTAL_COMMENTS: 'comments',
  TOTAL_REACTIONS: 'reactions',
  VIDEO_START: 'video_starts',
  VIDEO_MRC_VIEW: 'video_mrc_views',
  VIDEO_10S_VIEW: 'video_10s_views',
  QUARTILE_95_PERCENT_VIEW: 'video_95_percent_views',
  VIDEO_V50_WATCH_TIME: 'video_watch_ms',
}

/** A metric as it follows from counts: a sum of counters, or the ratio of two such sums. */
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

/** The counters that `metrics` follow from. */
export function countersFor(metrics: readonly Metric[]): Counter[] {
  const needed = new Set(metrics.flatMap((metric) => [...rules[metric].sum, ...(rules[metric].per ?? [])]))
  return counters.filter((counter) => needed.has(counter))
}

/** The number of `metric` that follows from counts, which may be sums over days. A ratio to nothing is 0. */
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

/** The number of each of `metrics`. */
export function valuesOf(metrics: readonly Metric[], counts: Partial<Counts>): Record<string, number> {
  const values: Record<string, number> = {}
  for (const metric of metrics) values[metric] = metricValue(metric, counts)
  return values
}
