import { type Kysely, type QueryExecutorProvider, sql } from 'kysely'

/**
 * Ad accounts and the roles in them. Until now a business had one ad account, in a column of its own: it moves into the
 * table under its id. The column stays behind, empty: SQLite cannot drop one that is unique.
 */
export async function up(db: Pick<Kysely<unknown>, 'schema'> & QueryExecutorProvider): Promise<void> {
  const { schema } = db
  await schema
    .createTable('ad_accounts')
    .addColumn('id', 'bigint', (c) => c.primaryKey())
    .addColumn('owner_id', 'bigint', (c) => c.notNull().references('accounts.id'))
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('country', 'text', (c) => c.notNull())
    .addColumn('currency', 'text', (c) => c.notNull())
    .addColumn('time_zone', 'text')
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('updated_at', 'bigint', (c) => c.notNull())
    .execute()
  await schema.createIndex('ad_accounts_by_owner').on('ad_accounts').columns(['owner_id', 'id']).execute()

  await schema
    .createTable('ad_account_roles')
    .addColumn('account_id', 'bigint', (c) => c.notNull().references('accounts.id'))
    .addColumn('ad_account_id', 'bigint', (c) => c.notNull().references('ad_accounts.id'))
    .addColumn('role', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('ad_account_roles_pk', ['account_id', 'ad_account_id', 'role'])
    .execute()
  await schema
    .createIndex('ad_account_roles_by_ad_account')
    .on('ad_account_roles')
    .columns(['ad_account_id', 'account_id'])
    .execute()

  await sql`
    INSERT INTO ad_accounts (id, owner_id, name, country, currency, time_zone, created_at, updated_at)
    SELECT ad_account_id, id, coalesce(business_name, username), 'US', 'USD', NULL, created_at, created_at
    FROM accounts WHERE ad_account_id IS NOT NULL`.execute(db)
  await sql`
    INSERT INTO ad_account_roles (account_id, ad_account_id, role)
    SELECT id, ad_account_id, 'OWNER' FROM accounts WHERE ad_account_id IS NOT NULL`.execute(db)
  await sql`UPDATE accounts SET ad_account_id = NULL WHERE ad_account_id IS NOT NULL`.execute(db)
}
