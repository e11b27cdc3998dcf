import type { Transaction } from 'kysely'
import type { Database } from '../../db/database.ts'
import type { Schema } from '../../db/schema.ts'
import { type BoardRow, boardStore } from './store/boards.ts'

/** The boards that others can follow: those that are public, whatever the viewer. */
export interface FollowedBoards {
  /**
   * Adds to the followers of a public board, and holds the board against other writers until `tx` ends. Returns
   * false if there is no such board, or it is not public.
   */
  countFollower(tx: Transaction<Schema>, boardId: number, count: 1 | -1): Promise<boolean>
  /** Returns those of these boards that are public, by their ids. */
  publicByIds(ids: readonly number[]): Promise<Map<number, BoardRow>>
}

/** Makes the followed boards over `db`. */
export function followedBoards(db: Database): FollowedBoards {
  const store = boardStore(db)
  return {
    countFollower: store.countFollower,
    async publicByIds(ids) {
      return new Map((await store.publicByIds(ids)).map((board) => [board.id, board]))
    },
  }
}
