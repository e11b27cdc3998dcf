import { AdGroup, AdGroupBatch, AdGroupCreate, AdGroupUpdate } from '../../models/ads/ad-group.ts'
import {
  adAccountParam,
  adAccountParams,
  BatchBody,
  EntityId,
  EntityIds,
  entityListQuery,
} from '../../models/ads/common.ts'
import { AudienceSize, AudienceSizingRequest, BidFloorRequest, BidFloors } from '../../models/ads/estimates.ts'
import { operation } from '../../operation.ts'
import { PageOf, pageQuery } from '../../schema.ts'
import { Type } from '../../type.ts'
import { managing, seeing, seeingForAccounts } from './access.ts'

const tag = 'ad_groups'
const path = '/ad_accounts/{ad_account_id}/ad_groups'

export const adGroups = {
  /** The ad groups of an ad account. */
  list: operation({
    id: 'ad_groups/list',
    method: 'GET',
    path,
    tag,
    summary: 'List ad groups',
    description:
      'The ad groups of an ad account: those that are active or paused, unless others are asked for. Either the ' +
      'campaigns or the ad groups can be named, not both.',
    ...seeing,
    params: adAccountParams,
    query: Type.Object({
      campaign_ids: EntityIds('Only the ad groups of these campaigns.', { maxLength: 18 }),
      ad_group_ids: EntityIds('Only these ad groups.'),
      translate_interests_to_names: Type.Optional(
        Type.Boolean({ default: false, description: 'Whether interests are shown by their names, not by their ids.' }),
      ),
      ...entityListQuery,
      ...pageQuery,
    }),
    success: { status: 200, description: 'A page of ad groups.', schema: PageOf(AdGroup, 'The ad groups.') },
    errors: {},
  }),
  /** Makes up to 30 ad groups, each for itself. */
  create: operation({
    id: 'ad_groups/create',
    method: 'POST',
    path,
    tag,
    summary: 'Create ad groups',
    description:
      'Makes up to 30 ad groups. One that is refused, with the reasons in `exceptions`, keeps none of the others from ' +
      'being made. Where the campaign has the budget an ad group has none; elsewhere it needs one. A campaign takes up ' +
      'to 70.',
    ...managing,
    params: adAccountParams,
    body: { type: 'json', schema: BatchBody(AdGroupCreate, 'The ad groups.') },
    success: { status: 200, description: 'What became of each.', schema: AdGroupBatch },
    errors: {},
  }),
  /** Changes up to 30 ad groups, each for itself. */
  update: operation({
    id: 'ad_groups/update',
    method: 'PATCH',
    path,
    tag,
    summary: 'Change ad groups',
    description:
      'Changes up to 30 ad groups. One that is refused keeps none of the others from being changed. `targeting_spec` ' +
      'replaces all of what was there; `targeting_spec_operations` change single fields. `billable_event` and ' +
      '`budget_type` can be changed while it is a draft.',
    ...managing,
    params: adAccountParams,
    body: { type: 'json', schema: BatchBody(AdGroupUpdate, 'The changes.') },
    success: { status: 200, description: 'What became of each.', schema: AdGroupBatch },
    errors: {},
  }),
  /** One ad group, whatever its status. */
  get: operation({
    id: 'ad_groups/get',
    method: 'GET',
    path: `${path}/{ad_group_id}`,
    tag,
    summary: 'Get an ad group',
    description: 'An ad group of the ad account, whatever its status.',
    ...seeing,
    params: Type.Object({ ...adAccountParam, ad_group_id: EntityId('The ad group.', { maxLength: 18 }) }),
    success: { status: 200, description: 'The ad group.', schema: AdGroup },
    errors: { adEntityNotFound: {} },
  }),
  /** The ad groups that show some promotions. */
  listPromoting: operation({
    id: 'get_ad_groups_by_promotion_ids/list',
    method: 'GET',
    path: '/ad_accounts/{ad_account_id}/promotion_applied_entities',
    tag,
    summary: 'List ad groups with promotions',
    description: 'The ad groups that show one of these promotions, whatever their status.',
    ...seeingForAccounts,
    params: adAccountParams,
    query: Type.Object({
      promotion_ids: Type.Array(Type.String({ maxLength: 18 }), {
        minItems: 1,
        maxItems: 50,
        description: 'The promotions.',
        examples: [['1142048512397319']],
      }),
      order: entityListQuery.order,
      ...pageQuery,
    }),
    success: { status: 200, description: 'A page of ad groups.', schema: PageOf(AdGroup, 'The ad groups.') },
    errors: {},
  }),
  /** How many people an ad group could reach. */
  audienceSizing: operation({
    id: 'ad_groups/audience_sizing',
    method: 'POST',
    path: `${path}/audience_sizing`,
    tag,
    summary: 'Size an audience',
    description:
      'How many people an ad group with this targeting could reach in a month. The numbers are of a model of Pinfold’s ' +
      'own: the same for the same targeting, and smaller the narrower it is.',
    ...seeing,
    params: adAccountParams,
    body: { type: 'json', schema: AudienceSizingRequest },
    success: { status: 200, description: 'How many people.', schema: AudienceSize },
    errors: {},
  }),
  /** The least bids. */
  bidFloor: operation({
    id: 'ad_groups_bid_floor/get',
    method: 'POST',
    path: '/ad_accounts/{ad_account_id}/bid_floor',
    tag,
    summary: 'Get bid floors',
    description:
      'The least that can be bid for something, by a model of Pinfold’s own: what is paid for, where, and in which currency.',
    ...seeing,
    params: adAccountParams,
    body: { type: 'json', schema: BidFloorRequest },
    success: { status: 200, description: 'The floors.', schema: BidFloors },
    errors: {},
  }),
} as const
