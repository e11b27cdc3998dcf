import { limits } from '../../core/account-limits.ts'
import type { Clock } from '../../core/clock.ts'
import { ApiError, invalid } from '../../core/errors.ts'
import { parseId } from '../../core/ids.ts'
import type { Database } from '../../db/database.ts'
import type { Accounts } from '../accounts/accounts.ts'
import { visibleBoardKeys } from './names.ts'
import { type BoardRow, boardStore } from './store/boards.ts'
import { collaboratorStore } from './store/collaborators.ts'

/** A collaborator of a board. */
export interface Collaborator {
  accountId: number
  /** When it became one, in milliseconds since 1970. */
  since: number
}

/** Those who may pin to boards of others. Their changes ask no viewer: they are for whoever runs the server. */
export interface Collaborators {
  /** Returns a board, whatever the viewer. */
  boardById(id: string): Promise<BoardRow | undefined>
  /**
   * Returns the board of an owner with this name, in whatever case, whatever the viewer. A public and a secret one may
   * have the same: then the public one.
   */
  boardByName(ownerId: number, name: string): Promise<BoardRow | undefined>
  /** Returns up to `count` boards that have collaborators, with ids larger than `after`, oldest first. */
  groupBoards(after: number, count: number): Promise<BoardRow[]>
  /** Returns the collaborators of a board, the first ones first. */
  of(boardId: number): Promise<Collaborator[]>
  /**
   * Makes an account a collaborator of a board; again changes nothing. Throws a 400 for the owner, `boardNotFound`, and
   * `forbidden` when the board has too many collaborators or the account too many boards.
   */
  add(boardId: number, accountId: number): Promise<void>
  /**
   * Ends that an account is a collaborator. Its Pins stay on the board. Returns whether it was one. Throws
   * `boardNotFound`.
   */
  remove(boardId: number, accountId: number): Promise<boolean>
}

export interface CollaboratorsOptions {
  db: Database
  clock: Clock
  accounts: Pick<Accounts, 'joinBoard' | 'leaveBoard'>
}

/** Makes the collaborators over `db`. */
export function collaboratorsOf({ db, clock, accounts }: CollaboratorsOptions): Collaborators {
  const boards = boardStore(db)
  const store = collaboratorStore(db)
  return {
    async boardById(text) {
      const id = parseId(text)
      return id === undefined ? undefined : boards.byId(id)
    },

    boardByName: (ownerId, name) => boards.byKeys(ownerId, visibleBoardKeys({ secret: 'read' }, name)),
    groupBoards: boards.groupBoards,

    async of(boardId) {
      return (await store.ofBoard(boardId)).map((row) => ({ accountId: row.account_id, since: row.created_at }))
    },

    async add(boardId, accountId) {
      await db.write(async (tx) => {
        // The board is held first, as by everything that depends on who is on it.
        const board = await boards.countCollaborators(tx, boardId, 1)
        if (!board) throw new ApiError('boardNotFound')
        if (board.owner_id === accountId) throw invalid('The owner of a board is on it without being a collaborator.')
        const row = { board_id: boardId, account_id: accountId, board_name_key: board.name_key ?? '' }
        if (!(await store.insert(tx, { ...row, created_at: clock.now() })))
          return void (await boards.countCollaborators(tx, boardId, -1))
        if (board.collaborator_count > limits.collaboratorsPerBoard)
          throw new ApiError('forbidden', {
            detail: `A board has ${limits.collaboratorsPerBoard} collaborators at most.`,
          })
        await accounts.joinBoard(tx, accountId)
      })
    },

    remove: (boardId, accountId) =>
      db.write(async (tx) => {
        if (!(await boards.lock(tx, boardId))) throw new ApiError('boardNotFound')
        if (!(await store.delete(tx, boardId, accountId))) return false
        await boards.countCollaborators(tx, boardId, -1)
        await accounts.leaveBoard(tx, [accountId])
        return true
      }),
  }
}
