import type { Transaction } from 'kysely'
import type { Database } from '../../db/database.ts'
import type { Schema } from '../../db/schema.ts'

/** The SQL of what the installation stores about itself: named texts. */
export interface InstallationStore {
  /** Returns every text by its name. */
  all(): Promise<Map<string, string>>
  /** Writes a text unless there is one under this name. */
  addMissing(key: string, value: string): Promise<void>
  /** Sets a text. */
  put(key: string, value: string): Promise<void>
  /** Returns a text within a transaction; undefined if there is none. */
  getIn(tx: Transaction<Schema>, key: string): Promise<string | undefined>
  /** Sets a text within a transaction. */
  putIn(tx: Transaction<Schema>, key: string, value: string): Promise<void>
}

/** Makes the store over `db`. */
export function installationStore(db: Database): InstallationStore {
  return {
    async all() {
      const rows = await db.read.selectFrom('meta').selectAll().execute()
      return new Map(rows.map(({ key, value }) => [key, value]))
    },
    async addMissing(key, value) {
      await db.write((tx) =>
        tx
          .insertInto('meta')
          .values({ key, value })
          .onConflict((c) => c.column('key').doNothing())
          .execute(),
      )
    },
    put: (key, value) => db.write((tx) => put(tx, key, value)),
    async getIn(tx, key) {
      const row = await tx.selectFrom('meta').select('value').where('key', '=', key).executeTakeFirst()
      return row?.value
    },
    putIn: put,
  }
}

async function put(tx: Transaction<Schema>, key: string, value: string): Promise<void> {
  await tx
    .insertInto('meta')
    .values({ key, value })
    .onConflict((c) => c.column('key').doUpdateSet({ value }))
    .execute()
}
