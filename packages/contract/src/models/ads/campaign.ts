import { MapOf, Model, Nullable, StringEnum } from '../../schema.ts'
import { Type } from '../../type.ts'
import {
  BatchOf,
  CampaignId,
  EntityId,
  Micros,
  Seconds,
  Status,
  shown,
  summaryStatuses,
  TrackingUrls,
  unsettable,
} from './common.ts'

export const objectives = [
  'AWARENESS',
  'CONSIDERATION',
  'VIDEO_VIEW',
  'WEB_CONVERSION',
  'CATALOG_SALES',
  'WEB_SESSIONS',
  'VIDEO_COMPLETION',
  'APP_INSTALL',
  'SALES',
  'LEADS',
  'CTV_CONSIDERATION',
] as const
/** What a campaign is for. */
export type Objective = (typeof objectives)[number]

const Objective = StringEnum(objectives, { description: 'What it is for.', examples: ['AWARENESS'] })

/** Factors of bids, by what they are for. */
const multipliers = (name: string, of: string, properties = {}, factor: Record<string, unknown> = {}) =>
  Type.Unsafe<Record<string, number>>(
    Model(name, `By what bids are multiplied, for each ${of}; by 1 where there is none.`, properties, {
      additionalProperties: Type.Number(factor),
    }),
  )

const factors = (names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, Type.Optional(Type.Number())]))
const ages = ['18-24', '25-34', '35-44', '45-49', '50-54', '55-64', '65+']

const bidOptions = {
  app_type_multipliers: Type.Optional(Nullable(multipliers('AppTypeMultipliers', 'kind of device and app'))),
  audience_multipliers: Type.Optional(
    multipliers('CampaignAudienceMultipliers', 'audience, by its id', {}, { minimum: 0, maximum: 10 }),
  ),
  placement_multipliers: Type.Optional(Nullable(multipliers('PlacementMultipliers', 'place where ads are shown'))),
  freq_bid_multiplier_time_window: Type.Optional(
    Nullable(StringEnum(['WEEK', 'MONTH'], { description: 'The time in which somebody saw it that often.' })),
  ),
  frequency_multipliers: Type.Optional(
    Nullable(MapOf(Type.Number(), { description: 'By what bids are multiplied, by how often somebody saw it.' })),
  ),
  age_bucket_multipliers: Type.Optional(multipliers('AgeBucketMultipliers', 'age', factors(ages))),
  gender_multipliers: Type.Optional(multipliers('GenderMultipliers', 'gender', factors(['female', 'male']))),
}

const CampaignBidOptions = Model('CampaignBidOptions', 'By what the bids of a campaign are multiplied.', bidOptions)

export const bidOptionParts = ['AUDIENCE', 'APP_TYPE', 'PLACEMENT', 'GENDER', 'AGE_BUCKET', 'FREQUENCY'] as const
/** A part of the bid options, as a change names it. */
export type BidOptionPart = (typeof bidOptionParts)[number]

const CampaignBidOptionsUpdate = Model('CampaignBidOptionsUpdate', 'A change of the bid options.', {
  ...bidOptions,
  update_mask: Type.Array(StringEnum(bidOptionParts), {
    description: 'The parts that are changed; the others stay as they are.',
  }),
})

export const PerformancePlusCampaignSettings = Model(
  'PerformancePlusCampaignSettings',
  'What a campaign is to automate of itself.',
  {
    boost_prospecting_ad_group_bid: Type.Optional(
      Type.Boolean({ description: 'Whether to bid more for people who are new to the advertiser.' }),
    ),
    pinner_list_exclusions: Type.Optional(
      Type.Array(Type.String(), { description: 'The audiences that are left out, by their ids.' }),
    ),
  },
)

/** What may be unset, and is null then. */
const nullable = {
  daily_spend_cap: Micros('The most to spend in a day'),
  lifetime_spend_cap: Micros('The most to spend at all'),
  end_time: Seconds('When it ends'),
  start_time: Seconds('When it begins'),
  is_automated_campaign: Type.Boolean({ description: 'Whether Pinterest sees to its targeting and bids.' }),
  is_flexible_daily_budgets: Type.Boolean({
    description: 'Whether a day may spend more if others of the week spend less.',
  }),
  order_line_id: EntityId('The order line that pays for it.'),
  tracking_urls: TrackingUrls,
}

const plain = {
  intended_promotion_type: StringEnum(['LEGACY', 'STANDARD_AD', 'CATALOG'], {
    description: 'The kind of ads that it is made for.',
  }),
  is_ltv_optimized: Type.Boolean({ description: 'Whether to look for customers who come back.' }),
}

/** Whether something is so; to create, it is not unless it is said. */
const flags = (options: Record<string, unknown>) => ({
  is_top_of_search: Type.Boolean({
    description: 'Whether its ads are to stand first among the results of searches.',
    ...options,
  }),
  is_performance_plus: Type.Boolean({ description: 'Whether it is a Performance+ campaign.', ...options }),
})

const name = Type.String({ description: 'What people call it, at most 255 characters.', examples: ['Spring'] })
const is_campaign_budget_optimization = Type.Boolean({
  description:
    'Whether the campaign, and no ad group, has the budget. It always has with the objectives AWARENESS, ' +
    'CONSIDERATION, WEB_CONVERSION and CATALOG_SALES.',
})

const settable = {
  ...nullable,
  ...plain,
  status: Status,
  is_campaign_budget_optimization,
  default_ad_group_budget_in_micro_currency: Type.Integer({
    deprecated: true,
    description: 'It does nothing: set the budget of each ad group.',
  }),
  performance_plus_campaign_settings: PerformancePlusCampaignSettings,
  app_id: Type.String({ description: 'The app that is advertised.' }),
  app_platform: StringEnum(['IOS', 'ANDROID'], { description: 'What that app is for.' }),
  ad_account_id: EntityId('Passed over: the one in the path counts.', { deprecated: true }),
}

export const CampaignCreate = Model(
  'CampaignCreate',
  'A campaign to make.',
  {
    name,
    objective_type: Objective,
    ...unsettable({ ...settable, ...flags({ default: false }), bid_options: CampaignBidOptions }),
  },
  {
    examples: [{ name: 'Spring', objective_type: 'CONSIDERATION', daily_spend_cap: 50_000_000, status: 'ACTIVE' }],
  },
)

export const CampaignUpdate = Model(
  'CampaignUpdate',
  'A change of a campaign. What is not named stays as it is.',
  {
    id: CampaignId('The campaign.'),
    ...unsettable({
      name,
      objective_type: StringEnum(
        objectives.filter((each) => each !== 'VIDEO_VIEW' && each !== 'WEB_SESSIONS'),
        { description: 'What it is for: of drafts alone.' },
      ),
      ...settable,
      ...flags({}),
      bid_options: CampaignBidOptionsUpdate,
    }),
  },
  { examples: [{ id: '1142048512397315', name: 'Early spring', status: 'PAUSED' }] },
)

const { default_ad_group_budget_in_micro_currency, performance_plus_campaign_settings, status } = settable

const CampaignShown = {
  id: CampaignId('The campaign.'),
  ad_account_id: Type.Optional(EntityId('The ad account that it is in.')),
  objective_type: Objective,
  ...shown({ ...nullable, ...plain, ...flags({}), name, status }, [
    ...(['daily_spend_cap', 'lifetime_spend_cap', 'start_time', 'end_time', 'order_line_id', 'tracking_urls'] as const),
    ...(['is_automated_campaign', 'is_flexible_daily_budgets'] as const),
  ]),
  is_campaign_budget_optimization: Type.Optional(Nullable(is_campaign_budget_optimization)),
  bid_options: Type.Optional(Nullable(CampaignBidOptions)),
  performance_plus_campaign_settings: Type.Optional(Nullable(performance_plus_campaign_settings)),
  summary_status: Type.Optional(StringEnum(summaryStatuses, { description: 'What has become of it by now.' })),
  type: Type.Optional(Type.String({ description: 'Always `campaign`.', examples: ['campaign'] })),
  created_time: Type.Optional(Seconds('When it was made')),
  updated_time: Type.Optional(Seconds('When it was changed last')),
  is_carting: Type.Optional(
    Type.Boolean({
      readOnly: true,
      description: 'Whether its ads put products into carts elsewhere. It is not shown.',
    }),
  ),
  ext_features: Type.Optional(
    Nullable(Type.Object({}, { description: 'Always null. Pinterest answers it, and describes it nowhere.' })),
  ),
}

const example = {
  id: '1142048512397315',
  ad_account_id: '1142048512397313',
  name: 'Spring',
  objective_type: 'CONSIDERATION',
  status: 'ACTIVE',
  summary_status: 'RUNNING',
  daily_spend_cap: 50_000_000,
  lifetime_spend_cap: 0,
  start_time: 1773480413,
  end_time: null,
  is_campaign_budget_optimization: true,
  created_time: 1773480413,
  updated_time: 1773480413,
  type: 'campaign',
}

export const Campaign = Model('Campaign', 'A campaign: ad groups with one purpose and one budget.', CampaignShown, {
  examples: [example],
})

export const CampaignBatch = BatchOf(
  'Campaign',
  Model(
    'CampaignMade',
    'A campaign as the answer to its making or change has it.',
    {
      ...CampaignShown,
      default_ad_group_budget_in_micro_currency: Type.Optional(Nullable(default_ad_group_budget_in_micro_currency)),
    },
    { examples: [example] },
  ),
)
