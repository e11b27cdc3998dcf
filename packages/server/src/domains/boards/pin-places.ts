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

/** Throws `forbidden` when these are too many Pins for a board. */
export function checkPinsOnBoard(count: number): void {
  if (count > limits.pinsPerBoard)
    throw new ApiError('forbidden', { detail: `A board has ${limits.pinsPerBoard} Pins at most.` })
}

/** The pictures that represent a board, by key. */
export interface BoardCovers {
  /** The newest ones, newest first: at most `coverCount`. */
  newest: readonly string[]
  /** That of the Pin that was chosen as the cover; null when none was, or it is not on the board. Undefined: as it was. */
  chosen?: string | null
}

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
  /**
   * Holds a board against other writers until `tx` ends, to change the order of what is on it. Throws `boardNotFound`,
   * also when it became secret and the viewer may not write there, and as `checkStillOn`.
   */
  holdToArrange(tx: Tx, viewer: Viewer, board: BoardRow): Promise<void>
  /** Returns the Pin that was chosen as a board's cover, or null if none was. It may be on the board no longer. */
  chosenCover(tx: Tx, boardId: number): Promise<number | null>
  /** Returns the owner of a board, also of one that is being removed. */
  ownerOf(tx: Tx, boardId: number): Promise<number | undefined>
  /** Sets the pictures of a board that it has others for. */
  setCovers(tx: Tx, boardId: number, covers: BoardCovers): Promise<void>
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
      checkPinsOnBoard(board.pin_count)
      if (sectionId !== null && !(await sections.exists(tx, board.id, sectionId))) throw new ApiError('sectionNotFound')
    },

    async holdToArrange(tx, viewer, board) {
      const held = await boards.lock(tx, board.id)
      if (!held || (held.privacy === 'SECRET' && viewer.secret !== 'write')) throw new ApiError('boardNotFound')
      await checkStillOn(tx, viewer, board, collaborators)
    },

    chosenCover: boards.chosenCover,
    ownerOf: boards.ownerOf,

    async setCovers(tx, boardId, { newest, chosen }) {
      const covers = JSON.stringify(newest)
      await boards.update(tx, boardId, { covers, ...(chosen !== undefined && { cover_key: chosen }) })
    },
  }
}
