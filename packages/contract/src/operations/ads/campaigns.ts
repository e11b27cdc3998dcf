import { Campaign, CampaignBatch, CampaignCreate, CampaignUpdate } from '../../models/ads/campaign.ts'
import {
  adAccountParam,
  adAccountParams,
  BatchBody,
  CampaignId,
  EntityIds,
  entityListQuery,
} from '../../models/ads/common.ts'
import { CampaignDeliveryEstimates, CampaignDeliveryEstimatesRequest } from '../../models/ads/delivery-estimates.ts'
import { operation } from '../../operation.ts'
import { PageOf, pageQuery } from '../../schema.ts'
import { Type } from '../../type.ts'
import { managing, seeing } from './access.ts'

const tag = 'campaigns'
const path = '/ad_accounts/{ad_account_id}/campaigns'

export const campaigns = {
  /** The campaigns of an ad account. */
  list: operation({
    id: 'campaigns/list',
    method: 'GET',
    path,
    tag,
    summary: 'List campaigns',
    description: 'The campaigns of an ad account: those that are active or paused, unless others are asked for.',
    ...seeing,
    params: adAccountParams,
    query: Type.Object({
      campaign_ids: EntityIds('Only these campaigns.', { maxLength: 18 }),
      ...entityListQuery,
      ...pageQuery,
    }),
    success: { status: 200, description: 'A page of campaigns.', schema: PageOf(Campaign, 'The campaigns.') },
    errors: {},
  }),
  /** Makes up to 30 campaigns, each for itself. */
  create: operation({
    id: 'campaigns/create',
    method: 'POST',
    path,
    tag,
    summary: 'Create campaigns',
    description:
      'Makes up to 30 campaigns. One that is refused, with the reasons in `exceptions`, keeps none of the others from ' +
      'being made. A campaign whose budget is its own needs `daily_spend_cap` or `lifetime_spend_cap`, and not both.',
    ...managing,
    params: adAccountParams,
    body: { type: 'json', schema: BatchBody(CampaignCreate, 'The campaigns.') },
    success: { status: 200, description: 'What became of each.', schema: CampaignBatch },
    errors: {},
  }),
  /** Changes up to 30 campaigns, each for itself. */
  update: operation({
    id: 'campaigns/update',
    method: 'PATCH',
    path,
    tag,
    summary: 'Change campaigns',
    description:
      'Changes up to 30 campaigns. One that is refused keeps none of the others from being changed. What is archived ' +
      'stays archived; the objective is that of the beginning, but for drafts.',
    ...managing,
    params: adAccountParams,
    body: { type: 'json', schema: BatchBody(CampaignUpdate, 'The changes.') },
    success: { status: 200, description: 'What became of each.', schema: CampaignBatch },
    errors: {},
  }),
  /** One campaign, whatever its status. */
  get: operation({
    id: 'campaigns/get',
    method: 'GET',
    path: `${path}/{campaign_id}`,
    tag,
    summary: 'Get a campaign',
    description: 'A campaign of the ad account, whatever its status.',
    ...seeing,
    params: Type.Object({ ...adAccountParam, campaign_id: CampaignId('The campaign.') }),
    success: { status: 200, description: 'The campaign.', schema: Campaign },
    errors: { adEntityNotFound: {} },
  }),
  /** What a campaign could do that there is not yet. */
  estimateDelivery: operation({
    id: 'get_campaign_delivery_estimates',
    method: 'POST',
    path: `${path}/delivery_estimates`,
    tag,
    summary: 'Estimate what a campaign could do',
    description:
      'What different budgets of a campaign would do, and with the caps that are named what they would. The numbers are of a ' +
      'model of Pinfold’s own: the same for the same request, and the more people the ad groups reach, the larger.',
    auth: { by: 'token', scopes: ['ads:read'], clientCredentials: false },
    adRight: 'see',
    category: 'ads_estimates_read',
    params: adAccountParams,
    body: { type: 'json', schema: CampaignDeliveryEstimatesRequest },
    success: { status: 200, description: 'The estimates.', schema: CampaignDeliveryEstimates },
    errors: {},
  }),
} as const
