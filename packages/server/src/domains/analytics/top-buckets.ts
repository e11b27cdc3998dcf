import type { Metric } from '@pinfold/contract'
import type { Counts } from '../../db/counters.ts'
import { countersFor } from './metrics.ts'

/**
 * What lists of top Pins are kept for, in an order that is never changed: a list has the place in it as its number.
 * The average watch time has none of its own: it is no sum.
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

/** The counters whose sum each list is by. */
export const ranked = rankedMetrics.map((metric) => countersFor([metric]))

/** The number of the list by `metric`. */
export const rankOf = (metric: RankedMetric): number => rankedMetrics.indexOf(metric)

export function rankedValue(sum: readonly (keyof Counts)[], counts: Counts): number {
  let value = 0
  for (const counter of sum) value += counts[counter]
  return value
}

/**
 * The bucket that a number is in: one for each doubling, so that a Pin moves only now and then in a list while its
 * number grows. None below 1.
 */
export function bucketOf(value: number): number | undefined {
  return value < 1 ? undefined : Math.floor(Math.log2(value))
}

/** The most that a whole number in a bucket can be. */
export const mostIn = (bucket: number): number => 2 ** (bucket + 1) - 1
