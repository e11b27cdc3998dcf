import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type Operation, operations } from '@pinfold/contract'
import { type AdBelongings, makeAdBelongings } from '@pinfold/test-support/ads'
import { postgres } from '@pinfold/test-support/databases'
import { onThisMachine, until } from '@pinfold/test-support/pace'
import { base64Source } from '@pinfold/test-support/pictures'
import { sendExample } from '@pinfold/test-support/send-example'
import { people, startTestServer, type TestServer } from '@pinfold/test-support/server'
import pg from 'pg'
import { expect, onTestFinished, test } from 'vitest'

// Every statement that the operations of the contract run is explained: a new one is covered as soon as an example of the
// contract reaches it. What reads a whole table, or sorts what it has read, is named here, with the reason.

/** Statements that may read all of a table or sort, by a part of their text. */
const allowed: readonly { has: RegExp; because: string }[] = [
  {
    has: /"?(sqlite_master|pragma_table_info|kysely_migration|pg_catalog|pg_class)/,
    because: 'the schema, at the start',
  },
  { has: /from "(meta|search_backfill|installation)"/, because: 'a row or two' },
  { has: /from "removals" limit/, because: 'what is being removed; the first of them, in no order' },
  { has: /from "top_pins" limit/, because: 'whether there is any; the first of them, in no order' },
  { has: /"website_owners" where "mark_before" is not null/, because: 'a partial index of those alone' },
  { has: /distinct "account_id" from "webhooks"/, because: 'who has webhooks at all; few accounts do, and it is kept' },
  { has: /"ad_account_roles" as "r"/, because: 'the roles of one account, which are bounded' },
  { has: /from "event_keys_[01]"/, because: 'the keys of the last days, read once at the start' },
  { has: /pin_search/, because: 'the virtual table of the search, by its words or its id' },
  { has: /as "some"/, because: 'counts at most so many, off an index' },
  { has: /with recursive w \(id\)/, because: 'a step on an index for each webhook that has something to be sent' },
  { has: /"pinfold_control"."state"/, because: 'one row' },
  { has: /^delete from "event_key_batches_[01]"$/, because: 'the batches of a day, which go together' },
]

/**
 * What databases that only speak PostgreSQL's protocol, CockroachDB and YugabyteDB, lack, do otherwise, or pay dearly for:
 * state that stays with a connection, locks beyond rows, sequences, the places of rows, functions in the database.
 */
const notPortable: readonly RegExp[] = [
  /^\s*(set (?!transaction)|reset|listen|notify|unlisten|discard|declare|fetch|move|prepare|deallocate|lock|do|vacuum|cluster)\b/i,
  /\b(set_config|pg_notify|pg_(try_)?advisory\w*|nextval|currval|lastval|setval|txid_current|pg_current_wal\w*)\s*\(/i,
  /\bcreate\s+(temp|temporary|unlogged|function|procedure|trigger|rule)\b/i,
  /\b(ctid|xmin|xmax|oid)\b(?!\s*\()/i,
  /\bfor\s+(no key update|key share)\b/i,
  /\bwith\s+hold\b/i,
]

/** Statements that may use such things, by a part of their text. */
const portableEnough: readonly { has: RegExp; because: string }[] = [
  { has: /^set local (lock_timeout|search_path|statement_timeout)/i, because: 'within a transaction of a control' },
  { has: /^select set_config\('search_path', \$\d+, true\)/i, because: 'the same, to put it back' },
  { has: /^lock table/i, because: 'a reset or a snapshot, which are for tests' },
  { has: /^select setval\(pg_get_serial_sequence/i, because: 'data from elsewhere were put in, which is for tests' },
]

const isPlanned = (sql: string) => /^\s*(select|insert|update|delete|with)\b/i.test(sql)
const isAllowed = (sql: string) => allowed.some(({ has }) => has.test(sql))

/** Operations that end what the others need, or change the data as a whole. */
const last = /delete|remove|reset|restore|disconnect|revoke|import|snapshot|sandbox|empty/i

/** Calls every operation with the examples of the contract, for things that there are. */
async function callEverything(server: TestServer): Promise<void> {
  const board = (await server.post('/boards', { name: 'Plans' })).body.id
  const other = (await server.post('/boards', { name: 'Other plans', privacy: 'SECRET' })).body.id
  const section = (await server.post(`/boards/${board}/sections`, { name: 'Part' })).body.id
  const makePin = async (hue: number, more: object = {}) =>
    (await server.post('/pins', { board_id: board, title: 'Blue cup', media_source: await base64Source(hue), ...more }))
      .body.id
  const pin = await makePin(1, { board_section_id: section, link: 'https://alice.example/cup' })
  const pins = [pin, await makePin(2), await makePin(3, { board_id: other })]
  const { media_id } = (await server.post('/media', { media_type: 'video' })).body
  const ads = await makeAdBelongings(server)
  const values = {
    ...{ board_id: board, section_id: section, pin_id: pin, media_id, pin_ids: pins, ...ads },
    ...{ username: people.bob.username, website: 'alice.example' },
  }
  if (ads.ad_id !== undefined) await countAds(server, ads)
  const all = (operations as readonly Operation[]).filter(({ auth }) => auth.by === 'token' || auth.by === 'anyone')
  const order = (op: Operation) => (op.method === 'GET' ? 0 : last.test(op.id) ? 2 : 1)
  for (const op of all.toSorted((a, b) => order(a) - order(b))) await sendExample(server, op, values).catch(() => {})
  const filters = [
    'creative_types=REGULAR',
    'pin_filter=exclude_repins',
    'pin_type=PRIVATE',
    'domain=alice.example',
    'pin_metrics=true',
  ]
  for (const filter of ['page_size=1', ...filters]) {
    const { body } = await server.get(`/pins?${filter}&page_size=1`)
    if (body.bookmark) await server.get(`/pins?${filter}&page_size=1&bookmark=${body.bookmark}`)
    await server.get(`/boards/${board}/pins?${filter}`)
  }
}

/** Writes numbers of an ad, and reads them in every way. */
async function countAds(server: TestServer, { ad_id, ad_account_id, ad_group_id, campaign_id }: AdBelongings) {
  const pin_id = (await server.get(`/ad_accounts/${ad_account_id}/ads/${ad_id}`)).body.pin_id
  const today = new Date(server.clock.now()).toISOString()
  const event = { id: 'of an ad', type: 'impression', at: today, viewer: 'somebody', ad_id }
  const others = { ...event, id: 'of a copy', pin_id: '7' }
  const { body } = await server.post('/_pinfold/events', { events: [{ ...event, pin_id }, others] })
  expect(body.counted_for_ads).toBe(1)
  const row = { date: today, ad_id, metric: 'SPEND_IN_MICRO_DOLLAR', value: 1_000_000 }
  expect((await server.post('/_pinfold/analytics/history', { rows: [row] })).body.loaded).toBe(1)
  for (const granularity of ['TOTAL', 'DAY', 'HOUR'])
    for (const which of [
      ...['analytics?', `campaigns/analytics?campaign_ids=${campaign_id}&`, `ads/analytics?ad_ids=${ad_id}&`],
      ...[
        `ad_groups/analytics?ad_group_ids=${ad_group_id}&`,
        `ads/analytics?campaign_ids=${campaign_id}&pin_ids=${pin_id}&`,
      ],
      `pins/analytics?campaign_id=${campaign_id}&pin_ids=${pin_id}&`,
    ]) {
      const columns = 'IMPRESSION_1,SPEND_IN_DOLLAR,CAMPAIGN_NAME,AD_GROUP_NAME,ORDER_LINE_NAME'
      const days = `start_date=${today}&end_date=${today}&granularity=${granularity}`
      const answer = await server.get(`/ad_accounts/${ad_account_id}/${which}${days}&columns=${columns}`)
      expect([answer.status, answer.body.length], answer.text).toEqual([200, 1])
    }
  const days = { start_date: today.slice(0, 10), end_date: today.slice(0, 10) }
  const columns = ['IMPRESSION_1', 'CAMPAIGN_NAME', 'AD_GROUP_NAME', 'ORDER_LINE_NAME']
  for (const level of ['ADVERTISER', 'CAMPAIGN', 'AD_GROUP', 'PIN_PROMOTION'])
    for (const granularity of ['TOTAL', 'DAY', 'HOUR']) {
      const ads = { ad_ids: [ad_id], ad_statuses: ['APPROVED', 'PENDING', 'PAUSED'], campaign_brand_label: 'Cups' }
      for (const narrowed of [{}, ads]) {
        const path = `/ad_accounts/${ad_account_id}/reports`
        const { token } = (await server.post(path, { ...days, level, granularity, columns, ...narrowed })).body
        const report = await until(async () => {
          const found = (await server.get(`${path}?token=${encodeURIComponent(token)}`)).body
          return found.report_status === 'FINISHED' && found
        })
        expect((await fetch(report.url)).status).toBe(200)
      }
    }
}

test('SQLite scans no table that grows, and sorts no list', { timeout: onThisMachine(120_000) }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pinfold-plans-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const options = { ephemeral: false, dataDir: join(folder, 'data') }
  // The steps of the schema may scan: they are done once.
  await (await startTestServer(options)).close()
  const statements = new Set<string>()
  const { prepare } = DatabaseSync.prototype
  DatabaseSync.prototype.prepare = function (sql, ...more) {
    statements.add(sql)
    return prepare.call(this, sql, ...more)
  }
  onTestFinished(() => {
    DatabaseSync.prototype.prepare = prepare
  })
  const server = await startTestServer(options)
  await callEverything(server)
  await server.close()
  DatabaseSync.prototype.prepare = prepare

  const db = new DatabaseSync(join(folder, 'data', 'pinfold.db'))
  const planned = [...statements].filter(isPlanned)
  expect(planned.length).toBeGreaterThan(150)
  const problems = planned.flatMap((sql) => {
    let steps: string[]
    try {
      steps = db
        .prepare(`EXPLAIN QUERY PLAN ${sql}`)
        .all()
        .map(({ detail }) => String(detail))
    } catch {
      return [] // Of another database: the one that locks the folder, a copy.
    }
    const bad = steps.filter((step) => /^SCAN (?!CONSTANT|\d+-ROW)|TEMP B-TREE/.test(step))
    return bad.length > 0 && !isAllowed(sql) ? [`${bad.join('; ')} ← ${sql}`] : []
  })
  db.close()
  expect(problems).toEqual([])
})

test('PostgreSQL reads no table in sequence, and is asked what its relatives answer too', {
  timeout: onThisMachine(120_000),
}, async () => {
  const { databaseUrl, discard } = await postgres.open()
  onTestFinished(discard)
  const server = await startTestServer({ databaseUrl })
  const statements = new Set<string>()
  const { query } = pg.Client.prototype
  pg.Client.prototype.query = function (this: pg.Client, ...args: unknown[]) {
    const [asked] = args as [string | { text: string }]
    statements.add(typeof asked === 'string' ? asked : asked.text)
    return Reflect.apply(query, this, args)
  }
  onTestFinished(() => {
    pg.Client.prototype.query = query
  })
  await callEverything(server)
  await server.close()
  pg.Client.prototype.query = query

  const planned = [...statements].filter(isPlanned)
  expect(planned.length).toBeGreaterThan(150)
  const special = [...statements].filter(
    (sql) => notPortable.some((it) => it.test(sql)) && !portableEnough.some(({ has }) => has.test(sql)),
  )
  expect(special, 'not for databases that only speak the protocol').toEqual([])
  const client = new pg.Client({ connectionString: databaseUrl })
  onTestFinished(() => client.end())
  await client.connect()
  await client.query('SET enable_seqscan = off; SET plan_cache_mode = force_generic_plan')
  const problems: string[] = []
  for (const sql of planned) {
    const { rows } = await client
      .query<Record<string, string>>(`EXPLAIN (GENERIC_PLAN) ${sql}`)
      .catch(() => ({ rows: [] }))
    const bad = rows.map((row) => String(row['QUERY PLAN']).trim()).filter((step) => step.includes('Seq Scan'))
    if (bad.length > 0 && !isAllowed(sql)) problems.push(`${bad.join('; ')} ← ${sql}`)
  }
  expect(problems).toEqual([])
})
