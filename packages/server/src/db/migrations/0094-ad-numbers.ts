import { type Kysely, SqliteAdapter, sql } from 'kysely'

const counters = [
  'impressions',
  'clickthroughs',
  'outbound_clicks',
  'saves',
  'engagements',
  'web_sessions',
  'video_starts',
  'video_3s_views',
  'video_mrc_views',
  'video_quarters',
  'video_halves',
  'video_three_quarters',
  'video_95_percent',
  'video_completions',
  'video_watch_ms',
  'page_forwards',
  'page_backwards',
  'product_tag_visits',
  'spend',
  'ads_credit_spend',
  'leads',
]

/** What was counted of ads, of all that they are in too, by day and, for the last days, by hour. */
export async function up(db: Kysely<unknown>): Promise<void> {
  // On SQLite the rows of such a table stand in the order of its key, so that the days of a campaign are read in one go.
  const keyed = db.getExecutor().adapter instanceof SqliteAdapter ? sql`without rowid` : sql``
  for (const [name, time] of [
    ['ad_days', 'day'],
    ['ad_hours', 'hour'],
  ] as const) {
    let table = db.schema
      .createTable(name)
      .addColumn('entity_id', 'bigint', (c) => c.notNull())
      .addColumn(time, 'integer', (c) => c.notNull())
      .addColumn('side', 'smallint', (c) => c.notNull())
    for (const counter of counters) table = table.addColumn(counter, 'bigint', (c) => c.notNull())
    await table
      .addPrimaryKeyConstraint(`${name}_pk`, ['entity_id', 'side', time] as never)
      .modifyEnd(keyed)
      .execute()
    await db.schema.createIndex(`${name}_by_time`).on(name).column(time).execute()
  }
}
