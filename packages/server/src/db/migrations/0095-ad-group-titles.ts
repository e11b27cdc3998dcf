import type { Kysely } from 'kysely'

/** The titles of ad groups: the file that was sent last, and what was taken of the one that was processed. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('ad_group_title_uploads')
    .addColumn('ad_group_id', 'bigint', (c) => c.primaryKey())
    .addColumn('request_id', 'text', (c) => c.notNull())
    .addColumn('csv', 'text', (c) => c.notNull())
    .addColumn('expires_at', 'bigint', (c) => c.notNull())
    .execute()
  await db.schema
    .createTable('ad_group_titles')
    .addColumn('ad_group_id', 'bigint', (c) => c.primaryKey())
    .addColumn('csv', 'text', (c) => c.notNull())
    .addColumn('row_count', 'integer', (c) => c.notNull())
    .addColumn('updated_at', 'bigint', (c) => c.notNull())
    .execute()
}
