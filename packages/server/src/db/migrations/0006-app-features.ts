import type { Kysely } from 'kysely'

/** Apps have restricted features: those of their tier unless they are named. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('apps').addColumn('features', 'text').execute()
}
