import type { Kysely } from 'kysely'

/** The Pins that are tagged in Pins as products. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('product_tags')
    .addColumn('pin_id', 'bigint', (c) => c.notNull())
    .addColumn('tagged_id', 'bigint', (c) => c.notNull())
    .addColumn('id', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('product_tags_pk', ['pin_id', 'tagged_id'])
    .execute()
  await db.schema.createIndex('product_tags_by_tagged').on('product_tags').column('tagged_id').execute()
  await db.schema
    .alterTable('pins')
    .addColumn('has_product_tags', 'integer', (c) => c.notNull().defaultTo(0))
    .execute()
}
