import type { Kysely } from 'kysely'

/** What creations answered besides the body. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('idempotency_keys')
    .addColumn('headers', 'text', (c) => c.notNull().defaultTo('{}'))
    .execute()
}
