import type { Tx } from './store.ts'

/** An ad, and what it is in: everything that its numbers count for. */
export interface CountedAd {
  /** Its id. */
  id: number
  /** Its ad group. */
  adGroupId: number
  /** The campaign of that. */
  campaignId: number
  /** The ad account of that. */
  adAccountId: number
  /** The Pin that it shows. */
  pinId: number
}

/** The ad that an event happened to. */
export interface ShownAd {
  /** The ad. */
  ad: CountedAd
  /** Whether a Pin was shown that had been saved from the ad, and not the ad itself. */
  isEarned: boolean
}

/** The ads of events of a batch, by event. */
export type ShownAds = ReadonlyMap<object, ShownAd>

/** What happened to an ad. */
export interface AdEvent extends ShownAd {
  /** The hour, since 1970. */
  hour: number
  /** What it adds to which counters of ads. */
  counts: AdEventCounts
}

/** What an event adds to which counters of ads. */
export type AdEventCounts = readonly (readonly [AdEventCounter, number])[]

/** What events of Pins count of ads. */
export type AdEventCounter =
  | 'impressions'
  | 'clickthroughs'
  | 'outbound_clicks'
  | 'engagements'
  | 'video_starts'
  | 'video_3s_views'
  | 'video_mrc_views'
  | 'video_quarters'
  | 'video_halves'
  | 'video_three_quarters'
  | 'video_95_percent'
  | 'video_completions'
  | 'video_watch_ms'

/** What counting needs of ads. Ads import analytics, so analytics must not import them. */
export interface CountedAds {
  /** Returns those of the ads whose numbers an account may write: it has to manage their ad accounts. */
  writableBy(accountId: number, ids: readonly number[]): Promise<Map<number, CountedAd>>
  /** Adds what happened to ads, in the transaction that counts the events. */
  add(tx: Tx, events: readonly AdEvent[]): Promise<void>
  /** Removes some numbers that are kept no longer. Returns false when none is left. */
  expireSome(tx: Tx): Promise<boolean>
}
