import type { Written } from '../db/database.ts'
import type { Handlers } from '../http/handlers.ts'
import type { Bookmarks } from '../http/pagination.ts'
import type { BoardRow, Boards } from './boards.ts'
import { renderBoard, renderSection } from './render.ts'
import type { SectionRow } from './store.ts'

export interface BoardRoutesOptions {
  boards: Boards
  bookmarks: Bookmarks
  /** Where the server is reached, without a slash at the end. */
  publicUrl: () => string
}

type BoardOperations =
  | 'boards/list'
  | 'boards/create'
  | 'boards/get'
  | 'boards/update'
  | 'boards/delete'
  | 'board_sections/list'
  | 'board_sections/create'
  | 'board_sections/update'
  | 'board_sections/delete'

/** The operations on boards and sections. */
export function boardRoutes({ boards, bookmarks, publicUrl }: BoardRoutesOptions): Handlers<BoardOperations> {
  return {
    'boards/list': async ({ viewer, query }) => {
      const filter = query.privacy ?? 'ALL'
      const listName = `boards/list ${viewer.accountId} ${filter}`
      const { items, next } = await boards.list(viewer, filter, bookmarks.read(listName, query))
      const texts = items.map((row) => JSON.stringify(renderBoard(row, viewer.username, publicUrl())))
      return bookmarks.render(listName, { items: texts, next })
    },

    'boards/create': async ({ viewer, body, record }) => {
      const show = (row: BoardRow) => renderBoard(row, viewer.username, publicUrl())
      return show(await boards.create(viewer, body, (tx, row) => record(tx, JSON.stringify(show(row)))))
    },

    'boards/get': async ({ viewer, params }) =>
      renderBoard(await boards.find(viewer, params.board_id), viewer.username, publicUrl()),

    'boards/update': async ({ viewer, params, body }) =>
      renderBoard(await boards.update(viewer, params.board_id, body), viewer.username, publicUrl()),

    'boards/delete': async ({ viewer, params }) => {
      await boards.remove(viewer, params.board_id)
      return undefined
    },

    'board_sections/list': async ({ viewer, params, query }) => {
      const listName = `board_sections/list ${viewer.accountId} ${params.board_id}`
      const page = await boards.listSections(viewer, params.board_id, bookmarks.read(listName, query))
      const items = page.items.map((row) => JSON.stringify(renderSection(row)))
      return bookmarks.render(listName, { items, next: page.next })
    },

    'board_sections/create': async ({ viewer, params, body, record }) => {
      const { board_id: boardId } = params
      const written: Written<SectionRow> = (tx, row) => record(tx, JSON.stringify(renderSection(row)))
      return renderSection(await boards.createSection(viewer, boardId, body.name, written))
    },

    'board_sections/update': async ({ viewer, params, body }) =>
      renderSection(await boards.renameSection(viewer, params.board_id, params.section_id, body.name)),

    'board_sections/delete': async ({ viewer, params }) => {
      await boards.removeSection(viewer, params.board_id, params.section_id)
      return undefined
    },
  }
}
