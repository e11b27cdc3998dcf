import type { Kysely } from 'kysely'

/** The labels on campaigns. */
export async function up({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('ad_label_entities')
    .addColumn('entity_id', 'bigint', (c) => c.notNull())
    .addColumn('label_id', 'bigint', (c) => c.notNull())
    .addColumn('label_type', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('ad_label_entities_key', ['entity_id', 'label_id'] as never)
    .execute()
}
