import type { Transaction } from 'kysely'
import type { Schema } from '../../db/schema.ts'
import type { SlicedPin } from './slices.ts'

/** The fields of a Pin that counting needs. */
export interface CountedPin extends SlicedPin {
  /** Its id. */
  id: number
  /** The account that its numbers also count for. */
  owner_id: number
}

/** A Pin before and after a change. Its owner stays the same. */
export interface PinMove {
  /** Before the change. */
  before: CountedPin
  /** After the change. */
  after: CountedPin
}

/** What counting reads of Pins. Pins import analytics, so analytics must not import them. */
export interface CountedPins {
  /** Returns the existing Pins, in the order of their ids, locked until `tx` ends. */
  counted(tx: Transaction<Schema>, ids: readonly number[]): Promise<CountedPin[]>
  /** Returns the same without secret Pins: as if they did not exist, with the same work as if they did not. */
  countedInPublic(tx: Transaction<Schema>, ids: readonly number[]): Promise<CountedPin[]>
  /** Returns the Pins that these were saved from; nothing for those that were not. */
  parentsOf(ids: readonly number[]): Promise<Map<number, number>>
  /** Returns the ids of those of the Pins that are not secret. */
  withoutSecret(ids: readonly number[]): Promise<number[]>
}
