import type { Kysely } from 'kysely'

/** What takes long to make and ends in a file, and the files, in parts. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('jobs')
    .addColumn('token', 'text', (c) => c.primaryKey())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('ad_account_id', 'bigint', (c) => c.notNull())
    .addColumn('params_hash', 'text')
    .addColumn('params', 'text', (c) => c.notNull())
    .addColumn('status', 'text', (c) => c.notNull())
    .addColumn('file_key', 'text')
    .addColumn('size', 'bigint', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('expires_at', 'bigint')
    .execute()
  await db.schema
    .createIndex('jobs_by_params')
    .unique()
    .on('jobs')
    .columns(['ad_account_id', 'kind', 'params_hash'] as never)
    .execute()
  await db.schema
    .createIndex('jobs_by_turn')
    .on('jobs')
    .columns(['status', 'ad_account_id', 'created_at', 'token'] as never)
    .execute()
  await db.schema
    .createIndex('jobs_by_expiry')
    .on('jobs')
    .columns(['expires_at'] as never)
    .execute()
  await db.schema
    .createTable('job_parts')
    .addColumn('file_key', 'text', (c) => c.notNull())
    .addColumn('part', 'integer', (c) => c.notNull())
    .addColumn('text', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('job_parts_key', ['file_key', 'part'] as never)
    .execute()
}
