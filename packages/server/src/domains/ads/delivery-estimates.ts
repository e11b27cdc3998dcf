import type {
  BudgetDuration,
  Currency,
  DerivedMetric,
  DerivedMetricField,
  EstimationType,
  Objective,
} from '@pinfold/contract'
import { invalid } from '../../core/errors.ts'
import { bidFloorOf } from './bid-floor.ts'
import { type Audience, reachOf, roundly } from './reach.ts'

/** An ad group that a campaign would have. */
export interface EstimatedAdGroup {
  /** Whom it would be for. */
  audience: Audience
  /** How often somebody may see it in a month; 0: however often. */
  frequencyCap: number
}

/** A campaign that there could be. */
export interface EstimatedCampaign {
  adGroups: readonly EstimatedAdGroup[]
  duration: BudgetDuration
  objective: Objective
  currency: Currency
  /** In millionths of the currency. */
  dailyCap: number | undefined
  lifetimeCap: number | undefined
  /** `YYYY-MM-DD`. */
  startDate: string
  endDate: string | undefined
}

/** What one budget would do. */
interface Delivery {
  impressions: number
  reach: number
  clicks: number
  conversions: number
}

/** A value of a curve, with its bounds; those of what is no whole number are not told. */
interface Point {
  budget: number
  double_y: number | null
  max_y: number | null
  min_y: number | null
  y: number | null
}

/** What a campaign could do, under the names of the API. */
export interface DeliveryEstimates {
  curves: { estimation_type: EstimationType; points: Point[] }[]
  max_potential_spend: number
  derived_metrics?: Partial<Record<DerivedMetricField, number>>
}

const [daysOfMonth, daysOfWeek, dayMs] = [30, 7, 86_400_000]
/** How often somebody sees the ads of one campaign in a month, if nothing caps it. */
const usualFrequency = 12
/** What others bid, beside the least bid. */
const market = 1.6
/** How many impressions become a click, and how many clicks something that is worth it. */
const [clickRate, conversionRate] = [0.009, 0.02]
/** How fast a budget finds less and less for its money. */
const saturation = 1.2
/** Estimates are told with a fifth more and less. */
const spread = 0.2
const budgetsOfCurve = 10

/** Returns what a campaign could do: a function of its arguments alone. Throws a 400 for dates and caps that do not fit. */
export function estimateDelivery(campaign: EstimatedCampaign): DeliveryEstimates {
  const days = daysOf(campaign)
  const cap = capOf(campaign)
  const model = modelOf(campaign)
  const isLifetime = campaign.duration === 'LIFETIME'
  const most = roundly(model.spendOfDay * (isLifetime ? (days ?? 1) : 1))
  const perDay = (budget: number) => (isLifetime ? budget / (days ?? 1) : budget)
  const within = (budget: number, count: number) => model.deliver(perDay(budget), count)
  const budgets = Array.from({ length: budgetsOfCurve }, (_, i) => Math.round((most * (i + 1)) / budgetsOfCurve))
  const values: [EstimationType, (budget: number) => number, isWhole: boolean][] = [
    ['IMPRESSION', (budget) => within(budget, daysOfWeek).impressions, true],
    ['CLICK', (budget) => within(budget, daysOfWeek).clicks, true],
    ['WEEKLY_REACH', (budget) => within(budget, daysOfWeek).reach, true],
    ['WEEKLY_FREQUENCY', (budget) => frequencyOf(within(budget, daysOfWeek)), false],
    ['CPM', (budget) => costOf(perDay(budget), within(budget, 1).impressions / 1000), false],
    ['CPC', (budget) => costOf(perDay(budget), within(budget, 1).clicks), false],
    ...(days === undefined
      ? []
      : ([
          ['LIFETIME_REACH', (budget) => within(budget, days).reach, true],
          ['LIFETIME_FREQUENCY', (budget) => frequencyOf(within(budget, days)), false],
        ] satisfies [EstimationType, (budget: number) => number, boolean][])),
    ...(['WEB_CONVERSION', 'CATALOG_SALES'].includes(campaign.objective)
      ? ([
          ['CONVERSION', (budget) => within(budget, daysOfWeek).conversions, true],
          ['CPA', (budget) => costOf(perDay(budget), within(budget, 1).conversions), false],
        ] satisfies [EstimationType, (budget: number) => number, boolean][])
      : []),
  ]
  return {
    curves: values.map(([estimation_type, value, isWhole]) => ({
      estimation_type,
      points: budgets.map((budget) => pointOf(budget, value(budget), isWhole)),
    })),
    max_potential_spend: most,
    ...(cap !== undefined && { derived_metrics: derivedOf(perDay(cap), days, model) }),
  }
}

/** Returns how many days the campaign has; undefined if it has no end. */
function daysOf({ startDate, endDate, duration }: EstimatedCampaign): number | undefined {
  const start = dayOf('start_date', startDate)
  if (endDate === undefined) {
    if (duration === 'LIFETIME') throw invalid(`'end_date' is needed with the 'budget_duration_type' LIFETIME.`)
    return undefined
  }
  const end = dayOf('end_date', endDate)
  if (end < start) throw invalid(`'end_date' must not be before 'start_date'.`)
  return (end - start) / dayMs + 1
}

function dayOf(name: string, text: string): number {
  const time = Date.parse(`${text}T00:00:00Z`)
  if (Number.isNaN(time) || !new Date(time).toISOString().startsWith(text))
    throw invalid(`'${name}' must be a day: YYYY-MM-DD.`)
  return time
}

/** Returns the cap that counts, in millionths. */
function capOf({ duration, dailyCap, lifetimeCap }: EstimatedCampaign): number | undefined {
  if ([dailyCap, lifetimeCap].some((cap) => cap !== undefined && cap < 0))
    throw invalid(`'daily_spend_cap' and 'lifetime_spend_cap' must not be negative.`)
  if (dailyCap !== undefined && lifetimeCap !== undefined)
    throw invalid(`A campaign has either 'daily_spend_cap' or 'lifetime_spend_cap', not both.`)
  if (duration === 'LIFETIME' && dailyCap !== undefined)
    throw invalid(`With the 'budget_duration_type' LIFETIME it is 'lifetime_spend_cap', not 'daily_spend_cap'.`)
  if (duration !== 'LIFETIME' && lifetimeCap !== undefined)
    throw invalid(`With the 'budget_duration_type' ${duration} it is 'daily_spend_cap', not 'lifetime_spend_cap'.`)
  return dailyCap ?? lifetimeCap
}

/** What the ad groups of a campaign come to together. */
interface Model {
  /** What can be spent in a day, in millionths. */
  spendOfDay: number
  /** Returns what a budget for each day does in some days. */
  deliver(budget: number, days: number): Delivery
}

function modelOf({ adGroups, currency, objective }: EstimatedCampaign): Model {
  const groups = adGroups.map(({ audience, frequencyCap }) => {
    const reach = reachOf(audience)
    const frequency = frequencyCap > 0 ? Math.min(frequencyCap, usualFrequency) : usualFrequency
    const floor = bidFloorOf({ billable_event: 'IMPRESSION', currency, objective_type: objective }, audience.targeting)
    return { reach, impressions: (reach * frequency) / daysOfMonth, costOfThousand: floor * market }
  })
  const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)
  // Half of those whom a smaller audience has are in a larger one too.
  const reaches = groups.map(({ reach }) => reach)
  const largest = Math.max(...reaches)
  const people = largest + (sum(reaches) - largest) / 2
  const mostOfDay = sum(groups.map(({ impressions }) => impressions))
  const spendOfDay = sum(groups.map(({ impressions, costOfThousand }) => (impressions / 1000) * costOfThousand))
  return {
    spendOfDay,
    deliver(budget, days) {
      const share = spendOfDay === 0 ? 0 : Math.min(1, budget / spendOfDay)
      const impressions = (mostOfDay * days * (1 - Math.exp(-saturation * share))) / (1 - Math.exp(-saturation))
      const reach = people === 0 ? 0 : people * (1 - Math.exp(-impressions / people))
      const clicks = impressions * clickRate
      return { impressions, reach, clicks, conversions: clicks * conversionRate }
    },
  }
}

const frequencyOf = ({ impressions, reach }: Delivery): number => (reach === 0 ? 0 : impressions / reach)

/** Returns what one of something costs, in units of the currency; 0 if there is none. */
const costOf = (budget: number, count: number): number => (count === 0 ? 0 : budget / 1_000_000 / count)

const short = (number: number): number => Number(number.toPrecision(4))

function pointOf(budget: number, value: number, isWhole: boolean): Point {
  if (!isWhole) return { budget, double_y: short(value), max_y: null, min_y: null, y: null }
  const [y, min_y, max_y] = [value, value * (1 - spread), value * (1 + spread)].map(roundly) as [number, number, number]
  return { budget, double_y: null, max_y, min_y, y }
}

function derivedOf(
  budget: number,
  days: number | undefined,
  { deliver }: Model,
): Partial<Record<DerivedMetricField, number>> {
  const [day, week] = [deliver(budget, 1), deliver(budget, daysOfWeek)]
  const whole = days === undefined ? undefined : deliver(budget, days)
  const values: Partial<Record<DerivedMetric, number>> = {
    cpc: costOf(budget, day.clicks),
    cpm: costOf(budget, day.impressions / 1000),
    weekly_click: week.clicks,
    weekly_frequency: frequencyOf(week),
    weekly_impression: week.impressions,
    weekly_reach: week.reach,
    ...(whole && {
      lifetime_frequency: frequencyOf(whole),
      lifetime_impression: whole.impressions,
      lifetime_reach: whole.reach,
    }),
  }
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => [
      [name, short(value)],
      [`${name}_lower`, short(value * (1 - spread))],
      [`${name}_upper`, short(value * (1 + spread))],
    ]),
  )
}
