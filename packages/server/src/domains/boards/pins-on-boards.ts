import type { BoardPrivacy } from '@pinfold/contract'
import type { Transaction } from 'kysely'
import type { Schema } from '../../db/schema.ts'
import type { RemovalRow } from './store/boards.ts'

/** What boards need of the Pins on them. Pins import boards, so boards must not import Pins: they are given this. */
export interface PinsOnBoards {
  /** Makes the Pins on a board as private as the board becomes, in the transaction that changes the board. */
  setPrivacy(tx: Transaction<Schema>, boardId: number, before: BoardPrivacy, after: BoardPrivacy): Promise<void>
  /** Returns the key of the picture of a Pin, if it is on a board. */
  pictureOn(tx: Transaction<Schema>, boardId: number, pinId: number): Promise<string | undefined>
  /**
   * Moves every Pin of a board to another of the same owner, which counts them already and is as private as they are.
   * Those in no section go into `sectionId`.
   */
  moveAll(tx: Transaction<Schema>, from: number, to: number, sectionId: number | null): Promise<void>
  /** Moves every Pin of a section into another of its board. */
  moveSection(tx: Transaction<Schema>, from: number, to: number): Promise<void>
  /** Returns whether a board has Pins that are in no section. */
  hasLoose(tx: Transaction<Schema>, boardId: number): Promise<boolean>
  /** Returns whether a section has Pins of others than an account. */
  hasOthers(tx: Transaction<Schema>, sectionId: number, accountId: number): Promise<boolean>
  /** Removes every Pin of a board or section, in several transactions, so that others get their turn. */
  removeAll(from: RemovalRow): Promise<void>
}
