import type { resources } from '@pinfold/contract'
import type { Outcome } from '../../domains/ads/batch.ts'
import { entityListName } from '../../domains/ads/entities.ts'
import { type Keyword, keywordFilter, showKeyword } from '../../domains/ads/keywords.ts'
import { volumeText } from '../../domains/ads/volume-text.ts'
import type { Handlers } from '../../http/handlers.ts'
import type { Services } from '../services.ts'
import { madeAndErrors, seenBefore } from './batch.ts'

/** The operations on keywords of ads. */
export function keywordsApi({
  bookmarks,
  keywords,
  trends,
}: Pick<Services, 'bookmarks' | 'keywords' | 'trends'>): Handlers<typeof resources.keywords> {
  return {
    list: async ({ adAccount, query }) => {
      const filter = keywordFilter(adAccount.id, query)
      const listName = entityListName('keywords/get', filter, undefined)
      const { items, next } = await keywords.list(filter, bookmarks.readOrdered(listName, query, ['number']))
      return bookmarks.render(listName, { items: items.map((each) => JSON.stringify(showKeyword(each))), next })
    },

    create: ({ adAccount, body, once }) =>
      once({
        make: (written) => keywords.create(adAccount, body, written),
        show(outcomes: Outcome<Keyword>[]) {
          const sent = body.keywords.map((each) => ({ ...each, parent_id: body.parent_id }))
          const { made, errors } = madeAndErrors(sent, outcomes, showKeyword)
          return { keywords: made, errors }
        },
        see: seenBefore,
      }),

    update: async ({ adAccount, body: { keywords: changes = [] } }) => {
      const { made, errors } = madeAndErrors(changes, await keywords.update(adAccount, changes), showKeyword)
      return { keywords: made, errors }
    },

    metrics: async ({ query: { keywords: wanted } }) => {
      const volumes = await trends.frequencies(wanted)
      const data = wanted.map((keyword, i) => {
        const volume = volumeText(volumes[i] ?? 0)
        return { keyword, metrics: { keyword_query_volume: volume, KEYWORD_QUERY_VOLUME: volume } }
      })
      return { data }
    },
  }
}
