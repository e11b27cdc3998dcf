import type { Kysely } from 'kysely'

/** For people's settings: their sessions and the tokens that apps have of them are found by account. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { schema } = db
  await schema
    .alterTable('sessions')
    .addColumn('user_agent', 'text', (c) => c.notNull().defaultTo(''))
    .execute()
  await schema.createIndex('sessions_by_account').on('sessions').columns(['account_id', 'created_at']).execute()
  await schema.createIndex('tokens_by_account').on('tokens').columns(['account_id', 'app_id']).execute()
}
