import type { Kysely } from 'kysely'

/** Pages that show the first ads of ad groups: one for each. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('campaign_ad_previews')
    .addColumn('ad_group_id', 'bigint', (c) => c.primaryKey())
    .addColumn('ad_account_id', 'bigint', (c) => c.notNull().references('ad_accounts.id'))
    .addColumn('ad_id', 'bigint', (c) => c.notNull())
    .addColumn('pin_id', 'bigint', (c) => c.notNull())
    .addColumn('account_id', 'bigint', (c) => c.notNull())
    .addColumn('uuid', 'text', (c) => c.notNull())
    .addColumn('expires_at', 'bigint', (c) => c.notNull())
    .execute()
  await db.schema
    .createIndex('campaign_ad_previews_by_uuid')
    .unique()
    .on('campaign_ad_previews')
    .columns(['uuid'] as never)
    .execute()
}
