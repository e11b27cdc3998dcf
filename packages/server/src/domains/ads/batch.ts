import type { Transaction } from 'kysely'
import type { Database, Written } from '../../db/database.ts'
import type { Schema } from '../../db/schema.ts'

/** Why an item of a batch was refused. */
export interface Refusal {
  /** Pinterest's number where it is known, else 1. */
  code: number
  /** What was wrong, and what would be right. */
  message: string
}

/** Thrown when an item of a batch cannot be carried out, before anything of it is written. */
export class Refused extends Error {
  /** Everything that was wrong, in the order of the rules. */
  readonly refusals: readonly Refusal[]

  constructor(...refusals: [Refusal, ...Refusal[]]) {
    super(refusals[0].message)
    this.refusals = refusals
  }
}

/** Returns what refuses an item for a reason that Pinterest has no known number for. */
export const refused = (message: string): Refused => new Refused({ code: 1, message })

/** What became of one item: what it made, or why it was refused. */
export type Outcome<Made> =
  | {
      /** What it made or changed. */
      made: Made
    }
  | {
      /** Why it was refused. */
      refusals: readonly Refusal[]
    }

/**
 * Carries several items out in one transaction, in their order. One that throws `Refused` keeps none of the others from being
 * carried out. `written`: called with all outcomes in the transaction.
 */
export function batch<Item, Made>(
  db: Pick<Database, 'write'>,
  items: readonly Item[],
  one: (tx: Transaction<Schema>, item: Item) => Promise<Made>,
  written?: Written<Outcome<Made>[]>,
): Promise<Outcome<Made>[]> {
  return db.write(async (tx) => {
    const outcomes: Outcome<Made>[] = []
    for (const item of items) outcomes.push(await outcomeOf(() => one(tx, item)))
    await written?.(tx, outcomes)
    return outcomes
  })
}

async function outcomeOf<Made>(carryOut: () => Promise<Made>): Promise<Outcome<Made>> {
  try {
    return { made: await carryOut() }
  } catch (error) {
    if (error instanceof Refused) return { refusals: error.refusals }
    throw error
  }
}
