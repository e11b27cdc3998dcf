import type { resources } from '@pinfold/contract'
import type { Outcome } from '../../domains/ads/batch.ts'
import { entityFilter, entityListName } from '../../domains/ads/entities.ts'
import { type Promotion, showPromotion } from '../../domains/ads/promotions.ts'
import type { Handlers } from '../../http/handlers.ts'
import type { Services } from '../services.ts'
import { asOne, seenBefore, showOutcomes } from './batch.ts'

/** The operations on promotions. */
export function promotionsApi({
  bookmarks,
  clock,
  promotions,
}: Pick<Services, 'bookmarks' | 'clock' | 'promotions'>): Handlers<typeof resources.promotions> {
  const show = (promotion: Promotion) => showPromotion(promotion, clock.now())

  /** The answer to a batch, in which each item has one exception at most. */
  const showAll = (outcomes: readonly Outcome<Promotion>[]) => ({
    promotions: showOutcomes(
      outcomes,
      (made) => ({ data: show(made) }),
      (refusals) => ({ exception: asOne(refusals) }),
    ),
  })

  return {
    list: async ({ adAccount, query }) => {
      const filter = entityFilter(adAccount.id, {}, {})
      const listName = entityListName('promotions/list', filter, query.order)
      const { items, next } = await promotions.list(filter, bookmarks.readOrdered(listName, query, ['number']))
      return bookmarks.render(listName, { items: items.map((each) => JSON.stringify(show(each))), next })
    },

    create: ({ adAccount, body, once }) =>
      once({
        make: (written) => promotions.create(adAccount, body, written),
        show: showAll,
        see: seenBefore,
      }),

    update: async ({ adAccount, body }) => showAll(await promotions.update(adAccount, body)),

    get: async ({ adAccount, params }) => show(await promotions.find(adAccount, params.promotion_id)),

    async delete({ adAccount, params }) {
      await promotions.delete(adAccount, params.promotion_id)
      return undefined
    },
  }
}
