import type { Static, TSchema } from 'typebox'
import { syncColumns } from '../../data/sync-columns.ts'
import { Model, StringEnum } from '../../schema.ts'
import { Type } from '../../type.ts'

/** How the days of analytics of ads are put together. */
export const granularities = ['TOTAL', 'DAY', 'HOUR', 'WEEK', 'MONTH'] as const
/** How the days of analytics of ads are put together. */
export type Granularity = (typeof granularities)[number]

/** The most Pins that analytics of ads can be narrowed to. */
export const mostFilterPins = 100

const windowDays = (type: 'number' | 'integer', description: string, usual: number) =>
  Type.Optional(
    Type.Unsafe<0 | 1 | 7 | 14 | 30 | 60>({
      type,
      enum: [0, 1, 7, 14, 30, 60],
      default: usual,
      description: `${description} There are no conversions here, so it changes nothing.`,
    }),
  )

/** Which conversions count, and when. `type`: what Pinterest calls the numbers of days, which differs. */
export const conversionInput = (type: 'number' | 'integer') => ({
  click_window_days: windowDays(type, 'How many days after a click a conversion counts.', 30),
  engagement_window_days: windowDays(type, 'How many days after an engagement a conversion counts.', 30),
  view_window_days: windowDays(type, 'How many days after the ad was seen a conversion counts.', 1),
  conversion_report_time: Type.Optional(
    StringEnum(['TIME_OF_AD_ACTION', 'TIME_OF_CONVERSION'], {
      default: 'TIME_OF_AD_ACTION',
      description: 'Whether conversions count on the day of the ad or on their own. It changes nothing here.',
    }),
  ),
})

/** Which numbers of ads, of which days. */
export const adAnalyticsQuery = {
  start_date: Type.String({
    format: 'date',
    maxLength: 40,
    description: 'The first day, in UTC: `YYYY-MM-DD`, at most 90 days back from today; 8 days by the hour.',
    examples: ['2026-03-01'],
  }),
  end_date: Type.String({
    format: 'date',
    maxLength: 40,
    description: 'The last day, in UTC: `YYYY-MM-DD`, at most 90 days after `start_date`; 3 days by the hour.',
    examples: ['2026-03-14'],
  }),
  columns: Type.Array(StringEnum(syncColumns), {
    minItems: 1,
    description:
      'What to tell: fields of what was advertised, counts, and rates and costs, which follow from the sums. Money is in the ' +
      "ad account's currency, or in millionths of it. What has no value is left out.",
    examples: [['SPEND_IN_MICRO_DOLLAR', 'TOTAL_CLICKTHROUGH', 'ECTR']],
  }),
  granularity: StringEnum(granularities, {
    description:
      'One row for all days, or one for each of them, or for each hour, week (from Monday on) or month with numbers.',
    examples: ['DAY'],
  }),
  ...conversionInput('number'),
}

/** How days are made of hours. */
export const timeZoneInput = {
  reporting_timezone: Type.Optional(
    StringEnum(['PINTEREST_TIME_ZONE', 'AD_ACCOUNT_TIME_ZONE'], {
      description: 'Whose days are meant. They are those of UTC here, whatever is asked for.',
      examples: ['PINTEREST_TIME_ZONE'],
    }),
  ),
}

/** Whether the rows of what was asked for become one. */
export const aggregateQuery = {
  aggregate_report_rows: Type.Optional(
    Type.Boolean({
      default: false,
      description: 'Whether what was asked for is added up: one row for each time, without ids.',
    }),
  ),
}

/** A value of a column. */
const ColumnCell = Type.Union([Type.String(), Type.Number(), Type.Boolean()])
type ColumnCell = Static<typeof ColumnCell>

/** A model of rows of numbers: the id, the time, and whatever columns were asked for. */
const Row = (name: string, properties: Record<string, TSchema>, example: Record<string, ColumnCell>) =>
  Type.Unsafe<Record<string, ColumnCell>>(
    Model(
      name,
      'Numbers of ads, under the names of the columns that were asked for.',
      {
        ...properties,
        DATE: Type.Optional(
          Type.String({
            description:
              'The day, or the first day of the week or month; by the hour it has the time too. Not there for TOTAL.',
          }),
        ),
      },
      { additionalProperties: ColumnCell, examples: [{ DATE: '2026-03-01', ...example }] },
    ),
  )

const id = (description: string) => Type.String({ pattern: '^\\d+$', description })
const numbers = { SPEND_IN_DOLLAR: 12.5, TOTAL_CLICKTHROUGH: 31 }
const exampleId = '1142048512397315'
const ifApart = 'Not there if rows were added up.'

/** Returns the schema of a list of rows. */
const rowsOf = <T extends TSchema>(row: T) =>
  Type.Array(row, { description: 'Those that have numbers: by what was asked for, then by time.' })

/** The answers of the analytics of ads. */
export const AdAccountAnalytics = rowsOf(
  Row('AdAccountAnalyticsRow', { AD_ACCOUNT_ID: id('The ad account.') }, { AD_ACCOUNT_ID: exampleId, ...numbers }),
)
export const CampaignsAnalytics = rowsOf(
  Row(
    'CampaignsAnalyticsRow',
    { CAMPAIGN_ID: Type.Optional(id(`The campaign. ${ifApart}`)) },
    { CAMPAIGN_ID: exampleId, ...numbers },
  ),
)
export const AdGroupsAnalytics = rowsOf(
  Row(
    'AdGroupsAnalyticsRow',
    { AD_GROUP_ID: Type.Optional(id(`The ad group. ${ifApart}`)) },
    { AD_GROUP_ID: exampleId, ...numbers },
  ),
)
export const AdsAnalytics = rowsOf(Row('AdsAnalyticsRow', { AD_ID: id('The ad.') }, { AD_ID: exampleId, ...numbers }))
export const AdPinsAnalytics = rowsOf(
  Row('AdPinAnalytics', { PIN_ID: id('The Pin.') }, { PIN_ID: exampleId, ...numbers }),
)
/** A row of the analytics of ads. */
export type AdAnalyticsRow = Static<typeof AdsAnalytics>[number]
