import type { Kysely } from 'kysely'

/** The promotions that ad groups show. */
export async function up({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('ad_group_promotions')
    .addColumn('promotion_id', 'bigint', (c) => c.notNull())
    .addColumn('ad_group_id', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('ad_group_promotions_key', ['promotion_id', 'ad_group_id'] as never)
    .execute()
  await schema
    .createIndex('ad_group_promotions_by_ad_group')
    .on('ad_group_promotions')
    .columns(['ad_group_id', 'promotion_id'] as never)
    .execute()
}
