import {
  countedReportLevels,
  type Granularity,
  type Objective,
  type OperationInput,
  type ReportFormat,
  type ReportLevel,
  reportColumns,
  type resources,
} from '@pinfold/contract'
import { ApiError } from '../../../core/errors.ts'
import { entityIdOf } from '../entities.ts'
import { said } from '../given.ts'
import { hourlyReach, type Reach, readAdRange } from '../numbers/range.ts'

/** What is asked for. */
export type ReportBody = OperationInput<typeof resources.adReports.create>['body']
/** A level that there are numbers for. */
export type CountedLevel = (typeof countedReportLevels)[number]

/** What narrows reports to some of a kind; what is missing narrows nothing. */
export interface EntityNarrowing {
  ids?: number[]
  /** Summary statuses. */
  statuses?: string[]
}

/** What narrows reports to some campaigns. */
export interface CampaignNarrowing extends EntityNarrowing {
  objectives?: Objective[]
  brandLabel?: string
  customLabel?: string
}

/** What a row must be. */
export interface MetricsNarrowing {
  field: string
  operator: 'LESS_THAN' | 'GREATER_THAN'
  values: number[]
}

/** A report to make, as jobs keep it: of equal ones there is one. */
export interface ReportSpec {
  /** Without it, there is nothing that its rows could be about. */
  level: CountedLevel | null
  format: ReportFormat
  columns: string[]
  granularity: Granularity
  /** Days, or hours by the hour, from the first to the last; none if that is before the first. */
  range: { first: number; last: number }
  isByDate: boolean
  campaign: CampaignNarrowing
  adGroup: EntityNarrowing
  ad: EntityNarrowing
  metrics: MetricsNarrowing[]
}

const daysReach: Reach = { back: 914, long: 186 }
const productReach: Reach = { back: 92, long: 31 }
const hoursOfDay = 24

const refuse = (detail: string) => new ApiError('adsAnalyticsInvalid', { detail })

/** Returns what is to be made. Throws `adsAnalyticsInvalid` when there is no such report. */
export function readReportSpec(body: ReportBody, now: number): ReportSpec {
  const { level = 'ADVERTISER', granularity } = body
  const isHourly = granularity === 'HOUR'
  const isOfProducts = level === 'PRODUCT_ITEM'
  if (body.targeting_types && !level.endsWith('_TARGETING'))
    throw refuse(`'targeting_types' go with a 'level' that ends in _TARGETING: this is ${level}.`)
  if (!isHourly && (body.start_hour ?? body.end_hour) !== undefined)
    throw refuse(`'start_hour' and 'end_hour' go with the 'granularity' HOUR alone.`)
  if (isOfProducts) checkOfProducts(body)
  const reach = isHourly ? hourlyReach : isOfProducts ? productReach : daysReach
  const days = readAdRange(body, { now, reach, problem: 'adsAnalyticsInvalid' })
  const range = isHourly
    ? {
        first: days.first * hoursOfDay + (body.start_hour ?? 0),
        last: days.last * hoursOfDay + (body.end_hour ?? hoursOfDay) - 1,
      }
    : days
  if (range.last < range.first) throw refuse(`'end_hour' must be after 'start_hour' on the same day.`)
  const narrowsProducts = body.product_group_ids ?? body.product_group_statuses ?? body.product_item_ids
  return {
    level: narrowsProducts === undefined ? countedLevel(level) : null,
    format: body.report_format ?? 'JSON',
    columns: [...new Set(body.columns)],
    granularity,
    range: { first: range.first, last: range.last },
    isByDate: body.primary_sort === 'BY_DATE' && granularity !== 'TOTAL',
    campaign: said({
      ids: idsOf(body.campaign_ids),
      statuses: sorted(body.campaign_statuses),
      objectives: sorted(body.campaign_objective_types),
      brandLabel: body.campaign_brand_label,
      customLabel: body.campaign_custom_label,
    }),
    adGroup: said({ ids: idsOf(body.ad_group_ids), statuses: sorted(body.ad_group_statuses) }),
    ad: said({ ids: idsOf(body.ad_ids), statuses: sorted(body.ad_statuses) }),
    metrics: (body.metrics_filters ?? []).map(({ field, operator, values }) => ({ field, operator, values })),
  }
}

const countedLevel = (level: ReportLevel): CountedLevel | null =>
  (countedReportLevels as readonly string[]).includes(level) ? (level as CountedLevel) : null

function checkOfProducts({ ad_ids: ids, ad_statuses: statuses, columns = [] }: ReportBody): void {
  if (ids ?? statuses) throw refuse(`'ad_ids' and 'ad_statuses' do not go with products.`)
  const ofAds = columns.filter((name) => {
    const source = reportColumns().get(name)?.source
    return source !== undefined && 'entity' in source && source.entity === 'ad'
  })
  if (ofAds.length > 0) throw refuse(`'columns': ${ofAds.join(', ')} do not go with products.`)
}

const idsOf = (ids: readonly string[] | undefined) => ids && [...new Set(ids.map(entityIdOf))].toSorted((a, b) => a - b)

const sorted = <T extends string>(values: readonly T[] | undefined): T[] | undefined =>
  values && [...new Set(values)].toSorted()
