import type { Transaction } from 'kysely'
import type { Database } from '../../db/database.ts'
import type { Schema } from '../../db/schema.ts'
import { accountStore } from './store.ts'

/** The account ids, for upkeep that goes through all of them, some at a time. */
export interface AccountIds {
  /** Returns the ids of at most `count` accounts from `first` on, in their order. */
  from(tx: Transaction<Schema>, first: number, count: number): Promise<number[]>
}

/** Makes the list of account ids in `db`. */
export function accountIds(db: Database): AccountIds {
  return { from: accountStore(db).idsFrom }
}
