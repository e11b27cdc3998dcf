import { Model, Nullable, StringEnum } from '../../schema.ts'
import { Type } from '../../type.ts'
import { OptimizationGoalMetadata } from './ad-group.ts'
import { Micros } from './common.ts'
import { audienceFields, sizedCreativeTypes } from './estimates.ts'
import { MatchType } from './keyword.ts'

const Day = (description: string, example: string) =>
  Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description, examples: [example] })

const EstimatedAdGroup = Model('AdGroupDeliveryEstimates', 'An ad group that the campaign would have.', {
  ...audienceFields,
  // Nothing is called deprecated of them here.
  creative_types: Type.Optional(
    Nullable(Type.Array(StringEnum(sizedCreativeTypes), { description: 'The kinds of its ads. None: any.' })),
  ),
  keywords: Type.Optional(
    Nullable(
      Type.Array(
        Type.Object({
          match_type: Nullable(MatchType),
          value: Type.String({ description: 'The words, at most 120 characters.' }),
        }),
        { description: 'Its keywords; one without a match type is passed over. None: any search.' },
      ),
    ),
  ),
  monthly_frequency_cap: Type.Optional(
    Type.Integer({ minimum: 0, description: 'How often somebody may see it in a month; 0: however often.' }),
  ),
  optimization_goal_metadata: Type.Optional(OptimizationGoalMetadata),
  optimization_type: Type.Optional(
    StringEnum(['CLICKTHROUGH', 'IMPRESSION', 'WEB_CONVERSION', 'ROAS', 'OUTBOUND_CLICK'], {
      description: 'What delivery would aim at.',
    }),
  ),
})

export const budgetDurations = ['FIXED_DAILY', 'FLEXIBLE_DAILY', 'LIFETIME'] as const
/** What a budget is for. */
export type BudgetDuration = (typeof budgetDurations)[number]

const example = {
  ...{ budget_duration_type: 'FIXED_DAILY', daily_spend_cap: 50_000_000, objective_type: 'CONSIDERATION' },
  ...{ start_date: '2026-03-15', end_date: '2026-04-14', ad_groups: [{ targeting_spec: { LOCATION: ['US'] } }] },
}

const EstimatedCampaign = Model(
  'CampaignDeliveryEstimatesCampaign',
  'A campaign that there could be.',
  {
    ad_groups: Type.Array(EstimatedAdGroup, { minItems: 1, maxItems: 10, description: 'Its ad groups.' }),
    budget_duration_type: StringEnum(budgetDurations, {
      description: 'Whether its budget is for each day, or for all of its time, which needs `end_date`.',
    }),
    daily_spend_cap: Type.Optional(Micros('The budget of a day')),
    lifetime_spend_cap: Type.Optional(Micros('The budget for all of its time')),
    start_date: Day('Its first day.', '2026-03-15'),
    end_date: Type.Optional(Day('Its last day.', '2026-04-14')),
    objective_type: StringEnum(['AWARENESS', 'CONSIDERATION', 'CATALOG_SALES', 'WEB_CONVERSION'], {
      description: 'What it would be for.',
    }),
  },
  { examples: [example] },
)

export const CampaignDeliveryEstimatesRequest = Type.Array(EstimatedCampaign, {
  minItems: 1,
  maxItems: 1,
  description: 'The campaign.',
  examples: [[example]],
})

export const estimationTypes = [
  'IMPRESSION',
  'CLICK',
  'CONVERSION',
  'WEEKLY_FREQUENCY',
  'WEEKLY_REACH',
  'LIFETIME_FREQUENCY',
  'LIFETIME_REACH',
  'CPM',
  'CPC',
  'CPA',
] as const
/** What a curve of estimates tells. */
export type EstimationType = (typeof estimationTypes)[number]

const Point = Model('CampaignPlanningPointEstimate', 'What a budget would do.', {
  budget: Micros('The budget'),
  double_y: Nullable(Type.Number({ description: 'The value, of what is no whole number.' })),
  max_y: Nullable(Type.Integer({ description: 'At most so much.' })),
  min_y: Nullable(Type.Integer({ description: 'At least so much.' })),
  y: Nullable(Type.Integer({ description: 'The value, of what is a whole number.' })),
})

const Curve = Model('CampaignPlanningCurveEstimate', 'What larger and larger budgets would do.', {
  estimation_type: Type.Optional(StringEnum(estimationTypes, { description: 'What is estimated.' })),
  points: Type.Optional(Type.Array(Point, { maxItems: 100, description: 'By budget.' })),
})

const derived = {
  cpc: 'What a click would cost',
  cpm: 'What a thousand impressions would cost',
  lifetime_frequency: 'How often somebody would see it at all',
  lifetime_impression: 'How many impressions there would be at all',
  lifetime_reach: 'How many people would see it at all',
  weekly_click: 'How many clicks there would be in a week',
  weekly_frequency: 'How often somebody would see it in a week',
  weekly_impression: 'How many impressions there would be in a week',
  weekly_reach: 'How many people would see it in a week',
} as const
/** What is estimated of the budget that was named. */
export type DerivedMetric = keyof typeof derived
/** An estimate, or one of its bounds. */
export type DerivedMetricField = DerivedMetric | `${DerivedMetric}_lower` | `${DerivedMetric}_upper`

const DerivedMetrics = Model(
  'CampaignDeliveryEstimatesDerivedMetrics',
  'What the budget that was named would do.',
  Object.fromEntries(
    Object.entries(derived).flatMap(([name, what]) => [
      [name, Type.Optional(Type.Number({ description: `${what}.` }))],
      [`${name}_lower`, Type.Optional(Type.Number({ description: `${what}, at least.` }))],
      [`${name}_upper`, Type.Optional(Type.Number({ description: `${what}, at most.` }))],
    ]),
  ),
)

export const CampaignDeliveryEstimates = Model(
  'CampaignDeliveryEstimates',
  'What a campaign could do, by a model of Pinfold’s own.',
  {
    curves: Type.Optional(Type.Array(Curve, { maxItems: 20, description: 'What larger and larger budgets would do.' })),
    derived_metrics: Type.Optional(Type.Unsafe<Partial<Record<DerivedMetricField, number>>>(DerivedMetrics)),
    max_potential_spend: Type.Optional(Micros('The largest budget that could be spent')),
  },
  {
    examples: [
      {
        curves: [
          {
            estimation_type: 'CLICK',
            points: [{ budget: 50_000_000, double_y: null, max_y: 912, min_y: 608, y: 760 }],
          },
        ],
        derived_metrics: { weekly_click: 760, weekly_click_lower: 608, weekly_click_upper: 912 },
        max_potential_spend: 900_000_000,
      },
    ],
  },
)
