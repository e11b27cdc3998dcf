import type { Transaction } from 'kysely'
import type { Clock } from '../../core/clock.ts'
import { ApiError } from '../../core/errors.ts'
import type { Viewer } from '../../core/viewer.ts'
import type { Database } from '../../db/database.ts'
import type { Schema } from '../../db/schema.ts'
import { type BoardRow, boardStore } from './store/boards.ts'
import { sectionStore } from './store/sections.ts'

type Tx = Transaction<Schema>

/** How many pictures stand for a board: its cover and five more. */
export const coverCount = 6

/** The boards and sections that Pins are put in, as the transactions that write Pins need them. */
export interface PinPlaces {
  /**
   * Adds `count` to the number of Pins on a board, notes the time, and holds the board against other writers until `tx`
   * ends. Returns the board as it is then, or undefined if it is gone.
   */
  countPins(tx: Tx, boardId: number, count: number): Promise<BoardRow | undefined>
  /**
   * Checks that a Pin may be put on a board that is held, and in a section of it if one is named. Throws `boardNotFound`
   * when the board became secret and the viewer may not write there, `sectionNotFound` when it has no such section.
   */
  checkEntry(tx: Tx, viewer: Viewer, board: BoardRow, sectionId: number | null): Promise<void>
  /** Notes the newest pictures on a board, by their keys, newest first: at most `coverCount`. */
  setCovers(tx: Tx, boardId: number, keys: readonly string[]): Promise<void>
}

/** Makes the places over `db`. They are apart from `Boards`, which themselves need what Pins make of the places. */
export function pinPlaces({ db, clock }: { db: Database; clock: Clock }): PinPlaces {
  const boards = boardStore(db)
  const sections = sectionStore(db)
  return {
    countPins: (tx, boardId, count) => boards.countPins(tx, boardId, count, clock.now()),

    async checkEntry(tx, viewer, board, sectionId) {
      if (board.privacy === 'SECRET' && viewer.secret !== 'write') throw new ApiError('boardNotFound')
      if (sectionId !== null && !(await sections.exists(tx, board.id, sectionId))) throw new ApiError('sectionNotFound')
    },

    async setCovers(tx, boardId, keys) {
      await boards.update(tx, boardId, { covers: JSON.stringify(keys) })
    },
  }
}
