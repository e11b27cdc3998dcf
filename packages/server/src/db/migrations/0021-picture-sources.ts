import { type Kysely, sql } from 'kysely'

/** Each account has pictures of its own; those that were made of the same bytes are found by them. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('pictures')
    .addColumn('source_hash', 'text', (c) => c.notNull().defaultTo(''))
    .execute()
  await sql`UPDATE pictures SET source_hash = content_hash`.execute(db)
  await db.schema.createIndex('pictures_by_source').on('pictures').column('source_hash').execute()
}
