import { Ad, AdBatch, AdCreate, AdId, AdUpdate } from '../../models/ads/ad.ts'
import { adAccountParam, adAccountParams, BatchBody, EntityIds, entityListQuery } from '../../models/ads/common.ts'
import { operation } from '../../operation.ts'
import { PageOf, pageQuery } from '../../schema.ts'
import { Type } from '../../type.ts'
import { managing, seeing } from './access.ts'

const tag = 'ads'
const path = '/ad_accounts/{ad_account_id}/ads'

export const ads = {
  /** The ads of an ad account. */
  list: operation({
    id: 'ads/list',
    method: 'GET',
    path,
    tag,
    summary: 'List ads',
    description:
      'The ads of an ad account: those that are active or paused, unless others are asked for. It is narrowed by campaigns, by ' +
      'ad groups or by ads, one of the three.',
    ...seeing,
    params: adAccountParams,
    query: Type.Object({
      campaign_ids: EntityIds('Only ads of these campaigns.', { maxLength: 18 }),
      ad_group_ids: EntityIds('Only ads of these ad groups.'),
      ad_ids: EntityIds('Only these ads.'),
      ...entityListQuery,
      ...pageQuery,
    }),
    success: { status: 200, description: 'A page of ads.', schema: PageOf(Ad, 'The ads.') },
    errors: {},
  }),
  /** Makes up to 30 ads, each for itself. */
  create: operation({
    id: 'ads/create',
    method: 'POST',
    path,
    tag,
    summary: 'Create ads',
    description:
      'Makes up to 30 ads, each of a Pin and in an ad group. One that is refused, with the reason in `exceptions`, keeps none of ' +
      'the others from being made. A review follows: it approves the ad a little later, or rejects it with its reasons.',
    ...managing,
    params: adAccountParams,
    body: { type: 'json', schema: BatchBody(AdCreate, 'The ads.') },
    success: { status: 200, description: 'What became of each.', schema: AdBatch },
    errors: {},
  }),
  /** Changes up to 30 ads, each for itself. */
  update: operation({
    id: 'ads/update',
    method: 'PATCH',
    path,
    tag,
    summary: 'Change ads',
    description:
      'Changes up to 30 ads. One that is refused keeps none of the others from being changed. An ad stays in its ad group, and ' +
      'shows the same Pin unless it is a draft. Whoever changes what it shows or where it leads has it reviewed again.',
    ...managing,
    params: adAccountParams,
    body: { type: 'json', schema: BatchBody(AdUpdate, 'The changes.') },
    success: { status: 200, description: 'What became of each.', schema: AdBatch },
    errors: {},
  }),
  /** One ad, whatever its status. */
  get: operation({
    id: 'ads/get',
    method: 'GET',
    path: `${path}/{ad_id}`,
    tag,
    summary: 'Get an ad',
    description: 'An ad of the ad account, whatever its status, with what its review has against it.',
    ...seeing,
    params: Type.Object({ ...adAccountParam, ad_id: AdId('The ad.', { maxLength: 18 }) }),
    success: { status: 200, description: 'The ad.', schema: Ad },
    errors: { adEntityNotFound: {} },
  }),
} as const
