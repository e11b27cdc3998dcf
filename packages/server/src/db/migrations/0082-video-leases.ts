import { type Kysely, sql } from 'kysely'

/** Where the file of an upload is stored until it is processed, and which of several servers does that. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('media').addColumn('upload_key', 'text').execute()
  await db.schema.alterTable('media').addColumn('leased_by', 'text').execute()
  await db.schema
    .alterTable('media')
    .addColumn('leased_until', 'bigint', (c) => c.notNull().defaultTo(0))
    .execute()
  await sql`create index media_by_upload_key on media (upload_key) where upload_key is not null`.execute(db)
}
