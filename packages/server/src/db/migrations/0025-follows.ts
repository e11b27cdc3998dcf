import type { Kysely } from 'kysely'

/** Who follows which accounts, boards and interests. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { schema } = db
  await schema
    .createTable('follows')
    .addColumn('id', 'bigint', (c) => c.primaryKey())
    .addColumn('follower_id', 'bigint', (c) => c.notNull().references('accounts.id'))
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('target_id', 'bigint', (c) => c.notNull())
    .addColumn('account_id', 'bigint', (c) => c.references('accounts.id'))
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addUniqueConstraint('follows_once', ['follower_id', 'kind', 'target_id'])
    .execute()
  await schema.createIndex('follows_by_follower').on('follows').columns(['follower_id', 'kind', 'id']).execute()
  await schema.createIndex('follows_by_target').on('follows').columns(['kind', 'target_id', 'id']).execute()
  // Whether an account is followed otherwise as well, by a later follow.
  await schema.createIndex('follows_by_account').on('follows').columns(['follower_id', 'account_id', 'id']).execute()
}
