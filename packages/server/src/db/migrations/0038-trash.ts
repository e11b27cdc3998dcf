import type { Kysely } from 'kysely'

/** Pins that were deleted in the web app, and may come back. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('trashed_pins')
    .addColumn('id', 'bigint', (c) => c.primaryKey())
    .addColumn('pin_id', 'bigint', (c) => c.notNull().unique())
    .addColumn('owner_id', 'bigint', (c) => c.notNull().references('accounts.id'))
    .addColumn('trashed_at', 'bigint', (c) => c.notNull())
    .addColumn('pin', 'text', (c) => c.notNull())
    .execute()
  await db.schema.createIndex('trashed_pins_by_owner').on('trashed_pins').columns(['owner_id', 'id']).execute()
  await db.schema.createIndex('trashed_pins_by_time').on('trashed_pins').column('trashed_at').execute()
}
