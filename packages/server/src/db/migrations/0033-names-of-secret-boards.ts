import { type QueryExecutorProvider, sql } from 'kysely'

/** The names of secret boards are apart from those of others: see `boardKey`. */
export async function up(db: QueryExecutorProvider): Promise<void> {
  await sql`UPDATE boards SET name_key = name_key || ' ' WHERE privacy = 'SECRET'`.execute(db)
}
