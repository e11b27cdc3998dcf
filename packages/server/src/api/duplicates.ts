import type { OperationOutput, resources } from '@pinfold/contract'
import type { Viewer } from '../core/viewer.ts'
import type { OwnPin } from '../domains/looks/duplicates.ts'
import type { Handlers } from '../http/handlers.ts'
import { pinRenderer } from './render/pin.ts'
import type { Services } from './services.ts'

type Resource = typeof resources.duplicates
type Duplicate = OperationOutput<Resource['ofPin']>['same'][number]
type DuplicateServices = Pick<Services, 'analytics' | 'boards' | 'bookmarks' | 'duplicateFinder' | 'mediaUrl' | 'pins'>

/** The operations that tell what one has already. */
export function duplicatesApi(services: DuplicateServices): Handlers<Resource> {
  const { boards, duplicateFinder, pins } = services
  const { onePin } = pinRenderer(services)

  /** Returns Pins with their boards. A Pin that is gone meanwhile is left out. */
  async function shown(viewer: Viewer, found: readonly OwnPin[]): Promise<Map<number, Duplicate>> {
    const rows = new Map((await pins.byIds(found.map(({ id }) => id))).map((row) => [row.id, row]))
    const all = found.map(async ({ id, board_id: boardId }) => {
      const row = rows.get(id)
      if (!row) return []
      const board = await boards.view(viewer, String(boardId)).catch(() => null)
      const pin = JSON.parse((await onePin(viewer, row)).text)
      return [[id, { pin, board: board && { id: String(board.id), name: board.name } }]] as const
    })
    return new Map((await Promise.all(all)).flat())
  }

  return {
    ofBytes: async ({ viewer, query }) => {
      const found = await duplicateFinder.ofBytes(viewer, query.sha256)
      const views = await shown(viewer, [...found.values()].flat())
      return {
        items: [...found].flatMap(([sha256, same]) =>
          same.flatMap(({ id }) => {
            const view = views.get(id)
            return view ? [{ sha256, ...view }] : []
          }),
        ),
      }
    },

    ofPin: async ({ viewer, params }) => {
      const { same, similar } = await duplicateFinder.ofPin(viewer, await pins.view(viewer, params.pin_id))
      const views = await shown(viewer, [...same, ...similar])
      const viewsOf = (list: readonly OwnPin[]) => list.flatMap(({ id }) => views.get(id) ?? [])
      return { same: viewsOf(same), similar: viewsOf(similar) }
    },
  }
}
