import { type Kysely, sql } from 'kysely'

/** An index for each list and queue that was read in full, or sorted. `query-plans.test.ts` keeps it so. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create index picture_sweeps_by_time on picture_sweeps (queued_at)`.execute(db)
  await sql`create index media_by_status_newest on media (status, id)`.execute(db)
  await sql`create index profile_visits_by_time on profile_visits (visited_at)`.execute(db)
  await sql`create index sections_by_board_place on sections (board_id, (coalesce(place, id)), id)`.execute(db)
  await sql`create index webhook_deliveries_leased on webhook_deliveries (leased_until) where status = 'waiting'`.execute(
    db,
  )
}
