import type { Transaction } from 'kysely'
import type { Schema } from '../../../db/schema.ts'

type Tx = Transaction<Schema>

/** The SQL of the backfill's progress. */
export interface BackfillStore {
  /** Returns the id below which Pins are not in the index yet; undefined when all are. */
  before(tx: Tx): Promise<number | undefined>
  /** Records that Pins are in the index from this id on. */
  setBefore(tx: Tx, id: number): Promise<void>
  /** Records that all are. */
  done(tx: Tx): Promise<void>
}

/** The store; it needs no connection of its own. */
export const backfillStore: BackfillStore = {
  async before(tx) {
    return (await tx.selectFrom('search_backfill').select('before').executeTakeFirst())?.before
  },
  async setBefore(tx, before) {
    await tx.updateTable('search_backfill').set({ before }).execute()
  },
  async done(tx) {
    await tx.deleteFrom('search_backfill').execute()
  },
}
