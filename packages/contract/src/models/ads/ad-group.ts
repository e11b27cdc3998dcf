import { placementGroups } from '../../data/targeting.ts'
import { Model, Nullable, StringEnum } from '../../schema.ts'
import { Type } from '../../type.ts'
import { PerformancePlusCampaignSettings } from './campaign.ts'
import {
  BatchOf,
  EntityId,
  Micros,
  Seconds,
  Status,
  shown,
  summaryStatuses,
  TrackingUrls,
  unsettable,
} from './common.ts'
import { TargetingSpec, TargetingSpecOperation } from './targeting.ts'

export const billableEvents = ['CLICKTHROUGH', 'IMPRESSION', 'VIDEO_V_50_MRC'] as const
/** What an ad group pays for. */
export type BillableEvent = (typeof billableEvents)[number]

export const budgetTypes = ['DAILY', 'LIFETIME', 'CBO_ADGROUP'] as const
/** What the budget of an ad group is for; CBO_ADGROUP: the campaign has it. */
export type BudgetType = (typeof budgetTypes)[number]

export const bidStrategies = ['AUTOMATIC_BID', 'MAX_BID', 'TARGET_AVG'] as const
/** How the bids of an ad group are found. */
export type BidStrategy = (typeof bidStrategies)[number]

const conversionEvents = [
  ...(['PAGE_VISIT', 'SIGNUP', 'CHECKOUT', 'CUSTOM', 'VIEW_CATEGORY', 'SEARCH', 'ADD_TO_CART'] as const),
  ...(['WATCH_VIDEO', 'LEAD', 'APP_INSTALL'] as const),
] as const

const days = (of: string) => Type.Optional(Type.Integer({ description: `After ${of}, in days.` }))
const digits = (description: string) => Type.String({ pattern: '^[0-9]+$', description })
const learningModes = ['NOT_ACTIVE', 'ACTIVE'] as const

const ConversionGoal = Type.Object(
  {
    attribution_windows: Type.Optional(
      Type.Object(
        {
          click_window_days: days('a click'),
          engagement_window_days: days('an engagement'),
          view_window_days: days('a view'),
        },
        { description: 'How long after it a conversion is put down to an ad.' },
      ),
    ),
    conversion_event: Type.Optional(StringEnum(conversionEvents, { description: 'The conversion that is wanted.' })),
    conversion_tag_id: Type.Optional(digits('The tag that reports it.')),
    cpa_goal_value_in_micro_currency: Type.Optional(digits('What one may cost, in millionths of the currency.')),
    is_roas_optimized: Type.Optional(
      Nullable(
        Type.Boolean({ description: 'Whether its value counts, not the number: of CHECKOUT, with automatic bids.' }),
      ),
    ),
    learning_mode_type: Type.Optional(
      Nullable(StringEnum(learningModes, { description: 'Whether it is still being learned.' })),
    ),
    reporting_event: Type.Optional(Type.String({ description: 'The name of the event behind it.' })),
  },
  { description: 'Conversions.' },
)

/** What delivery aims at. */
export const OptimizationGoalMetadata = Model('OptimizationGoalMetadata', 'What delivery aims at.', {
  conversion_tag_v3_goal_metadata: Type.Optional(ConversionGoal),
  frequency_goal_metadata: Type.Optional(
    Type.Object(
      {
        frequency: Type.Optional(Type.Integer({ minimum: 2, maximum: 20, description: 'How often.' })),
        timerange: Type.Optional(
          StringEnum(['THIRTY_DAY', 'DAY', 'SEVEN_DAY', 'TWENTY_MINUTE', 'TEN_MINUTE', 'TWENTY_FOUR_HOUR'], {
            description: 'In which time.',
          }),
        ),
      },
      { description: 'How often somebody is to see it.' },
    ),
  ),
  scrollup_goal_metadata: Type.Optional(
    Type.Object(
      { scrollup_goal_value_in_micro_currency: Type.Optional(Nullable(digits('What one may cost, in millionths.'))) },
      { description: 'Scrolling up.' },
    ),
  ),
})

const name = Type.String({ description: 'What people call it, at most 255 characters.', examples: ['Cups'] })
const campaign_id = Type.String({
  pattern: '^[C]?\\d+$',
  description: 'The campaign that it is in.',
  examples: ['1142048512397315'],
})
const billable_event = StringEnum(billableEvents, {
  description: 'What is paid for. It can be changed while the ad group is a draft.',
  examples: ['CLICKTHROUGH'],
})

/** What may be unset, and is null then. */
const nullable = {
  start_time: Seconds('When it begins; null: with its campaign'),
  end_time: Seconds('When it ends; null: with its campaign'),
  bid_in_micro_currency: Micros('The most to bid for what is paid for', 1_500_000),
  budget_in_micro_currency: Micros('What it may spend; null when its campaign has the budget', 5_000_000),
  bid_strategy_type: StringEnum(bidStrategies, { description: 'How bids are found.' }),
  auto_targeting_enabled: Type.Boolean({ description: 'Whether others may see it who are like those it is for.' }),
  is_creative_optimization: Type.Boolean({ description: 'Whether its Pins may be shown in other formats too.' }),
  optimization_goal_metadata: OptimizationGoalMetadata,
  promotion_id: Type.String({ pattern: '^\\d+$', description: 'A promotion that its ads show.' }),
  promotion_application_level: StringEnum(['NONE', 'ITEM', 'AD_GROUP'], {
    description: 'What promotions are shown for.',
  }),
  targeting_template_ids: Type.Array(Type.String({ pattern: '^\\d+$' }), {
    maxItems: 1,
    description: "The targeting template that says whom it is for. `['0']`: none any more.",
  }),
  tracking_urls: TrackingUrls,
  ext_features: Type.Object(
    {
      enabled: Type.Optional(Type.Array(StringEnum(['TRENDS', 'CLONE_META', 'BULK_EDITOR', 'AD_ROTATION']))),
    },
    { description: 'What else is on for it.' },
  ),
  performance_plus_campaign_settings: PerformancePlusCampaignSettings,
  placement_traffic_type: StringEnum(['ALL', 'TWO_COLUMN_FEED', 'FULLSCREEN_FEED'], {
    description: 'The kind of feed in which it is shown.',
  }),
}

const plain = {
  status: Status,
  lifetime_frequency_cap: Type.Integer({
    description: 'How often somebody may see it in 30 days; -1: however often. Only where impressions are paid for.',
  }),
  targeting_spec: TargetingSpec,
  customer_segment_id: Type.String({ pattern: '^\\d+$', description: 'The customers that it is for.' }),
  feed_profile_id: Type.String({ description: 'The feed of products that it shows; `0`: none.' }),
  is_local_inventory: Type.Boolean({ description: 'Whether it shows what shops near by have.' }),
  local_inventory_radius_in_miles: Type.Number({ description: 'How far away those shops may be.' }),
  promotion_ids: Type.Array(Type.String(), { description: 'The promotions that its ads show.' }),
}

/** What has a default for something new. */
const withDefaults = (options: { budget?: object; pacing?: object; placement?: object } = {}) => ({
  budget_type: StringEnum(budgetTypes, {
    description: 'What the budget is for: a day, or all of the time. CBO_ADGROUP: the campaign has it.',
    ...options.budget,
  }),
  pacing_delivery_type: StringEnum(['STANDARD', 'ACCELERATED'], {
    description: 'Whether the budget is spent evenly, or as fast as can be.',
    ...options.pacing,
  }),
  placement_group: StringEnum(placementGroups, { description: 'Where it is shown.', ...options.placement }),
})

const bid_multiplier = Type.Number({
  minimum: 0,
  maximum: 10,
  description: 'By what automatic bids are multiplied, from 0.1 to 10. 0: by nothing any more.',
})

export const AdGroupCreate = Model(
  'AdGroupCreate',
  'An ad group to make.',
  {
    name,
    campaign_id,
    billable_event,
    ...unsettable({
      ...nullable,
      ...plain,
      ...withDefaults({ budget: { default: 'DAILY' }, pacing: { default: 'STANDARD' }, placement: { default: 'ALL' } }),
      promotion_id: Type.String({ pattern: '^\\d+$', default: '0', description: 'A promotion that its ads show.' }),
      bid_multiplier,
    }),
  },
  {
    examples: [
      {
        ...{ name: 'Cups', campaign_id: '1142048512397315', billable_event: 'CLICKTHROUGH', status: 'ACTIVE' },
        ...{ bid_in_micro_currency: 1_500_000, targeting_spec: { LOCATION: ['US'], GENDER: ['female'] } },
      },
    ],
  },
)

export const AdGroupUpdate = Model(
  'AdGroupUpdate',
  'A change of an ad group. What is not named stays as it is.',
  {
    id: EntityId('The ad group.'),
    ...unsettable({
      name,
      campaign_id,
      billable_event,
      ...nullable,
      ...plain,
      ...withDefaults(),
      bid_multiplier,
      targeting_spec_operations: Type.Array(TargetingSpecOperation, {
        description: 'Changes of fields of `targeting_spec`, one after the other; without it in the same change.',
      }),
    }),
  },
  { examples: [{ id: '1142048512397320', name: 'Large cups', status: 'PAUSED' }] },
)

const example = {
  id: '1142048512397320',
  ad_account_id: '1142048512397313',
  campaign_id: '1142048512397315',
  name: 'Cups',
  status: 'ACTIVE',
  summary_status: 'RUNNING',
  billable_event: 'CLICKTHROUGH',
  bid_in_micro_currency: 1_500_000,
  bid_strategy_type: 'MAX_BID',
  budget_type: 'CBO_ADGROUP',
  budget_in_micro_currency: null,
  targeting_spec: { LOCATION: ['US'], GENDER: ['female'] },
  conversion_learning_mode_type: null,
  created_time: 1773480413,
  updated_time: 1773480413,
  type: 'adgroup',
}

/** An ad group. */
export const AdGroup = Model(
  'AdGroup',
  'An ad group: ads of a campaign with one audience and one bid.',
  {
    id: EntityId('The ad group.'),
    name,
    campaign_id,
    billable_event,
    created_time: Seconds('When it was made'),
    updated_time: Seconds('When it was changed last'),
    type: Type.String({ description: 'Always `adgroup`.', examples: ['adgroup'] }),
    conversion_learning_mode_type: Nullable(
      StringEnum(learningModes, { description: 'Whether its conversions are still being learned.' }),
    ),
    summary_status: StringEnum(summaryStatuses, {
      description: 'What has become of it by now: by its own state and times, and those of its campaign.',
    }),
    ad_account_id: Type.Optional(EntityId('The ad account that it is in.')),
    ...shown({ ...nullable, ...plain, ...withDefaults(), bid_multiplier }, [
      ...(Object.keys(nullable) as (keyof typeof nullable)[]),
      'bid_multiplier' as const,
    ]),
    enabled_catalog_expansion: Type.Optional(
      Type.Boolean({ description: 'Always false. Pinterest answers it, and describes it nowhere.' }),
    ),
    dca_assets: Type.Optional(Type.Unknown({ description: 'It is never there: nothing is put together from parts.' })),
  },
  { examples: [example] },
)

export const AdGroupBatch = BatchOf('AdGroup', AdGroup)
