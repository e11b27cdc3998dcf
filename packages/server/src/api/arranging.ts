import type { resources } from '@pinfold/contract'
import type { Viewer } from '../core/viewer.ts'
import type { BoardRow } from '../domains/boards/boards.ts'
import type { Handlers } from '../http/handlers.ts'
import { views } from './render/views.ts'
import type { Services } from './services.ts'

/** The operations that arrange boards for the web app. */
export function arrangingApi(
  services: Pick<Services, 'accounts' | 'boards' | 'mediaUrl' | 'pins'>,
): Handlers<typeof resources.arranging> {
  const { accounts, boards, pins } = services
  const { board } = views(services)
  const shown = async (viewer: Viewer, row: BoardRow) => board(viewer, row, await accounts.byId(row.owner_id))

  return {
    updateBoard: async ({ viewer, params, body }) =>
      shown(viewer, await boards.updateView(viewer, params.board_id, body)),

    arrangePins: async ({ viewer, params, body }) => {
      await pins.arrange(viewer, params.board_id, body, body.section_id)
      return undefined
    },

    arrangeSections: async ({ viewer, params, body }) => {
      await boards.arrangeSections(viewer, params.board_id, body)
      return undefined
    },

    mergeBoard: async ({ viewer, params, body, once }) => {
      // Both boards are the viewer's.
      const owner = await accounts.byId(viewer.accountId)
      return once({
        make: (written) => boards.merge(viewer, params.board_id, body, written),
        show: (row: BoardRow) => board(viewer, row, owner),
        see: (who, { board: { id } }) => boards.find(who, id),
      })
    },
  }
}
