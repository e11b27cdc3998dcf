import type { BoardPrivacy } from '@pinfold/contract'
import type { Transaction } from 'kysely'
import type { Schema } from '../../db/schema.ts'
import type { SlicedPin } from './slices.ts'

/** A Pin as far as counting needs it. */
export interface CountedPin extends SlicedPin {
  /** Its id. */
  id: number
  /** The account whose numbers its own are part of. */
  owner_id: number
  /** Its board's: a secret Pin counts for nobody but those who may see it. */
  privacy: BoardPrivacy
}

/** What counting asks of Pins, which know of it: it must not know them. */
export interface CountedPins {
  /** Returns those of the Pins that exist, in the order of their ids. They stay as they are until `tx` ends. */
  counted(tx: Transaction<Schema>, ids: readonly number[]): Promise<CountedPin[]>
}
