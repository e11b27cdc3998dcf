import { type Kysely, SqliteAdapter, sql } from 'kysely'

/** Webhooks, and the events on their way to them. */
export async function up(db: Kysely<{ webhook_deliveries: { status: string } }>): Promise<void> {
  const { schema } = db
  const isSqlite = db.getExecutor().adapter instanceof SqliteAdapter
  await schema
    .createTable('webhooks')
    .addColumn('id', 'bigint', (c) => c.primaryKey())
    .addColumn('account_id', 'bigint', (c) => c.notNull().references('accounts.id'))
    .addColumn('app_id', 'bigint', (c) => c.notNull())
    .addColumn('url', 'text', (c) => c.notNull())
    .addColumn('description', 'text', (c) => c.notNull())
    .addColumn('events', 'text', (c) => c.notNull())
    .addColumn('thresholds', 'text', (c) => c.notNull())
    .addColumn('sees_secret', 'integer', (c) => c.notNull())
    .addColumn('status', 'text', (c) => c.notNull())
    .addColumn('problem', 'text')
    .addColumn('secret_salt', 'text', (c) => c.notNull())
    .addColumn('old_secret_salt', 'text')
    .addColumn('old_secret_until', 'bigint')
    .addColumn('failing_since', 'bigint')
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .execute()
  await schema.createIndex('webhooks_by_account').on('webhooks').columns(['account_id', 'id']).execute()
  const deliveries = schema.createTable('webhook_deliveries')
  // The database's own numbers: clocks of several servers differ, and what is sent later must not have a smaller one.
  await (isSqlite
    ? deliveries.addColumn('seq', 'integer', (c) => c.primaryKey().autoIncrement())
    : deliveries.addColumn('seq', 'bigserial', (c) => c.primaryKey())
  )
    .addColumn('id', 'bigint', (c) => c.notNull())
    .addColumn('webhook_id', 'bigint', (c) => c.notNull())
    .addColumn('message_id', 'bigint', (c) => c.notNull())
    .addColumn('object_key', 'text', (c) => c.notNull())
    .addColumn('type', 'text', (c) => c.notNull())
    .addColumn('is_secret', 'integer', (c) => c.notNull())
    .addColumn('body', 'text', (c) => c.notNull())
    .addColumn('status', 'text', (c) => c.notNull())
    .addColumn('attempts', 'integer', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('next_attempt_at', 'bigint', (c) => c.notNull())
    .addColumn('tried_until', 'bigint', (c) => c.notNull())
    .addColumn('leased_by', 'text', (c) => c.notNull())
    .addColumn('leased_until', 'bigint', (c) => c.notNull())
    .addColumn('answer_status', 'integer')
    .addColumn('problem', 'text')
    .addColumn('finished_at', 'bigint')
    .execute()
  const index = (name: string, columns: readonly string[]) =>
    schema
      .createIndex(`webhook_deliveries_${name}`)
      .on('webhook_deliveries')
      .columns(columns as never)
  await index('by_id', ['id']).unique().execute()
  await index('by_webhook', ['webhook_id', 'id']).execute()
  await index('by_status', ['webhook_id', 'status', 'id']).execute()
  await index('by_time', ['created_at']).execute()
  const waiting = [sql.ref('status'), '=', sql.lit('waiting')] as const
  await index('due', ['webhook_id', 'next_attempt_at', 'seq'])
    .where(...waiting)
    .execute()
  await index('tried', ['tried_until'])
    .where(...waiting)
    .execute()
  await index('of_object', ['webhook_id', 'object_key', 'seq'])
    .where(...waiting)
    .execute()
}
