import type { Transaction } from 'kysely'
import type { IdMaker } from '../../core/ids.ts'
import { type OrderedPageRequest, type Page, toOrderedPage } from '../../core/page.ts'
import { moveWithin, type Spot } from '../../core/places.ts'
import type { Viewer } from '../../core/viewer.ts'
import type { Database } from '../../db/database.ts'
import type { Schema } from '../../db/schema.ts'
import { type Arrangement, type GivenArrangement, idsIn, readArrangement, spotOf } from '../boards/arrangement.ts'
import type { BoardRow, Boards, SectionRow } from '../boards/boards.ts'
import type { PinPlaces } from '../boards/pin-places.ts'
import type { PinOrderStore } from './store/order.ts'
import type { ListedPin } from './store.ts'

type Tx = Transaction<Schema>

/** The position of a Pin in the order of its board. */
export type PinPosition = readonly [place: number, id: number]

/** The order of the Pins on boards, which the web app shows. Sections have the same one. */
export interface PinOrder {
  /** Returns a page of the Pins on a board, or in a section of it, that the viewer was found to see, in their order. */
  inOrder(
    board: BoardRow,
    section: SectionRow | undefined,
    page: OrderedPageRequest<PinPosition>,
  ): Promise<Page<ListedPin, PinPosition>>
  /**
   * Moves Pins within the order of a board that the viewer is on, whosever they are. `first` and `last` are meant within
   * `sectionId`, if it is given. Throws as `Boards.findToWrite` and `Boards.findSection`, `pinNotFound` for a Pin that is
   * not on the board, and as `readArrangement`.
   */
  arrange(viewer: Viewer, boardId: string, arrangement: GivenArrangement, sectionId?: string): Promise<void>
}

export interface PinOrderOptions {
  db: Database
  ids: IdMaker
  boards: Boards
  places: PinPlaces
}

/** Makes the order of Pins. */
export function pinOrder(order: PinOrderStore, { db, ids, boards, places }: PinOrderOptions): PinOrder {
  /** Returns where Pins come first or last in a section; undefined if nothing else is in it. */
  async function endOfSection(tx: Tx, section: SectionRow, { ids: moved, to }: Arrangement): Promise<Spot | undefined> {
    const list = order.orderOf(tx, 'section_id', section.id)
    const found = await (to === 'first' ? list.after : list.before)(undefined, moved.length + 1)
    const end = found.find(({ id }) => !moved.includes(id))
    if (!end) return undefined
    return to === 'first' ? { before: end } : { after: end }
  }

  return {
    async inOrder(board, section, { after: [afterPlace, afterId] = start, size }) {
      const range = { afterPlace, afterId, count: size + 1 }
      const rows = section
        ? await order.inSection({ ...range, sectionId: section.id })
        : await order.onBoard({ ...range, boardId: board.id })
      return toOrderedPage(
        rows,
        size,
        (row) => row,
        ({ place, id }) => [place, id],
      )
    },

    async arrange(viewer, boardId, given, sectionId) {
      const board = await boards.findToWrite(viewer, boardId)
      const section = sectionId === undefined ? undefined : await boards.findSection(board, sectionId)
      const wanted = readArrangement(given, 'pinNotFound')
      await db.write(async (tx) => {
        await places.holdToArrange(tx, viewer, board)
        const named = spotOf(wanted, await order.placesOf(tx, board.id, idsIn(wanted)), 'pinNotFound')
        const isEnd = named === 'first' || named === 'last'
        const to = section && isEnd ? await endOfSection(tx, section, wanted) : named
        if (to) await moveWithin(order.orderOf(tx, 'board_id', board.id), { ids: wanted.ids, to, newest: ids.next() })
      })
    },
  }
}

/** Before the first Pin. */
const start: PinPosition = [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER]
