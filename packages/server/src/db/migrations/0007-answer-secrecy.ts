import type { Kysely } from 'kysely'

/** Whether the token that a creation came with could see secrets. Of those from before it is not known: it may have. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('idempotency_keys')
    .addColumn('sees_secret', 'integer', (c) => c.notNull().defaultTo(1))
    .execute()
}
