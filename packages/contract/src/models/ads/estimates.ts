import { countries, currencies } from '../../countries.ts'
import { placementGroups } from '../../data/targeting.ts'
import { Model, Nullable, StringEnum } from '../../schema.ts'
import { Type } from '../../type.ts'
import { creativeTypes } from '../pin.ts'
import { billableEvents, OptimizationGoalMetadata } from './ad-group.ts'
import { objectives } from './campaign.ts'
import { MatchType } from './keyword.ts'
import { TargetingSpec } from './targeting.ts'

/** Values that should not be chosen any more, with what to choose instead. */
const oldCreativeTypes = { 'x-deprecated-values': { SHOP_THE_PIN: 'Use COLLECTION.' } }

/** The kinds of ads that an audience is sized for. */
export const sizedCreativeTypes = [
  ...(['REGULAR', 'VIDEO', 'SHOPPING', 'CAROUSEL', 'MAX_VIDEO', 'SHOP_THE_PIN', 'COLLECTION', 'IDEA'] as const),
] as const
/** A kind of ads that an audience is sized for. */
export type SizedCreativeType = (typeof sizedCreativeTypes)[number]

const ProductGroupIds = Type.Array(Type.String({ pattern: '^\\d+$' }), {
  description: 'Groups of products; it changes nothing here.',
})

const Keyword = Type.Object({
  match_type: MatchType,
  value: Type.String({ description: 'The words, at most 120 characters.' }),
})

/** Whom an ad group would be for. */
export const audienceFields = {
  auto_targeting_enabled: Type.Optional(
    Type.Boolean({ default: true, description: 'Whether others may see it who are like those it is for.' }),
  ),
  creative_types: Type.Optional(
    Nullable(
      Type.Array(StringEnum(sizedCreativeTypes, oldCreativeTypes), {
        description: 'The kinds of its ads. None: any.',
      }),
    ),
  ),
  keywords: Type.Optional(Nullable(Type.Array(Keyword, { description: 'Its keywords. None: any search.' }))),
  placement_group: Type.Optional(StringEnum(placementGroups, { default: 'ALL', description: 'Where it is shown.' })),
  product_group_ids: Type.Optional(Nullable(ProductGroupIds)),
  targeting_spec: Type.Optional(TargetingSpec),
}

export const AudienceSizingRequest = Model('AudienceSizingRequest', 'Whom an ad group would be for.', audienceFields, {
  examples: [{ targeting_spec: { LOCATION: ['US'], GENDER: ['female'] }, placement_group: 'SEARCH' }],
})

export const AudienceSize = Model(
  'AudienceSize',
  'How many people an ad group could reach in a month, by a model of Pinfold’s own.',
  {
    audience_size_lower_bound: Type.Optional(Type.Number({ description: 'At least so many.' })),
    audience_size_upper_bound: Type.Optional(Type.Number({ description: 'At most so many.' })),
  },
  { examples: [{ audience_size_lower_bound: 21_000_000, audience_size_upper_bound: 25_000_000 }] },
)

const BidFloorSpec = Model('BidFloorSpec', 'What a bid would be for.', {
  billable_event: StringEnum(billableEvents, { description: 'What is paid for.' }),
  currency: StringEnum(currencies, { description: 'What the floor is told in.' }),
  countries: Type.Optional(
    Type.Array(StringEnum(countries), { description: 'Where ads are shown; without it: where `targeting_spec` says.' }),
  ),
  creative_type: Type.Optional(StringEnum(creativeTypes, { description: 'The kind of ads.', ...oldCreativeTypes })),
  objective_type: Type.Optional(
    StringEnum(
      objectives.filter((each) => each !== 'VIDEO_VIEW' && each !== 'WEB_SESSIONS' && each !== 'LEADS'),
      {
        description: 'What the campaign is for.',
        'x-deprecated-values': { WEB_SESSIONS: 'Choose another objective.', VIDEO_VIEW: 'Use VIDEO_COMPLETION.' },
      },
    ),
  ),
  optimization_goal_metadata: Type.Optional(OptimizationGoalMetadata),
})

export const BidFloorRequest = Model(
  'BidFloorRequest',
  'What the least bids are wanted for.',
  {
    bid_floor_specs: Type.Array(BidFloorSpec, { description: 'What each floor is for.' }),
    targeting_spec: Type.Optional(TargetingSpec),
  },
  {
    examples: [
      {
        bid_floor_specs: [
          { billable_event: 'CLICKTHROUGH', currency: 'USD', countries: ['US'], objective_type: 'CONSIDERATION' },
        ],
      },
    ],
  },
)

export const BidFloors = Model(
  'BidFloors',
  'The least bids, by a model of Pinfold’s own.',
  {
    bid_floors: Type.Optional(
      Type.Array(Type.Integer(), { description: 'In millionths of each currency, in the order that was sent.' }),
    ),
    type: Type.Optional(Type.String({ description: 'Always `bidfloor`.' })),
  },
  { examples: [{ bid_floors: [100_000], type: 'bidfloor' }] },
)
