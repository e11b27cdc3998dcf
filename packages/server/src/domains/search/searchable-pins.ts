import type { Transaction } from 'kysely'
import type { Schema } from '../../db/schema.ts'
import type { SearchedPin } from './pin-index.ts'

/** The same with when it was made, in milliseconds. */
export type DatedPin = SearchedPin & Pick<Schema['pins'], 'created_at'>

/** What decides whether a Pin is found. */
export type FindablePin = Pick<
  Schema['pins'],
  'id' | 'owner_id' | 'board_id' | 'privacy' | 'creative_type' | 'link_host' | 'created_at'
> & {
  /** Whether it links somewhere: 1 or 0. */
  has_link: number
}

/** What Pins are compared by that look alike, and what tells who may see them. */
export type LookingPin = Pick<Schema['pins'], 'id' | 'owner_id' | 'board_id' | 'privacy' | 'picture_key' | 'look'>

/** What search and trends ask of Pins. */
export interface SearchablePins {
  /** Returns at most `count` Pins with ids below `before`, newest first, as `tx` sees them. */
  searchable(tx: Transaction<Schema>, before: number, count: number): Promise<SearchedPin[]>
  /** Returns those of the Pins that are public, newest first. */
  publicAmong(ids: readonly number[]): Promise<SearchedPin[]>
  /** Returns what decides whether these Pins are found, newest first, whoever may see them. */
  findable(ids: readonly number[]): Promise<FindablePin[]>
  /** Returns what these Pins look like, newest first, whoever may see them. */
  looked(ids: readonly number[]): Promise<LookingPin[]>
  /** Returns the newest public Pins, newest first, `count` at most. */
  newestPublic(count: number): Promise<DatedPin[]>
}
