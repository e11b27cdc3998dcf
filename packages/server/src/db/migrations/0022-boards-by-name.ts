import type { Kysely } from 'kysely'

/** Boards are listed by name, off the index that keeps names unique: the one by age is of no use any more. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropIndex('boards_by_owner').execute()
}
