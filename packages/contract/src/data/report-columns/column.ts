/** Where a column can be asked for: SYNC, in analytics; ASYNC, in reports. */
export const reportTypes = ['SYNC', 'ASYNC'] as const
/** Where a column can be asked for. */
export type ReportType = (typeof reportTypes)[number]

/**
 * Where something happened to a promoted Pin: `paid`, where it was shown as an ad; `earned`, where it was shown since
 * somebody had saved it from the ad. Pinterest's names of columns end in `_1` and `_2`.
 */
export type Side = 'paid' | 'earned'

/** What is counted of ads on both sides. */
export type SidedCount =
  | 'impressions'
  | 'clickthroughs'
  | 'outbound_clicks'
  | 'saves'
  | 'engagements'
  | 'web_sessions'
  | 'video_3s_views'
  | 'video_15s_viewers'
  | 'video_mrc_views'
  | 'video_starts'
  | 'video_quarters'
  | 'video_halves'
  | 'video_three_quarters'
  | 'video_95_percent'
  | 'video_completions'
  | 'video_watch_seconds'
  | 'page_forwards'
  | 'page_backwards'
  | 'product_tag_visits'

/** What is counted of ads as one: money in micro units of the ad account's currency, the rest as numbers. */
export type PlainCount =
  | 'spend'
  | 'ads_credit_spend'
  | 'video_spend'
  | 'people'
  | 'destination_views'
  | 'onsite_checkouts'
  | 'leads'
  | 'quiz_starts'
  | 'quiz_completions'
  | 'quiz_results_opened'
  | 'showcase_sessions'
  | `showcase_${'pin' | 'subpage' | 'subpin'}_clickthroughs`
  | `showcase_${'subpage' | 'subpin'}_${'impressions' | 'swipes_left' | 'swipes_right' | 'saves'}`
  | 'showcase_subpage_closeups'
  | `showcase_card_swipes_${'forward' | 'backward'}`

/** The counts of people: those of two days do not add up to those of both. */
export const countsOfPeople = ['people', 'video_15s_viewers'] as const satisfies (SidedCount | PlainCount)[]

/** What somebody did at the advertiser's, by Pinterest's names. */
export const conversionActions = [
  'PAGE_VISIT',
  'SIGNUP',
  'CHECKOUT',
  'CUSTOM',
  'ADD_TO_CART',
  'LEAD',
  'SEARCH',
  'WATCH_VIDEO',
  'VIEW_CATEGORY',
  'APP_INSTALL',
  'UNKNOWN',
  'ADD_TO_WISHLIST',
  'SUBSCRIBE',
] as const
/** What somebody did at the advertiser's. */
export type ConversionAction = (typeof conversionActions)[number]

/** What somebody had done with the ad before. */
export const conversionTouches = ['ENGAGEMENT', 'CLICK', 'VIEW'] as const
/** What somebody had done with the ad before. */
export type ConversionTouch = (typeof conversionTouches)[number]

/** Where a conversion happened. */
export type ConversionSource = 'WEB' | 'INAPP' | 'OFFLINE' | 'PINTEREST'

/** A kind of device, of the ad that was seen or of the conversion. */
export const conversionDevices = ['DESKTOP', 'MOBILE', 'TABLET'] as const
/** A kind of device. */
export type ConversionDevice = (typeof conversionDevices)[number]

/** Which conversions are meant; what is not there does not matter. */
export interface ConversionFilter {
  /** What was done. */
  action?: ConversionAction
  /** What had been done with the ad. */
  touch?: ConversionTouch
  /** Where it was done. */
  source?: ConversionSource
  /** The device on which the ad was seen. */
  from?: ConversionDevice
  /** The device on which it was done. */
  to?: ConversionDevice
}

/** How conversions are counted: how many there are, their value in micro units of money, or how many things were had. */
export type ConversionMeasure = 'conversions' | 'conversion_value' | 'conversion_quantity'

/** Something that is counted. */
export type Tally =
  | {
      /** What is counted. */
      count: SidedCount
      /** On which side; both if not given. */
      side?: Side
    }
  | {
      /** What is counted. */
      count: PlainCount
    }
  | {
      /** How it is counted. */
      count: ConversionMeasure
      /** Which conversions. */
      of: ConversionFilter
    }

/** What columns tell of beside numbers. */
export type ReportedEntity =
  | 'ad_account'
  | 'campaign'
  | 'ad_group'
  | 'ad'
  | 'order_line'
  | 'promotion'
  | 'product_group'
  | 'product_item'

/** What the value of a column is made of. */
export type ColumnSource =
  | {
      /** What is told of. */
      entity: ReportedEntity
      /** Its field, by the name that it has in the API where it has one. */
      field: string
      /** What a number is multiplied by; 1 if not given. */
      times?: number
    }
  | {
      /** What is counted. */
      tally: Tally
      /** What the sum is multiplied by. */
      times: number
    }
  | {
      /** What is divided. */
      tally: Tally
      /** What it is divided by; where that is 0, there is no value. */
      per: Tally
      /** What the quotient is multiplied by. */
      times: number
    }

/** A column of the analytics and reports of ads. */
export interface ReportColumn {
  /** Pinterest's name for it. */
  name: string
  /** What people call it. */
  displayName: string
  /** What it means. */
  definition: string
  /** What its value is made of. */
  source: ColumnSource
}
