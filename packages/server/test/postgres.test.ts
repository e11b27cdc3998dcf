import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type OwnPostgres, startPostgres } from '@pinfold/test-support/own-postgres'
import { onThisMachine, until } from '@pinfold/test-support/pace'
import { postgresPrograms } from '@pinfold/test-support/postgres-programs'
import { seedFile, startTestServer, type TestServer } from '@pinfold/test-support/server'
import { sql } from 'kysely'
import pg from 'pg'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { Database } from '../src/db/database.ts'
import { migrateToLatest, migrateUpTo, pendingSteps } from '../src/db/migrate.ts'
import { openPostgres } from '../src/db/postgres.ts'

const times = (count: number) => Array.from({ length: count }, (_, i) => i)

describe.skipIf(postgresPrograms === undefined)('on a PostgreSQL server', () => {
  let postgres: OwnPostgres
  let url: string
  let server: TestServer
  beforeAll(async () => {
    postgres = await startPostgres({ deadlock_timeout: '50ms' })
    url = await postgres.create('served')
    server = await startTestServer({ databaseUrl: url, databasePool: 6 })
    return async () => {
      await server.close()
      await postgres.discard()
    }
  })

  const opened = async (options: Parameters<typeof openPostgres>[1] = {}): Promise<Database> => {
    const db = await openPostgres(url, options)
    onTestFinished(() => db.close())
    return db
  }

  test('what is asked while it restarts is answered when it is back; what is answered 201 is there, once', async () => {
    const names = times(40).map((i) => `Through a restart ${i}`)
    const { id } = (await server.post('/boards', { name: 'Before' })).body
    const restarted = (async () => {
      await postgres.stop()
      await postgres.start()
    })()
    const [writes, reads] = await Promise.all([
      Promise.all(names.map((name) => server.post('/boards', { name }))),
      Promise.all(times(40).map(() => server.get(`/boards/${id}`))),
      restarted,
    ])
    expect(new Set(reads.map(({ status }) => status))).toEqual(new Set([200]))
    // Whether a write that was being committed is stored, nobody knows: then the answer says so, and when to come again.
    for (const { status, headers, body } of writes)
      if (status !== 201)
        expect([status, headers.get('retry-after'), body.message]).toEqual([
          503,
          '2',
          expect.stringContaining('may be stored or not'),
        ])
    const stored = (await server.get('/boards?page_size=250')).body.items.map(({ name }: { name: string }) => name)
    const answered = names.filter((_, i) => writes[i]?.status === 201)
    expect(answered.length).toBeGreaterThan(0)
    expect(stored.filter((name: string) => answered.includes(name)).toSorted()).toEqual(answered.toSorted())
  })

  test('while it is away, requests are answered 503 with Retry-After', { timeout: onThisMachine(60_000) }, async () => {
    await postgres.stop('immediate')
    onTestFinished(() => postgres.start())
    const answers = await Promise.all([server.get('/boards'), server.post('/boards', { name: 'Nowhere' })])
    for (const { status, headers, body } of answers)
      expect([status, headers.get('retry-after'), body.message]).toEqual([
        503,
        '2',
        'The server cannot take this request now. Its database does not answer.',
      ])
  })

  test('a transaction whose connection is ended before its commit is done again, once', async () => {
    const db = await opened()
    await sql`CREATE TABLE counted (n int)`.execute(db.read)
    let tries = 0
    await db.write(async (tx) => {
      tries++
      await sql`INSERT INTO counted VALUES (1)`.execute(tx)
      const { rows } = await sql<{ pid: number }>`SELECT pg_backend_pid() AS pid`.execute(tx)
      if (tries === 1) await postgres.run(`SELECT pg_terminate_backend(${rows[0]?.pid})`, 'served')
      await sql`INSERT INTO counted VALUES (2)`.execute(tx)
    })
    const { rows } = await sql<{ n: number }>`SELECT n FROM counted ORDER BY n`.execute(db.read)
    expect([tries, rows]).toEqual([2, [{ n: 1 }, { n: 2 }]])
  })

  test('deadlocks and conflicts are resolved by trying again', async () => {
    const db = await opened()
    await sql`CREATE TABLE pair (id int PRIMARY KEY, n int)`.execute(db.read)
    await sql`INSERT INTO pair VALUES (1, 0), (2, 0)`.execute(db.read)
    const addTo = (ids: readonly number[]) =>
      db.write(async (tx) => {
        for (const id of ids) await sql`UPDATE pair SET n = n + 1 WHERE id = ${id}`.execute(tx)
      })
    await Promise.all(times(8).map((i) => addTo(i % 2 ? [1, 2] : [2, 1])))
    const { rows } = await sql<{ n: number }>`SELECT n FROM pair ORDER BY id`.execute(db.read)
    expect(rows).toEqual([{ n: 8 }, { n: 8 }])
  })

  test('a statement goes on when the columns of its table change, and slow ones delay no others', async () => {
    const db = await opened({ statementMs: 2000 })
    await sql`CREATE TABLE changing (a int)`.execute(db.read)
    await sql`INSERT INTO changing VALUES (1)`.execute(db.read)
    const read = () => sql`SELECT * FROM changing`.execute(db.read)
    for (const _ of times(3)) await read()
    await sql`ALTER TABLE changing ADD COLUMN b int`.execute(db.read)
    const { rows } = await read()
    expect(rows).toEqual([{ a: 1, b: null }])
    await db.write(async (tx) => {
      const found = await sql`SELECT * FROM changing`.execute(tx)
      expect(found.rows).toEqual(rows)
    })

    const locked = new pg.Client({ connectionString: url })
    await locked.connect()
    await locked.query('BEGIN; LOCK TABLE pair IN ACCESS EXCLUSIVE MODE')
    let isSlowDone = false
    const slow = sql`SELECT * FROM pair`.execute(db.read).finally(() => {
      isSlowDone = true
    })
    // For longer than what is taken for slow.
    const waiting =
      "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query = 'SELECT * FROM pair' " +
      "AND clock_timestamp() - query_start > interval '50 ms'"
    await until(async () => (await postgres.run(waiting)).length > 0)
    await Promise.all(times(10).map(read))
    expect(isSlowDone).toBe(false)
    await locked.query('COMMIT')
    await locked.end()
    await slow
    await expect(sql`SELECT pg_sleep(10)`.execute(db.read)).rejects.toMatchObject({ code: '57014' })
  })

  test('servers that begin at once on an empty database all come up, and one fills it', async () => {
    const databaseUrl = await postgres.create('at-once')
    const storage = await mkdtemp(join(tmpdir(), 'pinfold-at-once-'))
    const seed = join(storage, 'seed.json')
    await writeFile(seed, JSON.stringify(seedFile([])))
    const start = (name: number) =>
      startTestServer({ databaseUrl, storage, seed, ephemeral: false, dataDir: join(storage, `data-${name}`) })
    const servers = await Promise.all(times(3).map(start))
    onTestFinished(async () => {
      for (const { close } of servers) await close()
      await rm(storage, { recursive: true, force: true })
    })
    const [one] = servers
    expect((await one?.post('/boards', { name: 'Seen by all' }))?.status).toBe(201)
    for (const { get } of servers) expect((await get('/boards')).body.items).toMatchObject([{ name: 'Seen by all' }])
  })

  test('indexes of tables that were there are made while others write, by one of several', async () => {
    const databaseUrl = await postgres.create('older')
    const [db, other] = [await openPostgres(databaseUrl, { statementMs: 3000 }), await openPostgres(databaseUrl)]
    onTestFinished(async () => {
      await db.close()
      await other.close()
    })
    await migrateUpTo(db, '0041-picture-looks')
    const indexes = async () =>
      (
        await postgres.run(
          "SELECT indexrelid::regclass::text AS name FROM pg_index WHERE indisvalid AND indexrelid::regclass::text LIKE '%place' ORDER BY 1",
          'older',
        )
      ).map(({ name }) => name)
    expect(await indexes()).toEqual([])

    // Somebody was cut off while making an index: what is left of it is not valid.
    await postgres.run('INSERT INTO search_words SELECT i::text FROM generate_series(1, 10) i', 'older')
    const begun = new pg.Client({ connectionString: databaseUrl })
    await begun.connect()
    onTestFinished(() => begun.end())
    await begun.query(
      "BEGIN; INSERT INTO search_words VALUES ('held'); LOCK TABLE boards IN ROW EXCLUSIVE MODE; LOCK TABLE pins IN ROW EXCLUSIVE MODE",
    )

    const steps = [migrateToLatest(db), migrateToLatest(other)]
    // A step waits for whoever writes, and not so long that others wait behind it.
    const waiting = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query ILIKE 'alter table%'"
    await until(async () => (await postgres.run(waiting, 'older')).length > 0)
    await begun.query('COMMIT')
    await Promise.all(steps)
    expect(await indexes()).toEqual(expect.arrayContaining(['pins_by_board_place', 'pins_by_section_place']))
    expect(await pendingSteps(db)).toMatchObject({ pending: [], indexes: [] })

    await postgres.run(
      "INSERT INTO pinfold_pending_indexes VALUES ('left', 'CREATE INDEX CONCURRENTLY IF NOT EXISTS \"left\" ON search_words (length(word))')",
      'older',
    )
    expect(await pendingSteps(db)).toMatchObject({ pending: [], indexes: ['left'] })
    await migrateToLatest(db)
    expect((await pendingSteps(db)).indexes).toEqual([])
    await postgres.run("INSERT INTO kysely_migration VALUES ('9999-later', '')", 'older')
    await expect(migrateToLatest(db)).rejects.toThrow(/of a newer version/)
  })

  test('indexes are made one at a time, however many servers are there to make them', async () => {
    const databaseUrl = await postgres.create('indexes')
    const [db, other] = [await openPostgres(databaseUrl), await openPostgres(databaseUrl)]
    onTestFinished(async () => {
      await db.close()
      await other.close()
    })
    await migrateToLatest(db)
    await postgres.run(
      `INSERT INTO pinfold_pending_indexes SELECT name, format('CREATE INDEX CONCURRENTLY IF NOT EXISTS %s ON pins (id)', name)
        FROM unnest('{one, two, three}'::text[]) AS name`,
      'indexes',
    )
    // Indexes wait for who saw rows before they were begun.
    const reader = new pg.Client({ connectionString: databaseUrl })
    await reader.connect()
    onTestFinished(() => reader.end())
    await reader.query('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT FROM pins')
    const steps = [migrateToLatest(db), migrateToLatest(other)]
    const active = async (query: string, state: string) =>
      await postgres.run(
        `SELECT FROM pg_stat_activity WHERE datname = 'indexes' AND query ILIKE '${query}' AND state = '${state}'`,
      )
    await until(async () => (await active('create index%', 'active')).length > 0)
    // Another has found that it is not to make one too.
    await until(async () => (await active('select count%pending_indexes%', 'idle')).length > 1)
    expect(await active('create index%', 'active')).toHaveLength(1)
    await reader.query('COMMIT')
    await Promise.all(steps)
    expect((await pendingSteps(db)).indexes).toEqual([])
    const made = await postgres.run(
      "SELECT FROM pg_index WHERE indisvalid AND indexrelid::regclass::text IN ('one', 'two', 'three')",
      'indexes',
    )
    expect(made).toHaveLength(3)
  })
})
