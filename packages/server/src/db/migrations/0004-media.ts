import type { Kysely } from 'kysely'

/** Uploaded videos; Pins of videos and of several pictures. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { schema } = db
  await schema
    .createTable('media')
    .addColumn('id', 'bigint', (c) => c.primaryKey())
    .addColumn('account_id', 'bigint', (c) => c.notNull().references('accounts.id'))
    .addColumn('status', 'text', (c) => c.notNull())
    .addColumn('attempts', 'integer', (c) => c.notNull())
    .addColumn('problem', 'text')
    .addColumn('key', 'text')
    .addColumn('bytes', 'bigint', (c) => c.notNull())
    .addColumn('duration_ms', 'integer', (c) => c.notNull())
    .addColumn('width', 'integer', (c) => c.notNull())
    .addColumn('height', 'integer', (c) => c.notNull())
    .addColumn('uses', 'integer', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('changed_at', 'bigint', (c) => c.notNull())
    .execute()
  await schema.createIndex('media_by_account').on('media').columns(['account_id', 'id']).execute()
  await schema.createIndex('media_by_key').on('media').column('key').execute()
  await schema.createIndex('media_by_status').on('media').columns(['status', 'changed_at']).execute()

  await schema.alterTable('pins').addColumn('video_id', 'bigint').execute()
  await schema.alterTable('pins').addColumn('carousel', 'text').execute()
  // Lists of every kind of Pin: one range for each privacy and origin, not one for each kind as well.
  await schema
    .createIndex('pins_by_owner_newest')
    .on('pins')
    .columns(['owner_id', 'privacy', 'is_repin', 'id'])
    .execute()
}
