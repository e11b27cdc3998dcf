import type { resources } from '@pinfold/contract'
import { showTemplate, type TargetingTemplate } from '../../domains/ads/targeting-templates.ts'
import type { Handlers } from '../../http/handlers.ts'
import type { Services } from '../services.ts'
import { seenBefore } from './batch.ts'

/** The operations on targeting templates. */
export function targetingTemplatesApi({
  bookmarks,
  targetingTemplates,
}: Pick<Services, 'bookmarks' | 'targetingTemplates'>): Handlers<typeof resources.targetingTemplates> {
  return {
    list: async ({ adAccount, query }) => {
      const { order, search_query: search = '', include_sizing: withSizing = false } = query
      const filter = { adAccountId: adAccount.id, search }
      const listName = `targeting_template/list ${adAccount.id} ${order} ${search}`
      const { items, next } = await targetingTemplates.list(filter, bookmarks.readOrdered(listName, query, ['number']))
      return bookmarks.render(listName, {
        items: items.map((each) => JSON.stringify(showTemplate(each, withSizing))),
        next,
      })
    },

    create: ({ adAccount, body, once }) =>
      once({
        make: (written) => targetingTemplates.create(adAccount, body, written),
        show: (made: TargetingTemplate) => showTemplate(made, true),
        see: seenBefore,
      }),

    update: async ({ adAccount, body }) => {
      await targetingTemplates.update(adAccount, body)
      return null
    },
  }
}
