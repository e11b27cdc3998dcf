import type { Kysely } from 'kysely'

/** People see their own apps, and name the tokens that they make for themselves. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { schema } = db
  await schema.createIndex('apps_by_owner').on('apps').columns(['owner_id', 'id']).execute()
  for (const column of ['name', 'ending']) await schema.alterTable('tokens').addColumn(column, 'text').execute()
  await schema.createIndex('tokens_by_app').on('tokens').columns(['app_id', 'account_id']).execute()
  await schema
    .createIndex('named_tokens')
    .on('tokens')
    .columns(['account_id', 'grant_id'])
    .where('name' as never, 'is not', null)
    .execute()
}
