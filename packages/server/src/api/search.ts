import type { OperationOutput, resources } from '@pinfold/contract'
import type { Viewer } from '../core/viewer.ts'
import type { ReadPin } from '../domains/pins/pins.ts'
import type { Handlers } from '../http/handlers.ts'
import { boardRenderer } from './render/board.ts'
import { pinRenderer } from './render/pin.ts'
import type { Services } from './services.ts'

type SummaryPin = OperationOutput<typeof resources.search.partnerPins>['items'][number]

/** The operations that find boards and Pins by words. */
export function searchApi(
  services: Pick<Services, 'analytics' | 'boards' | 'bookmarks' | 'mediaUrl' | 'pins' | 'search'>,
): Handlers<typeof resources.search> {
  const { bookmarks, search } = services
  const { pageOfBoards } = boardRenderer(services)
  const { pageOfPins, pin: show } = pinRenderer(services)

  const summaryOf = (viewer: Viewer, pin: ReadPin): SummaryPin => {
    const { id, title, description, alt_text, link, media } = JSON.parse(show(viewer, pin))
    return { id, title, description, alt_text, link, media }
  }

  return {
    boards: async ({ viewer, query }) => {
      const words = query.query ?? ''
      const listName = `search/boards ${viewer.accountId} ${words}`
      return pageOfBoards(viewer, listName, await search.boards(viewer, words, bookmarks.read(listName, query)))
    },

    pins: async ({ viewer, query }) => {
      const listName = `search/pins ${viewer.accountId} ${query.query}`
      return pageOfPins(viewer, listName, await search.pins(viewer, query.query, bookmarks.read(listName, query)))
    },

    partnerPins: async ({ viewer, query: { term, limit = 10, bookmark } }) => {
      const listName = `search/partner/pins ${term}`
      const given = { page_size: limit, ...(bookmark !== undefined && { bookmark }) }
      const { after, size } = bookmarks.readOrdered(listName, given, ['number'])
      const [from] = after ?? [0]
      const { items, next } = await search.publicPins(viewer, term, { from, size })
      const texts = items.map((pin) => JSON.stringify(summaryOf(viewer, pin)))
      return bookmarks.render(listName, { items: texts, next: next === null ? null : [next] })
    },
  }
}
