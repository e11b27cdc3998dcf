import type { TUnsafe } from 'typebox'
import { asyncColumns } from '../../data/report-columns/index.ts'
import { Model, Nullable, StringEnum } from '../../schema.ts'
import { Type } from '../../type.ts'
import { adSummaryStatuses } from './ad.ts'
import { conversionInput, granularities, timeZoneInput } from './analytics.ts'
import { objectives } from './campaign.ts'
import { summaryStatuses } from './common.ts'

/** The levels of reports that there are numbers for. */
export const countedReportLevels = ['ADVERTISER', 'CAMPAIGN', 'AD_GROUP', 'PIN_PROMOTION'] as const

export const reportLevels = [
  'ADVERTISER',
  'ADVERTISER_TARGETING',
  'CAMPAIGN',
  'CAMPAIGN_TARGETING',
  'AD_GROUP',
  'AD_GROUP_TARGETING',
  'PIN_PROMOTION',
  'PIN_PROMOTION_TARGETING',
  'KEYWORD',
  'PRODUCT_GROUP',
  'PRODUCT_GROUP_TARGETING',
  'PRODUCT_ITEM',
  'PRODUCT_ITEM_TARGETING',
] as const
/** What the rows of a report are about. */
export type ReportLevel = (typeof reportLevels)[number]

/** How reports are written. */
export const reportFormats = ['JSON', 'CSV'] as const
/** How a report is written. */
export type ReportFormat = (typeof reportFormats)[number]

export const reportStatuses = ['DOES_NOT_EXIST', 'FINISHED', 'IN_PROGRESS', 'EXPIRED', 'FAILED', 'CANCELLED'] as const
/** How far a report is. */
export type ReportStatus = (typeof reportStatuses)[number]

const targetingTypes = [
  ...(['KEYWORD', 'APPTYPE', 'GENDER', 'LOCATION', 'PLACEMENT', 'COUNTRY', 'TARGETED_INTEREST'] as const),
  ...(['PINNER_INTEREST', 'AUDIENCE_INCLUDE', 'GEO', 'AGE_BUCKET', 'REGION', 'MEDIA_TYPE'] as const),
  ...(['AGE_BUCKET_AND_GENDER', 'AUDIENCE_MULTIPLIER', 'CREATIVE_ENHANCEMENTS', 'LOCAL_ADS_STORE_CODE'] as const),
]

const places = ['', '_WEB', '_INAPP', '_OFFLINE'] as const
/** What can be told of events that advertisers define. */
const customMetrics = [
  'ADE_AVERAGE_VALUE_IN_MICRO_DOLLAR' as const,
  'ADE_TOTAL_CONVERSION_RATE' as const,
  ...places.flatMap((place) => [
    ...(['COST_PER_ACTION', 'ROAS'] as const).map((what) => `ADE${place}_${what}` as const),
    ...(
      [
        ...(['CONVERSIONS', 'VALUE_IN_MICRO_DOLLAR', 'CLICK', 'CLICK_VALUE_IN_MICRO_DOLLAR', 'VIEW'] as const),
        ...(['VIEW_VALUE_IN_MICRO_DOLLAR', 'CONVERSION_PRODUCT_QUANTITY', 'CONVERSION_PRODUCT_VALUE'] as const),
        ...(['MICRO_UNITS', 'USD', 'MICRO_USD'] as const).map((unit) => `CONVERSION_PRODUCT_VALUE_IN_${unit}` as const),
      ] as const
    ).map((what) => `ADE_TOTAL${place}_${what}` as const),
  ]),
]

/** The fields that a report can be narrowed by. */
export const metricsFilterFields = ['SPEND_IN_DOLLAR', 'TOTAL_IMPRESSION'] as const

/** A column of reports. Its names are put together when they are first asked for. */
const Column = {
  type: 'string',
  get enum() {
    return asyncColumns()
  },
} as unknown as TUnsafe<string>

const MetricsFilter = Model('AdsAnalyticsMetricsFilter', 'What the number of a row must be.', {
  field: StringEnum(metricsFilterFields, { description: 'The number.' }),
  operator: StringEnum(['LESS_THAN', 'GREATER_THAN'], { description: 'How it compares.' }),
  values: Type.Array(Type.Number(), { minItems: 1, maxItems: 100, description: 'With each of what.' }),
})

const ids = (what: string) =>
  Type.Optional(
    Type.Array(Type.String({ pattern: '^\\d+$' }), { minItems: 1, maxItems: 500, description: `Only ${what}` }),
  )
const statuses = <const T extends readonly string[]>(values: T, what: string) =>
  Type.Optional(
    Type.Array(StringEnum(values), {
      ...{ minItems: 1, maxItems: 6 },
      description: `Only ${what} with one of these summary statuses by now.`,
    }),
  )
const day = (description: string, example: string) =>
  Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description, examples: [example] })
const hour = (description: string) => Type.Optional(Type.Integer({ minimum: 0, maximum: 23, description }))
const without = 'There are none here: it leaves no rows.'

export const AdsAnalyticsCreateAsyncRequest = Model(
  'AdsAnalyticsCreateAsyncRequest',
  'Which numbers a report has, of what, and of which days.',
  {
    start_date: day('The first day, in UTC: at most 914 days back; 8 days by the hour.', '2026-03-01'),
    end_date: day('The last day, in UTC: at most 186 days after the first; 3 days by the hour.', '2026-03-14'),
    granularity: StringEnum(granularities, {
      description: 'One row for all days, or one for each hour, day, week (from Monday on) or month.',
      examples: ['DAY'],
    }),
    level: Type.Optional(
      StringEnum(reportLevels, {
        description: 'What its rows are about; without it, the ad account as a whole.',
        examples: ['CAMPAIGN'],
      }),
    ),
    columns: Type.Optional(
      Type.Array(Column, {
        description: 'What to tell. Ids and times are always there.',
        examples: [['SPEND_IN_MICRO_DOLLAR', 'TOTAL_CLICKTHROUGH']],
      }),
    ),
    report_format: Type.Optional(
      StringEnum(reportFormats, {
        default: 'JSON',
        description: 'How it is written: JSON leaves out what is zero, CSV does not.',
      }),
    ),
    primary_sort: Type.Optional(
      StringEnum(['BY_ID', 'BY_DATE'], {
        default: 'BY_ID',
        description: 'What its rows are ordered by first, and JSON has as keys.',
      }),
    ),
    start_hour: hour('The hour of the first day with which it begins: by the hour alone.'),
    end_hour: hour('The hour of the last day before which it ends: by the hour alone.'),
    campaign_ids: ids('these campaigns, and what is in them.'),
    campaign_statuses: statuses(summaryStatuses, 'campaigns, and what is in them,'),
    campaign_objective_types: Type.Optional(
      Type.Array(
        StringEnum(objectives, {
          'x-deprecated-values': { WEB_SESSIONS: 'Choose another objective.', VIDEO_VIEW: 'Use VIDEO_COMPLETION.' },
        }),
        { minItems: 1, maxItems: 7, description: 'Only campaigns with one of these objectives, and what is in them.' },
      ),
    ),
    campaign_brand_label: Type.Optional(
      Type.String({ maxLength: 500, description: 'Only campaigns with this brand label, and what is in them.' }),
    ),
    campaign_custom_label: Type.Optional(
      Type.String({ maxLength: 500, description: 'Only campaigns with this custom label, and what is in them.' }),
    ),
    ad_group_ids: ids('these ad groups, and what is in them.'),
    ad_group_statuses: statuses(summaryStatuses, 'ad groups, and what is in them,'),
    ad_ids: ids('these ads.'),
    ad_statuses: statuses(adSummaryStatuses, 'ads'),
    product_group_ids: ids(`these promoted product groups. ${without}`),
    product_group_statuses: statuses(['RUNNING', 'PAUSED', 'EXCLUDED', 'ARCHIVED'], 'promoted product groups'),
    product_item_ids: ids(`these products. ${without}`),
    metrics_filters: Type.Optional(
      Type.Array(MetricsFilter, { minItems: 1, maxItems: 20, description: 'Only rows that pass all of these.' }),
    ),
    targeting_types: Type.Optional(
      Type.Array(StringEnum(targetingTypes), {
        ...{ minItems: 1, maxItems: 5 },
        description: 'What numbers are broken down by, at the levels whose names end in `_TARGETING` alone.',
      }),
    ),
    combine_targeting_types: Type.Optional(
      Type.Boolean({ default: false, description: 'Whether they are broken down by all of these at once.' }),
    ),
    custom_conversion_event_metrics: Type.Optional(
      Type.Array(
        Type.Object({
          custom_event_metrics_type: StringEnum(customMetrics, { description: 'What to tell of the event.' }),
          custom_event_name: Type.String({ description: 'The event.' }),
        }),
        { description: 'Events of the advertiser. There are none here: it changes nothing.' },
      ),
    ),
    attribution_types: Type.Optional(
      Type.Array(StringEnum(['INDIVIDUAL', 'HOUSEHOLD']), {
        description: 'Whose conversions count. There are none here: it changes nothing.',
      }),
    ),
    ...conversionInput('integer'),
    ...timeZoneInput,
  },
  {
    examples: [
      {
        ...{ start_date: '2026-03-01', end_date: '2026-03-14', granularity: 'DAY', level: 'CAMPAIGN' },
        columns: ['SPEND_IN_MICRO_DOLLAR', 'TOTAL_CLICKTHROUGH'],
      },
    ],
  },
)

const report_status = Type.Optional(
  StringEnum(reportStatuses, { description: 'How far it is.', examples: ['IN_PROGRESS'] }),
)
const token = 'q3J8ZQhW6mB1xk0Tt9sVfA=='

export const AdsAnalyticsCreateAsyncResponse = Model(
  'AdsAnalyticsCreateAsyncResponse',
  'A report that was asked for.',
  {
    report_status,
    token: Type.Optional(Type.String({ description: 'What to ask for it with.', examples: [token] })),
    message: Type.Optional(Nullable(Type.String({ description: 'The same in words.' }))),
  },
  { examples: [{ report_status: 'IN_PROGRESS', token, message: 'The report is being made.' }] },
)

export const AdsAnalyticsGetAsyncResponse = Model(
  'AdsAnalyticsGetAsyncResponse',
  'How far a report is, and where it can be read.',
  {
    report_status,
    url: Type.Optional(
      Nullable(Type.String({ description: 'An address that gives it to everybody, for 5 minutes from now.' })),
    ),
    size: Type.Optional(Nullable(Type.Number({ description: 'How many bytes it has.' }))),
  },
  {
    examples: [
      {
        report_status: 'FINISHED',
        url: 'http://127.0.0.1:4000/_pinfold/reports/download?of=WzE3NzM0.q1ZK',
        size: 1234,
      },
    ],
  },
)

export const ReportToken = Type.String({
  maxLength: 500,
  description: 'The token of the report. It ends with `=`, which an address has as `%3D`.',
  examples: [token],
})
