import type { Transaction } from 'kysely'
import type { Schema } from '../../db/schema.ts'

type Tx = Transaction<Schema>

/** The words of a Pin, as search compares them. */
export interface PinWords {
  id: number
  ownerId: number
  boardId: number
  title: string[]
  /** Of the description and the alternative text. */
  text: string[]
  /** Of the host that it links to. */
  host: string[]
}

/** What a Pin must have to match a word of a search: one of these. */
export interface WantedWord {
  /** The word itself, and what it may have been meant to be. At least one. */
  words: readonly string[]
  /** Whether it is enough that a word of the Pin begins so. */
  isPrefix: boolean
  /** Boards on which every Pin matches, because of the board's name. */
  boardIds: readonly number[]
}

/** A search among Pins. */
export interface PinSearchQuery {
  /** Whose Pins; undefined for everybody's. */
  ownerId: number | undefined
  /** Every one of them must match. At least one. */
  wanted: readonly WantedWord[]
  /** Boards whose Pins are left out. */
  withoutBoardIds: readonly number[]
  /** Only Pins with smaller ids. */
  before: number
  /** At most this many. */
  count: number
}

/** What the databases do each in their own way. */
export interface PinSearchStore {
  /** Writes the words of Pins that are not in the index. */
  insert(tx: Tx, pins: readonly PinWords[]): Promise<void>
  /** Removes Pins; those that are not in the index are passed over. */
  delete(tx: Tx, ids: readonly number[]): Promise<void>
  /** Returns the ids of Pins that match, newest first. */
  newest(query: PinSearchQuery): Promise<number[]>
  /** Returns the ids of the best of the newest thousand Pins that match, best first. */
  best(query: PinSearchQuery): Promise<number[]>
}
