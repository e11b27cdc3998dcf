import type { Transaction } from 'kysely'
import type { Schema } from '../../db/schema.ts'

type Tx = Transaction<Schema>

/** The words of a Pin, in the form that search compares. */
export interface PinWords {
  id: number
  ownerId: number
  boardId: number
  title: string[]
  /** From the description and the alternative text. */
  text: string[]
  /** From the host of its link. */
  host: string[]
}

/** A word of a search: a Pin must have one of these words to match. */
export interface WantedWord {
  /** The word itself, and corrections of a typing error. At least one. */
  words: readonly string[]
  /** Whether a word of the Pin may begin with it. */
  isPrefix: boolean
  /** Boards whose Pins all match, because of the board's name. */
  boardIds: readonly number[]
}

/** A search among Pins. */
export interface PinSearchQuery {
  /** The owner of the Pins; undefined for everybody's. */
  ownerId: number | undefined
  /** The board that the Pins are on; undefined for every board. */
  boardId?: number | undefined
  /** A Pin must match every one. At least one, unless an owner or a board is named. */
  wanted: readonly WantedWord[]
  /** Boards whose Pins are excluded. */
  withoutBoardIds: readonly number[]
  /** Only Pins with smaller ids. */
  before: number
  /** At most this many. */
  count: number
}

/** The operations that each database implements in its own way. */
export interface PinSearchStore {
  /** Writes the words of Pins that are not in the index. */
  insert(tx: Tx, pins: readonly PinWords[]): Promise<void>
  /** Removes Pins; ignores those that are not in the index. */
  delete(tx: Tx, ids: readonly number[]): Promise<void>
  /** Returns the ids of Pins that match, newest first. */
  newest(query: PinSearchQuery): Promise<number[]>
  /** Returns the ids, from `from` on, of everybody's Pins that have every word in their titles. */
  titled(query: { wanted: readonly WantedWord[]; from: number }): Promise<number[]>
}
