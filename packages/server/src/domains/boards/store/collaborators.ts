import type { Transaction } from 'kysely'
import type { Database } from '../../../db/database.ts'
import { insertNew } from '../../../db/insert-new.ts'
import { prepare, prepareBatch } from '../../../db/prepared.ts'
import type { Schema } from '../../../db/schema.ts'

export type CollaboratorRow = Schema['board_collaborators']
type Tx = Transaction<Schema>

/** What an account is on a board; a row for each board that it is on. */
interface RoleRow {
  id: number
  owner_id: number
  /** The account itself if it is a collaborator. */
  account_id: number | null
}

/** The SQL of those who may pin to boards of others. */
export interface CollaboratorStore {
  /** Returns whether an account is a collaborator of a board. */
  has(boardId: number, accountId: number): Promise<boolean>
  /** Returns the same as a transaction sees it. */
  hasNow(tx: Tx, boardId: number, accountId: number): Promise<boolean>
  /** Returns those of the boards that an account owns or is a collaborator of. */
  rolesOn(accountId: number, boardIds: readonly number[]): Promise<RoleRow[]>
  /** Returns the collaborators of a board, the first ones first. */
  ofBoard(boardId: number): Promise<CollaboratorRow[]>
  /** Writes a new collaborator; false if there is one already. */
  insert(tx: Tx, row: CollaboratorRow): Promise<boolean>
  /** Deletes a collaborator; false if there is none. */
  delete(tx: Tx, boardId: number, accountId: number): Promise<boolean>
  /** Deletes every collaborator of a board, and returns their ids. */
  deleteOfBoard(tx: Tx, boardId: number): Promise<number[]>
  /** Sets the copies of a board's name. */
  setBoardName(tx: Tx, boardId: number, key: string): Promise<void>
}

/** Makes the store over `db`. */
export function collaboratorStore(db: Database): CollaboratorStore {
  const one = prepare(db, ({ boardId, accountId }: { boardId: number; accountId: number }) =>
    db.read
      .selectFrom('board_collaborators')
      .select('account_id')
      .where('board_id', '=', boardId)
      .where('account_id', '=', accountId),
  )
  const roles = prepareBatch((boards: readonly { id: number }[], { accountId }: { accountId: number }) =>
    db.read
      .selectFrom('boards as b')
      .leftJoin('board_collaborators as c', (join) =>
        join.onRef('c.board_id', '=', 'b.id').on('c.account_id', '=', accountId),
      )
      .select(['b.id', 'b.owner_id', 'c.account_id'])
      .where('b.privacy', '<>', 'REMOVED')
      .where((e) => e.or([e('b.owner_id', '=', accountId), e('c.account_id', 'is not', null)]))
      .where(
        'b.id',
        'in',
        boards.map(({ id }) => id),
      ),
  )
  return {
    ...collaboratorWrites,
    has: async (boardId, accountId) => (await one.first({ boardId, accountId })) !== undefined,
    rolesOn: (accountId, boardIds) =>
      roles(
        db.run,
        boardIds.map((id) => ({ id })),
        { accountId },
      ),
    ofBoard: (boardId) =>
      db.read
        .selectFrom('board_collaborators')
        .selectAll()
        .where('board_id', '=', boardId)
        .orderBy('created_at')
        .orderBy('account_id')
        .execute(),
  }
}

const collaboratorWrites: Omit<CollaboratorStore, 'has' | 'rolesOn' | 'ofBoard'> = {
  async hasNow(tx, boardId, accountId) {
    const query = tx.selectFrom('board_collaborators').select('account_id').where('board_id', '=', boardId)
    return (await query.where('account_id', '=', accountId).executeTakeFirst()) !== undefined
  },

  insert: (tx, row) => insertNew(tx.insertInto('board_collaborators').values(row), ['board_id', 'account_id']),

  async delete(tx, boardId, accountId) {
    const query = tx.deleteFrom('board_collaborators').where('board_id', '=', boardId)
    return (await query.where('account_id', '=', accountId).executeTakeFirst()).numDeletedRows > 0n
  },

  async deleteOfBoard(tx, boardId) {
    const query = tx.deleteFrom('board_collaborators').where('board_id', '=', boardId)
    return (await query.returning('account_id').execute()).map(({ account_id }) => account_id)
  },

  async setBoardName(tx, boardId, key) {
    const query = tx.updateTable('board_collaborators').set({ board_name_key: key })
    await query.where('board_id', '=', boardId).execute()
  },
}
