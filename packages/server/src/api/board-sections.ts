import type { resources } from '@pinfold/contract'
import type { Handlers } from '../http/handlers.ts'
import { renderSection } from './render/board.ts'
import { pinRenderer } from './render/pin.ts'
import type { Services } from './services.ts'

/** The operations on the sections of boards. */
export function boardSectionsApi(
  services: Pick<Services, 'analytics' | 'boards' | 'bookmarks' | 'mediaUrl' | 'pins'>,
): Handlers<typeof resources.boardSections> {
  const { boards, bookmarks, pins } = services
  const { pageOfPins } = pinRenderer(services)

  return {
    list: async ({ viewer, params, query }) => {
      const listName = `board_sections/list ${viewer.accountId} ${params.board_id}`
      const page = await boards.listSections(viewer, params.board_id, bookmarks.read(listName, query))
      const items = page.items.map((row) => JSON.stringify(renderSection(row)))
      return bookmarks.render(listName, { items, next: page.next })
    },

    create: ({ viewer, params, body, once }) =>
      once({
        make: (written) => boards.createSection(viewer, params.board_id, body.name, written),
        show: renderSection,
        see: (who, { id = '' }) => boards.readSection(who, params.board_id, id),
      }),

    update: async ({ viewer, params, body }) =>
      renderSection(await boards.renameSection(viewer, params.board_id, params.section_id, body.name)),

    delete: async ({ viewer, params }) => {
      await boards.removeSection(viewer, params.board_id, params.section_id)
      return undefined
    },

    listPins: async ({ viewer, params, query }) => {
      const listName = `board_sections/list_pins ${viewer.accountId} ${params.board_id} ${params.section_id}`
      const page = bookmarks.read(listName, query)
      return pageOfPins(viewer, listName, await pins.ofSection(viewer, params.board_id, params.section_id, page))
    },
  }
}
