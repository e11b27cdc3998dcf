import type { Transaction } from 'kysely'
import type { Schema } from '../../db/schema.ts'

/** Some of an account's Pins: at most `count`, with ids below `before`, newest first. */
export interface PinBatch {
  /** The account. */
  ownerId: number
  /** Only Pins with smaller ids. */
  before: number
  /** How many at most. */
  count: number
}

/** What websites ask of Pins. */
export interface ClaimablePins {
  /**
   * Marks each Pin of a batch as claimed or not, as `isClaimed` says of its link, and moves its numbers. Returns the
   * smallest id of the batch, or undefined when it was the last one.
   */
  mark(
    tx: Transaction<Schema>,
    batch: PinBatch,
    isClaimed: (link: string | null) => boolean,
  ): Promise<number | undefined>
}
