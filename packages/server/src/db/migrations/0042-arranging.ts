import { type Kysely, sql } from 'kysely'

/**
 * Boards as people arrange them: the places of Pins and sections that were moved, covers that were chosen, and boards
 * that were put away. What was never moved stands where its id says; so nothing is rewritten here.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { schema } = db
  for (const table of ['pins', 'sections']) await schema.alterTable(table).addColumn('place', 'bigint').execute()
  for (const column of ['cover_pin_id', 'archived_at'])
    await schema.alterTable('boards').addColumn(column, 'bigint').execute()
  await schema.alterTable('boards').addColumn('cover_key', 'text').execute()
  await sql`create index pins_by_board_place on pins (board_id, (coalesce(place, id)), id)`.execute(db)
  await sql`create index pins_by_section_place on pins (section_id, (coalesce(place, id)), id)
    where section_id is not null`.execute(db)
  await sql`create index boards_archived on boards (owner_id, privacy) where archived_at is not null`.execute(db)
}
