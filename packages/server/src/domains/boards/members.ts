import type { Transaction } from 'kysely'
import { ApiError } from '../../core/errors.ts'
import type { Viewer } from '../../core/viewer.ts'
import type { Schema } from '../../db/schema.ts'
import type { BoardRow } from './store/boards.ts'
import type { CollaboratorStore } from './store/collaborators.ts'

/** The error for a board that the viewer is not on: a secret one does not exist. */
export const notOn = ({ privacy }: Pick<BoardRow, 'privacy'>): ApiError =>
  new ApiError(privacy === 'SECRET' ? 'boardNotFound' : 'forbidden')

/**
 * Throws as `notOn` unless the viewer is on a board that the transaction holds, as its owner or a collaborator: somebody
 * may have been removed since it was found. Nothing is looked up for owners.
 */
export async function checkStillOn(
  tx: Transaction<Schema>,
  { accountId }: Viewer,
  board: Pick<BoardRow, 'id' | 'owner_id' | 'privacy'>,
  collaborators: CollaboratorStore,
): Promise<void> {
  if (board.owner_id !== accountId && !(await collaborators.hasNow(tx, board.id, accountId))) throw notOn(board)
}
