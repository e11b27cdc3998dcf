import type { BoardPrivacy } from '@pinfold/contract'
import type { Transaction } from 'kysely'
import type { Schema } from '../../db/schema.ts'
import type { RemovalRow } from './store/boards.ts'

/** What boards need of the Pins on them. Pins import boards, so boards must not import Pins: they are given this. */
export interface PinsOnBoards {
  /** Makes the Pins on a board as private as the board becomes, in the transaction that changes the board. */
  setPrivacy(tx: Transaction<Schema>, boardId: number, before: BoardPrivacy, after: BoardPrivacy): Promise<void>
  /** Returns whether a section has Pins of others than an account. */
  hasOthers(tx: Transaction<Schema>, sectionId: number, accountId: number): Promise<boolean>
  /** Removes every Pin of a board or section, in several transactions, so that others get their turn. */
  removeAll(from: RemovalRow): Promise<void>
}
