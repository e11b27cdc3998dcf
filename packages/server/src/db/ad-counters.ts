/** What is counted of ads, on each side: columns of `ad_days` and `ad_hours`. All count events, but for the milliseconds. */
export const sidedAdCounters = [
  'impressions',
  'clickthroughs',
  'outbound_clicks',
  'saves',
  'engagements',
  'web_sessions',
  'video_starts',
  'video_3s_views',
  'video_mrc_views',
  'video_quarters',
  'video_halves',
  'video_three_quarters',
  'video_95_percent',
  'video_completions',
  'video_watch_ms',
  'page_forwards',
  'page_backwards',
  'product_tag_visits',
] as const

/** What is counted as one, with what is paid: money in millionths of the ad account's currency, and forms that were sent. */
export const plainAdCounters = ['spend', 'ads_credit_spend', 'leads'] as const

/** A column of counts of ads. */
export type AdCounter = (typeof sidedAdCounters)[number] | (typeof plainAdCounters)[number]
export const adCounters: readonly AdCounter[] = [...sidedAdCounters, ...plainAdCounters]
/** A number for each counter of ads. */
export type AdCounts = Record<AdCounter, number>
