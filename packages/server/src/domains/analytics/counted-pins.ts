import type { Transaction } from 'kysely'
import type { Schema } from '../../db/schema.ts'
import type { SlicedPin } from './slices.ts'

/** A Pin as far as counting needs it. */
export interface CountedPin extends SlicedPin {
  /** Its id. */
  id: number
  /** The account whose numbers its own are part of. */
  owner_id: number
}

/** A Pin that changes, as it was and as it is then. Its owner stays the same. */
export interface PinMove {
  /** As it was. */
  before: CountedPin
  /** As it is then. */
  after: CountedPin
}

/** What counting asks of Pins, which know of it: it must not know them. */
export interface CountedPins {
  /** Returns those of the Pins that exist, in the order of their ids. They stay as they are until `tx` ends. */
  counted(tx: Transaction<Schema>, ids: readonly number[]): Promise<CountedPin[]>
  /** Returns the same, but for secret Pins: as if they did not exist, and with no more work than if they did not. */
  countedInPublic(tx: Transaction<Schema>, ids: readonly number[]): Promise<CountedPin[]>
  /** Returns the ids of those of the Pins that are not secret. */
  withoutSecret(ids: readonly number[]): Promise<number[]>
}
