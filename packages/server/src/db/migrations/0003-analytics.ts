import { type Kysely, SqliteAdapter, sql } from 'kysely'

const counters = [
  'impressions',
  'saves',
  'pin_clicks',
  'outbound_clicks',
  'profile_visits',
  'user_follows',
  'comments',
  'reactions',
  'video_starts',
  'video_mrc_views',
  'video_10s_views',
  'video_95_percent_views',
  'video_watch_ms',
]

/** What happens to Pins: what was counted, by day and by block of days; and whether a Pin leads to its owner's website. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { schema } = db
  const isSqlite = db.getExecutor().adapter instanceof SqliteAdapter
  // On SQLite the rows of such a table stand in the order of its key, so that the days of a Pin are read in one go.
  const keyed = isSqlite ? sql`without rowid` : sql``

  let pinDays = schema
    .createTable('pin_days')
    .addColumn('pin_id', 'bigint', (c) => c.notNull())
    .addColumn('day', 'integer', (c) => c.notNull())
    .addColumn('app_type', 'smallint', (c) => c.notNull())
  for (const counter of counters) pinDays = pinDays.addColumn(counter, 'bigint', (c) => c.notNull())
  await pinDays.addPrimaryKeyConstraint('pin_days_pk', ['pin_id', 'day', 'app_type']).modifyEnd(keyed).execute()

  let pinBlocks = schema
    .createTable('pin_blocks')
    .addColumn('pin_id', 'bigint', (c) => c.notNull())
    .addColumn('block', 'integer', (c) => c.notNull())
    .addColumn('app_type', 'smallint', (c) => c.notNull())
  pinBlocks = pinBlocks.addColumn('changes', 'bigint', (c) => c.notNull())
  for (const counter of counters) pinBlocks = pinBlocks.addColumn(counter, 'bigint', (c) => c.notNull())
  await pinBlocks.addPrimaryKeyConstraint('pin_blocks_pk', ['pin_id', 'block', 'app_type']).modifyEnd(keyed).execute()
  await schema.createIndex('pin_blocks_by_block').on('pin_blocks').column('block').execute()

  let accountDays = schema
    .createTable('account_days')
    .addColumn('account_id', 'bigint', (c) => c.notNull())
    .addColumn('slice', 'smallint', (c) => c.notNull())
    .addColumn('day', 'integer', (c) => c.notNull())
    .addColumn('app_type', 'smallint', (c) => c.notNull())
  for (const counter of counters.slice(0, 4)) accountDays = accountDays.addColumn(counter, 'bigint', (c) => c.notNull())
  await accountDays
    .addPrimaryKeyConstraint('account_days_pk', ['account_id', 'slice', 'day', 'app_type'])
    .modifyEnd(keyed)
    .execute()
  await schema.createIndex('account_days_by_day').on('account_days').column('day').execute()

  await schema
    .createTable('top_pins')
    .addColumn('account_id', 'bigint', (c) => c.notNull())
    .addColumn('slice', 'smallint', (c) => c.notNull())
    .addColumn('metric', 'smallint', (c) => c.notNull())
    .addColumn('app_type', 'smallint', (c) => c.notNull())
    .addColumn('block', 'integer', (c) => c.notNull())
    .addColumn('bucket', 'smallint', (c) => c.notNull())
    .addColumn('pin_id', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('top_pins_pk', ['account_id', 'slice', 'metric', 'app_type', 'block', 'bucket', 'pin_id'])
    .modifyEnd(keyed)
    .execute()

  for (const table of ['event_keys_0', 'event_keys_1'])
    await schema
      .createTable(table)
      .addColumn('key', isSqlite ? 'integer' : 'bigint', (c) => c.primaryKey())
      .execute()

  await schema
    .alterTable('pins')
    .addColumn('is_claimed', 'integer', (c) => c.notNull().defaultTo(0))
    .execute()
  await noteClaimed(db as Kysely<Tables>)
}

interface Tables {
  accounts: { id: number; website_url: string }
  pins: { id: number; owner_id: number; link: string | null; is_claimed: number }
}

async function noteClaimed(db: Kysely<Tables>): Promise<void> {
  const owners = await db.selectFrom('accounts').select(['id', 'website_url']).where('website_url', '!=', '').execute()
  for (const { id, website_url: website } of owners) {
    const pins = db.selectFrom('pins').select(['id', 'link']).where('owner_id', '=', id).where('link', 'is not', null)
    for (const pin of await pins.execute())
      if (isOnWebsite(pin.link, website))
        await db.updateTable('pins').set({ is_claimed: 1 }).where('id', '=', pin.id).execute()
  }
}

// The rule as it was when this was released: a later one must not change what an upgrade does.
/** Whether `link` leads to the website at `website`: to its host, with or without `www.`, or to one below it. */
function isOnWebsite(link: string | null, website: string): boolean {
  const host = hostOf(link)
  const own = hostOf(website)
  return host !== undefined && own !== undefined && (host === own || host.endsWith(`.${own}`))
}

function hostOf(address: string | null): string | undefined {
  const host = address ? URL.parse(address)?.hostname.replace(/^www\./, '') : undefined
  return host || undefined
}
