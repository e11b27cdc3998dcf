import { type Kysely, sql } from 'kysely'

/** Notifications of partners, a row for each request; and the conversion tokens of an app and account, to keep few. */
export async function up(db: Kysely<{ tokens: { kind: string } }>): Promise<void> {
  const { schema } = db
  await schema
    .createTable('notifications')
    .addColumn('id', 'bigint', (c) => c.primaryKey())
    .addColumn('account_id', 'bigint', (c) => c.notNull().references('accounts.id'))
    .addColumn('body', 'text', (c) => c.notNull())
    .addColumn('received_at', 'bigint', (c) => c.notNull())
    .execute()
  await schema.createIndex('notifications_by_account').on('notifications').columns(['account_id', 'id']).execute()
  await schema.createIndex('notifications_by_time').on('notifications').column('received_at').execute()
  await schema
    .createIndex('tokens_for_conversions')
    .on('tokens')
    .columns(['account_id', 'app_id', 'grant_id', 'kind'])
    .where(sql.ref('kind'), '=', sql.lit('conversion'))
    .execute()
}
