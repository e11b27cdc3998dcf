import type { resources } from '@pinfold/contract'
import { showOrderLine } from '../../domains/ads/order-lines.ts'
import type { Handlers } from '../../http/handlers.ts'
import type { Services } from '../services.ts'

/** The operations on order lines. */
export function orderLinesApi({
  bookmarks,
  orderLines,
}: Pick<Services, 'bookmarks' | 'orderLines'>): Handlers<typeof resources.orderLines> {
  return {
    list: async ({ adAccount, query }) => {
      const listName = `order_lines/list ${adAccount.id} ${query.order ?? ''}`
      const { items, next } = await orderLines.list(adAccount.id, bookmarks.readOrdered(listName, query, ['number']))
      return bookmarks.render(listName, { items: items.map((each) => JSON.stringify(showOrderLine(each))), next })
    },

    get: async ({ adAccount, params }) => showOrderLine(await orderLines.find(adAccount, params.order_line_id)),
  }
}
