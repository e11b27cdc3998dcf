import type { HistoryMetric } from '@pinfold/contract'

/**
 * The counter (a column of `pin_days` and `pin_blocks`) of each metric that is a plain number: the only list of what is
 * counted per Pin. All count events, except the last, which sums milliseconds.
 */
export const counterOf = {
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
} as const satisfies Record<HistoryMetric, string>

export type Counter = (typeof counterOf)[HistoryMetric]
export const counters: readonly Counter[] = Object.values(counterOf)
/** A number for each counter. */
export type Counts = Record<Counter, number>

/** The counters that are summed for each day of an account: columns of `account_days`. */
export const accountCounters = [
  counterOf.IMPRESSION,
  counterOf.SAVE,
  counterOf.PIN_CLICK,
  counterOf.OUTBOUND_CLICK,
] as const
export type AccountCounts = Pick<Counts, (typeof accountCounters)[number]>
