import { adAccountParam, adAccountParams, EntityId, entityListQuery } from '../../models/ads/common.ts'
import { OrderLine } from '../../models/ads/order-line.ts'
import { operation } from '../../operation.ts'
import { PageOf, pageQuery } from '../../schema.ts'
import { Type } from '../../type.ts'
import { seeingForAccounts } from './access.ts'

const tag = 'order_lines'
const path = '/ad_accounts/{ad_account_id}/order_lines'

/** They come from a seed file: no operation makes them. */
export const orderLines = {
  /** The order lines of an ad account that were not deleted. */
  list: operation({
    id: 'order_lines/list',
    method: 'GET',
    path,
    tag,
    summary: 'List order lines',
    description: 'The order lines of an ad account that were not deleted. They come from a seed file.',
    ...seeingForAccounts,
    params: adAccountParams,
    query: Type.Object({ order: entityListQuery.order, ...pageQuery }),
    success: { status: 200, description: 'A page of order lines.', schema: PageOf(OrderLine, 'The order lines.') },
    errors: {},
  }),
  /** One order line, whatever its status. */
  get: operation({
    id: 'order_lines/get',
    method: 'GET',
    path: `${path}/{order_line_id}`,
    tag,
    summary: 'Get an order line',
    description: 'An order line of the ad account, whatever its status, with the campaigns that it pays for.',
    ...seeingForAccounts,
    params: Type.Object({ ...adAccountParam, order_line_id: EntityId('The order line.', { maxLength: 18 }) }),
    success: { status: 200, description: 'The order line.', schema: OrderLine },
    errors: { adEntityNotFound: {} },
  }),
} as const
