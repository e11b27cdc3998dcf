import { type Kysely, SqliteAdapter, sql } from 'kysely'

/** From which Pin an account came to the profile of another last: a follow soon after counts for that Pin. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const isSqlite = db.getExecutor().adapter instanceof SqliteAdapter
  await db.schema
    .createTable('profile_visits')
    .addColumn('viewer_id', 'bigint', (c) => c.notNull())
    .addColumn('owner_id', 'bigint', (c) => c.notNull())
    .addColumn('pin_id', 'bigint', (c) => c.notNull())
    .addColumn('visited_at', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('profile_visits_pk', ['viewer_id', 'owner_id'])
    .modifyEnd(isSqlite ? sql`without rowid` : sql``)
    .execute()
}
