import type { Kysely } from 'kysely'

/** The pictures that people chose for their accounts. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('accounts').addColumn('avatar_key', 'text').execute()
}
