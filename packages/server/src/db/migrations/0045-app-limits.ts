import type { Kysely } from 'kysely'

/** Apps can have limits of their own. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('apps').addColumn('limits', 'text').execute()
}
