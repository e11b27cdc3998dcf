import type { Metric } from '@pinfold/contract'
import type { Counts } from '../../db/counters.ts'
import { countersFor } from './metrics.ts'

/**
 * The metrics that have lists of top Pins, in an order that never changes: a list's number is its index here. The
 * average watch time has no list: it is not a sum.
 */
const rankedMetrics = [
  'IMPRESSION',
  'SAVE',
  'PIN_CLICK',
  'OUTBOUND_CLICK',
  'ENGAGEMENT',
  'VIDEO_START',
  'VIDEO_MRC_VIEW',
  'VIDEO_10S_VIEW',
  'QUARTILE_95_PERCENT_VIEW',
  'VIDEO_V50_WATCH_TIME',
] as const satisfies readonly Metric[]
export type RankedMetric = (typeof rankedMetrics)[number]

/** The counters whose sum orders each list. */
export const ranked = rankedMetrics.map((metric) => countersFor([metric]))

/** Returns the number of the list of `metric`. */
export const rankOf = (metric: RankedMetric): number => rankedMetrics.indexOf(metric)

export function rankedValue(sum: readonly (keyof Counts)[], counts: Counts): number {
  let value = 0
  for (const counter of sum) value += counts[counter]
  return value
}

/**
 * Returns the bucket of a number: one per doubling, so that a Pin rarely moves in a list while its number grows.
 * Undefined below 1.
 */
export function bucketOf(value: number): number | undefined {
  return value < 1 ? undefined : Math.floor(Math.log2(value))
}

/** Returns the largest whole number in a bucket. */
export const mostIn = (bucket: number): number => 2 ** (bucket + 1) - 1
