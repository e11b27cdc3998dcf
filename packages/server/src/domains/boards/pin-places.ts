import type { Transaction } from 'kysely'
import { limits } from '../../core/account-limits.ts'
import type { Clock } from '../../core/clock.ts'
import { ApiError } from '../../core/errors.ts'
import type { Viewer } from '../../core/viewer.ts'
import type { Database } from '../../db/database.ts'
import type { Schema } from '../../db/schema.ts'
import { checkStillOn } from './members.ts'
import { type BoardRow, boardStore } from './store/boards.ts'
import { collaboratorStore } from './store/collaborators.ts'
import { sectionStore } from './store/sections.ts'

type Tx = Transaction<Schema>

/** The number of pictures that represent a board: its cover and five more. */
export const coverCount = 6

/** The boards and sections of Pins, for the transactions that write Pins. */
export interface PinPlaces {
  /**
   * Adds `count` to the number of Pins on a board, sets its time, and locks it until `tx` ends. Returns the new board,
   * or undefined if it was removed.
   */
  countPins(tx: Tx, boardId: number, count: number): Promise<BoardRow | undefined>
  /**
   * Checks that a Pin which was counted may be on a locked board, and in a section of it if one is named. Throws
   * `boardNotFound` when the board became secret and the viewer may not write there, `sectionNotFound` when it has no
   * such section, `forbidden` when it has too many Pins, and as `checkStillOn`.
   */
  checkEntry(tx: Tx, viewer: Viewer, board: BoardRow, sectionId: number | null): Promise<void>
  /** Sets the newest pictures on a board, by key, newest first: at most `coverCount`. */
  setCovers(tx: Tx, boardId: number, keys: readonly string[]): Promise<void>
}

/** Makes the places of `db`. They are separate from `Boards`, which depend on Pins, which depend on the places. */
export function pinPlaces({ db, clock }: { db: Database; clock: Clock }): PinPlaces {
  const boards = boardStore(db)
  const sections = sectionStore(db)
  const collaborators = collaboratorStore(db)
  return {
    countPins: (tx, boardId, count) => boards.countPins(tx, boardId, count, clock.now()),

    async checkEntry(tx, viewer, board, sectionId) {
      if (board.privacy === 'SECRET' && viewer.secret !== 'write') throw new ApiError('boardNotFound')
      await checkStillOn(tx, viewer, board, collaborators)
      if (board.pin_count > limits.pinsPerBoard)
        throw new ApiError('forbidden', { detail: `A board has ${limits.pinsPerBoard} Pins at most.` })
      if (sectionId !== null && !(await sections.exists(tx, board.id, sectionId))) throw new ApiError('sectionNotFound')
    },

    async setCovers(tx, boardId, keys) {
      await boards.update(tx, boardId, { covers: JSON.stringify(keys) })
    },
  }
}
