import type { Transaction } from 'kysely'
import type { Schema } from '../../db/schema.ts'

/** What boards ask of those who follow them. Follows know boards, so boards must not know follows: they are given this. */
export interface BoardFollowers {
  /** Ends every follow of a board, in the transaction that makes it secret or removes it. */
  forget(tx: Transaction<Schema>, boardId: number): Promise<void>
}
