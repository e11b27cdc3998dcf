import type { OperationOutput, resources } from '@pinfold/contract'
import { wireTime, wireTimeMicros } from '../../core/clock.ts'
import type { JsonText } from '../../core/json-text.ts'
import type { Page, Position } from '../../core/page.ts'
import type { Viewer } from '../../core/viewer.ts'
import { type BoardRow, coverKeys, type SectionRow } from '../../domains/boards/boards.ts'
import { coverCount } from '../../domains/boards/pin-places.ts'
import type { Services } from '../services.ts'

type Board = OperationOutput<typeof resources.boards.get>
type Section = OperationOutput<typeof resources.boardSections.create>

/** Renders boards for their viewers, who may not be their owners. */
export interface BoardRenderer {
  /** Returns a board. */
  oneBoard(viewer: Viewer, row: BoardRow): Promise<Board>
  /** Returns a board that the viewer owns. */
  ownBoard(viewer: Viewer, row: BoardRow): Board
  /** Returns one page of the list called `listName`. */
  pageOfBoards(viewer: Viewer, listName: string, page: Page<BoardRow, number | Position>): Promise<JsonText>
}

/** Makes the renderer that the handlers of boards and searches share. */
export function boardRenderer({
  boards,
  bookmarks,
  mediaUrl,
}: Pick<Services, 'boards' | 'bookmarks' | 'mediaUrl'>): BoardRenderer {
  return {
    oneBoard: async (viewer, row) => renderBoard(row, await boards.ownerName(viewer, row), mediaUrl()),
    ownBoard: ({ username }, row) => renderBoard(row, username, mediaUrl()),
    async pageOfBoards(viewer, listName, { items, next }) {
      const names = await boards.ownerNames(viewer, items)
      const shown = items.map((row) => renderBoard(row, names.get(row.owner_id) ?? '', mediaUrl()))
      return bookmarks.render(listName, { items: shown.map((board) => JSON.stringify(board)), next })
    },
  }
}

/** Returns a board as it is sent. `publicUrl`: the server's public address. */
export function renderBoard(row: BoardRow, ownerUsername: string, publicUrl: string): Board {
  const covers = coverKeys(row)
  const [cover] = covers
  const thumbnails = covers.filter((key) => key !== cover).slice(0, coverCount - 1)
  // As Pinterest does: in seconds until a Pin is added, then in microseconds.
  const hadPins = row.pin_count > 0 || row.pins_modified_at !== row.created_at
  const picture = (rendition: string, key: string) => `${publicUrl}/media/${rendition}/${key}.jpg`
  return {
    id: String(row.id),
    name: row.name,
    description: row.description,
    owner: { username: ownerUsername },
    privacy: row.privacy,
    is_ads_only: row.is_ads_only === 1,
    pin_count: row.pin_count,
    follower_count: row.follower_count,
    collaborator_count: row.collaborator_count,
    created_at: wireTime(row.created_at),
    board_pins_modified_at: hadPins ? wireTimeMicros(row.pins_modified_at) : wireTime(row.pins_modified_at),
    media: {
      image_cover_url: cover === undefined ? null : picture('400x300', cover),
      pin_thumbnail_urls: thumbnails.map((key) => picture('150x150', key)),
    },
  }
}

/** Returns a section as it is sent. */
export function renderSection({ id, name }: SectionRow): Section {
  return { id: String(id), name }
}
