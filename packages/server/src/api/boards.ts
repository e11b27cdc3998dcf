import type { resources } from '@pinfold/contract'
import { soon } from '../core/soon.ts'
import type { BoardRow } from '../domains/boards/boards.ts'
import type { Handlers } from '../http/handlers.ts'
import { boardRenderer } from './render/board.ts'
import { pinRenderer } from './render/pin.ts'
import type { Services } from './services.ts'

/** The operations on boards. */
export function boardsApi(
  services: Pick<Services, 'analytics' | 'boards' | 'bookmarks' | 'mediaUrl' | 'pins'>,
): Handlers<typeof resources.boards> {
  const { boards, bookmarks, pins } = services
  const { oneBoard, ownBoard, pageOfBoards } = boardRenderer(services)
  const { pageOfPins } = pinRenderer(services)

  return {
    list: async ({ viewer, query }) => {
      const filter = query.privacy ?? 'ALL'
      const listName = `boards/list ${viewer.accountId} ${filter}`
      const page = bookmarks.readOrdered(listName, query, ['string', 'number'])
      return pageOfBoards(viewer, listName, await boards.list(viewer, filter, page))
    },

    create: ({ viewer, body, once }) =>
      once({
        make: (written) => boards.create(viewer, body, written),
        show: (row: BoardRow) => ownBoard(viewer, row),
        see: (who, { id }) => boards.find(who, id),
      }),

    get: async ({ viewer, params }) => oneBoard(viewer, await boards.find(viewer, params.board_id)),

    update: async ({ viewer, params, body }) => ownBoard(viewer, await boards.update(viewer, params.board_id, body)),

    delete: async ({ viewer, params }) => {
      await boards.remove(viewer, params.board_id)
      return undefined
    },

    listPins: ({ viewer, params, query }) => {
      const types = query.creative_types
      const listName = `boards/list_pins ${viewer.accountId} ${params.board_id} ${types?.toSorted().join() ?? ''}`
      return soon(pins.ofBoard(viewer, params.board_id, types, bookmarks.read(listName, query)), (page) =>
        pageOfPins(viewer, listName, page, query),
      )
    },
  }
}
