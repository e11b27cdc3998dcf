import { MapOf, Model, StringEnum } from '../schema.ts'
import { Type } from '../type.ts'

/** The metrics of Pin analytics. `TOTAL_…` are only available for a Pin's whole lifetime. */
export const pinMetrics = [
  'IMPRESSION',
  'OUTBOUND_CLICK',
  'PIN_CLICK',
  'SAVE',
  'SAVE_RATE',
  'TOTAL_COMMENTS',
  'TOTAL_REACTIONS',
  'USER_FOLLOW',
  'PROFILE_VISIT',
  'VIDEO_MRC_VIEW',
  'VIDEO_10S_VIEW',
  'QUARTILE_95_PERCENT_VIEW',
  'VIDEO_V50_WATCH_TIME',
  'VIDEO_START',
  'VIDEO_AVG_WATCH_TIME',
] as const
export type PinMetric = (typeof pinMetrics)[number]

/** The metrics of account analytics. */
export const accountMetrics = [
  'ENGAGEMENT',
  'ENGAGEMENT_RATE',
  'IMPRESSION',
  'OUTBOUND_CLICK',
  'OUTBOUND_CLICK_RATE',
  'PIN_CLICK',
  'PIN_CLICK_RATE',
  'SAVE',
  'SAVE_RATE',
] as const
export type AccountMetric = (typeof accountMetrics)[number]

/** The metrics of top video Pins; a list can be sorted by each. */
export const videoMetrics = [
  'IMPRESSION',
  'SAVE',
  'VIDEO_MRC_VIEW',
  'VIDEO_AVG_WATCH_TIME',
  'VIDEO_V50_WATCH_TIME',
  'QUARTILE_95_PERCENT_VIEW',
  'VIDEO_10S_VIEW',
  'VIDEO_START',
  'OUTBOUND_CLICK',
] as const
export type VideoMetric = (typeof videoMetrics)[number]

/** The metrics that top Pins can be sorted by. */
export const topPinsOrders = ['ENGAGEMENT', 'IMPRESSION', 'OUTBOUND_CLICK', 'PIN_CLICK', 'SAVE'] as const
export type TopPinsOrder = (typeof topPinsOrders)[number]

export type Metric = PinMetric | AccountMetric | VideoMetric

/** The kind of device that a Pin was seen on. */
export const appTypes = ['MOBILE', 'TABLET', 'WEB'] as const
export type AppType = (typeof appTypes)[number]

export const pinFormats = [
  'ORGANIC_IMAGE',
  'ORGANIC_PRODUCT',
  'ORGANIC_VIDEO',
  'ADS_STANDARD',
  'ADS_PRODUCT',
  'ADS_VIDEO',
  'ADS_IDEA',
] as const
export type PinFormat = (typeof pinFormats)[number]

/** Whether a day's numbers are complete, or why there are none. */
export const dataStatuses = [
  'PROCESSING',
  'READY',
  'ESTIMATE',
  'BEFORE_BUSINESS_CREATED',
  'BEFORE_DATA_RETENTION_PERIOD',
  'BEFORE_PIN_DATA_RETENTION_PERIOD',
  'BEFORE_METRIC_START_DATE',
  'BEFORE_CORE_METRIC_START_DATE',
  'BEFORE_PIN_FORMAT_METRIC_START_DATE',
  'BEFORE_AUDIENCE_METRIC_START_DATE',
  'BEFORE_AUDIENCE_MONTHLY_METRIC_START_DATE',
  'BEFORE_VIDEO_METRIC_START_DATE',
  'BEFORE_CONVERSION_METRIC_START_DATE',
  'PURCHASERS_METRIC_SMALLER_THAN_THRESHOLD',
  'IN_BAD_TAG_DATE',
  'BEFORE_PUBLISHED_METRIC_START_DATE',
  'BEFORE_ASSIST_METRIC_START_DATE',
  'BEFORE_PIN_CREATED',
  'BEFORE_ACCOUNT_CLAIMED',
  'BEFORE_DEMOGRAPHIC_FILTERS_START_DATE',
  'AUDIENCE_SEGMENT_SMALLER_THAN_THRESHOLD',
  'AUDIENCE_TOTAL_SMALLER_THAN_THRESHOLD',
  'BEFORE_PRODUCT_GROUP_FILTER_START_DATE',
] as const
export type DataStatus = (typeof dataStatuses)[number]

const DataStatusModel = StringEnum(dataStatuses, {
  title: 'DataStatus',
  description:
    'READY: complete, but for events that arrive late. PROCESSING: the day is not over. BEFORE_…: there was nothing to ' +
    'count yet, or it is kept no more.',
})

const numbers = (description: string) => MapOf(Type.Number(), { description })

const dailyMetrics = Type.Optional(
  Type.Array(
    Model('DailyMetrics', 'The numbers of one day.', {
      data_status: Type.Optional(DataStatusModel),
      date: Type.Optional(Type.String({ description: 'The day, in UTC.', examples: ['2026-03-14'] })),
      metrics: Type.Optional(numbers('The number of each metric that was asked for. Watch times are in milliseconds.')),
    }),
    { description: 'A day each, in order, none left out.' },
  ),
)
const summaryMetrics = Type.Optional(
  numbers('The same over all days: sums, and rates and averages that follow from the sums.'),
)

const PinAnalyticsPart = Model('PinAnalyticsPart', 'The numbers of a Pin, or of one part of them.', {
  daily_metrics: dailyMetrics,
  lifetime_metrics: Type.Optional(
    MapOf(Type.Integer(), {
      description: 'Those of TOTAL_COMMENTS and TOTAL_REACTIONS that were asked for, over the whole life of the Pin.',
    }),
  ),
  summary_metrics: summaryMetrics,
})

const dayExample = { date: '2026-03-14', data_status: 'READY', metrics: { IMPRESSION: 1250, SAVE: 45, PIN_CLICK: 89 } }

const pinExample = {
  all: { daily_metrics: [dayExample], summary_metrics: dayExample.metrics, lifetime_metrics: {} },
}

export const PinAnalytics = MapOf(PinAnalyticsPart, {
  title: 'PinAnalytics',
  description: 'The numbers of a Pin under `all`, and with `split_field` those of each part under its name.',
  examples: [pinExample],
})

export const ManyPinAnalytics = MapOf(PinAnalytics, {
  title: 'ManyPinAnalytics',
  description: 'The numbers of each Pin, under its id.',
  examples: [{ '1142048512397440': pinExample }],
})

export const AccountAnalytics = MapOf(
  Model('AccountAnalyticsPart', 'The numbers of an account, or of one part of them.', {
    daily_metrics: dailyMetrics,
    summary_metrics: summaryMetrics,
  }),
  {
    title: 'AccountAnalytics',
    description: 'The numbers of all its Pins under `all`, and with `split_field` those of each part under its name.',
    examples: [{ all: { daily_metrics: [dayExample], summary_metrics: dayExample.metrics } }],
  },
)

const topExample = {
  date_availability: { is_realtime: true, latest_available_timestamp: 1773532799000 },
  pins: [
    {
      pin_id: '1142048512397440',
      data_status: { IMPRESSION: 'READY', SAVE: 'READY' },
      metrics: { IMPRESSION: 7, SAVE: 1 },
    },
  ],
  sort_by: 'IMPRESSION',
}

function topPinsOf<const T extends readonly string[]>(name: string, description: string, orders: T) {
  return Model(
    name,
    description,
    {
      date_availability: Type.Optional(
        Type.Object({
          is_realtime: Type.Optional(Type.Boolean({ description: 'Whether events count at once. They do here.' })),
          latest_available_timestamp: Type.Optional(
            Type.Number({ description: 'Until when events are counted in: milliseconds since 1970.' }),
          ),
        }),
      ),
      pins: Type.Optional(
        Type.Array(
          Type.Object({
            data_status: Type.Optional(MapOf(DataStatusModel, { description: 'Of each metric that was asked for.' })),
            metrics: Type.Optional(numbers('The number of each metric that was asked for.')),
            pin_id: Type.Optional(Type.String({ description: 'The Pin.', examples: ['1142048512397440'] })),
          }),
          { description: 'The most first. Pins without any of what is sorted by are not among them.' },
        ),
      ),
      sort_by: Type.Optional(StringEnum(orders, { description: 'What they are sorted by.' })),
    },
    { examples: [topExample] },
  )
}

export const TopPins = topPinsOf('TopPins', 'The Pins of an account with the most of something.', topPinsOrders)
export const TopVideoPins = topPinsOf('TopVideoPins', 'The same for its video Pins.', videoMetrics)

/** The range of days to report on. */
export const datesQuery = {
  start_date: Type.String({
    format: 'date',
    maxLength: 40,
    description: 'The first day, in UTC: `YYYY-MM-DD`, at most 90 days back from today.',
    examples: ['2026-03-01'],
  }),
  end_date: Type.String({
    format: 'date',
    maxLength: 40,
    description: 'The last day, in UTC: `YYYY-MM-DD`, at most 90 days after `start_date`.',
    examples: ['2026-03-14'],
  }),
}

export const appTypesQuery = {
  app_types: Type.Optional(
    StringEnum(['ALL', ...appTypes], { default: 'ALL', description: 'Only what happened on such devices.' }),
  ),
}

/** Returns the parameter for the metrics to report: a list of any of `metrics`. */
export const metricsOf = <const T extends readonly string[]>(metrics: T, description: string) =>
  Type.Array(StringEnum(metrics), { description, maxItems: 50 })

/** The filters of account analytics. */
export const accountFiltersQuery = {
  from_claimed_content: Type.Optional(
    StringEnum(['OTHER', 'CLAIMED', 'BOTH'], {
      default: 'BOTH',
      description: "CLAIMED: only Pins whose link leads to the account's own website. OTHER: only the others.",
    }),
  ),
  pin_format: Type.Optional(
    StringEnum(['ALL', ...pinFormats], {
      default: 'ALL',
      description: 'Only Pins of this kind. There are no product Pins and no advertising here, so those are 0.',
    }),
  ),
  ...appTypesQuery,
  content_type: Type.Optional(
    StringEnum(['ALL', 'PAID', 'ORGANIC'], {
      default: 'ALL',
      description: 'PAID: only what was advertised, which is nothing here.',
    }),
  ),
  source: Type.Optional(
    StringEnum(['ALL', 'YOUR_PINS', 'OTHER_PINS'], {
      default: 'ALL',
      description:
        'YOUR_PINS: only Pins of the account. OTHER_PINS: only Pins that others made from its claimed website, of ' +
        'which none are counted here.',
    }),
  ),
}

/** The parameters that choose top Pins, beside the filters. */
export const topPinsQuery = {
  num_of_pins: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 50, default: 10, description: 'The most Pins that the answer may hold.' }),
  ),
  created_in_last_n_days: Type.Optional(
    Type.Unsafe<30>({ type: 'number', enum: [30], description: 'Only Pins made in the last so many days.' }),
  ),
}
