import type { Transaction } from 'kysely'
import { ApiError } from '../../core/errors.ts'
import type { Viewer } from '../../core/viewer.ts'
import type { Schema } from '../../db/schema.ts'
import type { BoardRow } from './store/boards.ts'
import type { CollaboratorStore } from './store/collaborators.ts'

/** Who may see a board and pin to it: its owner, and its collaborators. */
export interface BoardMembers {
  /** Returns whether an account is on a board. */
  isOn(accountId: number, board: BoardRow): Promise<boolean>
  /**
   * Throws as `notOn` unless the viewer is on a board that the transaction holds: somebody may have been removed since it
   * was found.
   */
  checkStillOn(
    tx: Transaction<Schema>,
    viewer: Viewer,
    board: Pick<BoardRow, 'id' | 'owner_id' | 'privacy'>,
  ): Promise<void>
}

/** Makes the members of boards. Nothing is looked up for owners, nor where there are no collaborators. */
export function boardMembers(store: CollaboratorStore): BoardMembers {
  return {
    async isOn(accountId, { id, owner_id, collaborator_count }) {
      return owner_id === accountId || (collaborator_count > 0 && store.has(id, accountId))
    },

    async checkStillOn(tx, { accountId }, board) {
      if (board.owner_id !== accountId && !(await store.hasNow(tx, board.id, accountId))) throw notOn(board)
    },
  }
}

/** The error for a board that the viewer is not on: a secret one does not exist. */
export const notOn = ({ privacy }: Pick<BoardRow, 'privacy'>): ApiError =>
  new ApiError(privacy === 'SECRET' ? 'boardNotFound' : 'forbidden')
