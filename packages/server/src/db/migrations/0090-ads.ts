import type { Kysely } from 'kysely'

const tables = [
  ...['campaigns', 'ad_groups', 'ads', 'keywords', 'ad_labels', 'targeting_templates', 'promotions'],
  ...['ad_schedules', 'order_lines'],
]

/** What is advertised, and how: the columns that lists need, and the rest as JSON. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { schema } = db
  for (const table of tables) {
    await schema
      .createTable(table)
      .addColumn('id', 'bigint', (c) => c.primaryKey())
      .addColumn('ad_account_id', 'bigint', (c) => c.notNull().references('ad_accounts.id'))
      .addColumn('parent_id', 'bigint', (c) => c.notNull())
      .addColumn('status', 'text', (c) => c.notNull())
      .addColumn('created_at', 'bigint', (c) => c.notNull())
      .addColumn('updated_at', 'bigint', (c) => c.notNull())
      .addColumn('data', 'text', (c) => c.notNull())
      .execute()
    const index = (name: string, columns: string[]) =>
      schema
        .createIndex(`${table}_${name}`)
        .on(table)
        .columns(columns as never)
    await index('by_status', ['ad_account_id', 'status', 'id']).execute()
    await index('by_parent', ['parent_id', 'id']).execute()
  }
  await schema
    .alterTable('ads')
    .addColumn('campaign_id', 'bigint', (c) => c.notNull().defaultTo(0))
    .execute()
  await schema
    .alterTable('ads')
    .addColumn('pin_id', 'bigint', (c) => c.notNull().defaultTo(0))
    .execute()
  await schema
    .alterTable('ads')
    .addColumn('review_status', 'text', (c) => c.notNull().defaultTo('PENDING'))
    .execute()
  await schema.alterTable('ads').addColumn('review_at', 'bigint').execute()
  await schema
    .createIndex('ads_by_campaign')
    .on('ads')
    .columns(['campaign_id', 'id'] as never)
    .execute()
  await schema
    .createIndex('ads_by_pin')
    .on('ads')
    .columns(['pin_id', 'id'] as never)
    .execute()
  await schema
    .createIndex('ads_to_review')
    .on('ads')
    .columns(['review_at', 'id'] as never)
    .execute()
  await schema
    .createTable('ad_counts')
    .addColumn('owner_id', 'bigint', (c) => c.notNull())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('count', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('ad_counts_key', ['owner_id', 'kind'] as never)
    .execute()
}
