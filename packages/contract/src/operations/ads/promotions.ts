import { adAccountParam, adAccountParams, BatchBody, EntityId, entityListQuery } from '../../models/ads/common.ts'
import { Promotion, PromotionBatch, PromotionCreate, PromotionUpdate } from '../../models/ads/promotion.ts'
import { operation } from '../../operation.ts'
import { PageOf, pageQuery } from '../../schema.ts'
import { Type } from '../../type.ts'
import { managing, seeingForAccounts } from './access.ts'

const tag = 'promotions'
const path = '/ad_accounts/{ad_account_id}/promotions'
const params = Type.Object({ ...adAccountParam, promotion_id: EntityId('The promotion.', { maxLength: 18 }) })
const errors = { adEntityNotFound: { code: 4997, message: 'Promotion for that ID was not found.' } }

export const promotions = {
  /** The promotions of an ad account that are active or paused. */
  list: operation({
    id: 'promotions/list',
    method: 'GET',
    path,
    tag,
    summary: 'List promotions',
    description: 'The promotions of an ad account whose status is active or paused, also those that are over.',
    ...seeingForAccounts,
    params: adAccountParams,
    query: Type.Object({ order: entityListQuery.order, ...pageQuery }),
    success: { status: 200, description: 'A page of promotions.', schema: PageOf(Promotion, 'The promotions.') },
    errors: {},
  }),
  /** Makes up to 30 promotions, each for itself. */
  create: operation({
    id: 'promotions/create',
    method: 'POST',
    path,
    tag,
    summary: 'Create promotions',
    description:
      'Makes up to 30 promotions, which are active at once. One that is refused, with the reason in `exception`, keeps ' +
      'none of the others from being made; an unknown `platform_type` refuses all of them.',
    ...managing,
    params: adAccountParams,
    body: { type: 'json', schema: BatchBody(PromotionCreate, 'The promotions.') },
    success: { status: 200, description: 'What became of each.', schema: PromotionBatch },
    errors: {},
  }),
  /** Changes up to 30 promotions, each for itself. */
  update: operation({
    id: 'promotions/update',
    method: 'PATCH',
    path,
    tag,
    summary: 'Change promotions',
    description:
      'Changes up to 30 promotions. One that is refused keeps none of the others from being changed. What is archived ' +
      'stays archived.',
    ...managing,
    params: adAccountParams,
    body: { type: 'json', schema: BatchBody(PromotionUpdate, 'The changes.') },
    success: { status: 200, description: 'What became of each.', schema: PromotionBatch },
    errors: {},
  }),
  /** One promotion, whatever its status. */
  get: operation({
    id: 'promotions/get',
    method: 'GET',
    path: `${path}/{promotion_id}`,
    tag,
    summary: 'Get a promotion',
    description: 'A promotion of the ad account, whatever its status.',
    ...seeingForAccounts,
    params,
    success: { status: 200, description: 'The promotion.', schema: Promotion },
    errors,
  }),
  /** Deletes a promotion. */
  delete: operation({
    id: 'promotions/delete',
    method: 'DELETE',
    path: `${path}/{promotion_id}`,
    tag,
    summary: 'Delete a promotion',
    description: 'Deletes a promotion for good. Ads no longer show it, and ad groups no longer name it.',
    ...managing,
    params,
    success: { status: 204, description: 'It is gone.' },
    alsoAtPinterest: { status: 200, schema: Promotion },
    errors,
  }),
} as const
