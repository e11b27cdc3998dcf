import type { Kysely } from 'kysely'

/** What pictures look like. Those that were stored before are looked at by upkeep. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('pictures').addColumn('look', 'text').execute()
}
