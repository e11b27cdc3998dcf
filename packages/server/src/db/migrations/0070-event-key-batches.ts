import { type Kysely, SqliteAdapter } from 'kysely'

/**
 * The keys of events by the batch: what the server that has the database to itself knows them again by after a start. Keys
 * of before stay where they are, and are known for as long as they would have been.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  const isSqlite = db.getExecutor().adapter instanceof SqliteAdapter
  for (const table of ['event_key_batches_0', 'event_key_batches_1'])
    await db.schema
      .createTable(table)
      .addColumn('id', isSqlite ? 'integer' : 'bigint', (c) => c.primaryKey())
      .addColumn('keys', 'text', (c) => c.notNull())
      .execute()
}
