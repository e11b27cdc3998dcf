import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { copyDatabase, type DatabaseCopyCounts } from '@pinfold/server'
import { pinfold } from '@pinfold/test-support/command'
import { postgres } from '@pinfold/test-support/databases'
import { type OwnPostgres, startPostgres } from '@pinfold/test-support/own-postgres'
import { until } from '@pinfold/test-support/pace'
import { base64Source } from '@pinfold/test-support/pictures'
import { postgresPrograms } from '@pinfold/test-support/postgres-programs'
import { people, startTestServer, type TestServer } from '@pinfold/test-support/server'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'

let folder: string
let dataDir: string
/** What the server on SQLite answered, by the paths. */
let before: Map<string, unknown>
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pinfold-copy-'))
  dataDir = join(folder, 'data')
  const server = await startTestServer({ ephemeral: false, dataDir })
  const paths = await fillAndNamePaths(server)
  before = await answersOf(server, paths)
  await server.close()
  return () => rm(folder, { recursive: true, force: true })
})

/** Makes something of every kind, and returns the paths of what shows it. */
async function fillAndNamePaths(server: TestServer): Promise<string[]> {
  const board = async (fields: object) => (await server.post('/boards', fields)).body.id
  const [open, secret] = [await board({ name: 'Öffen „open“ 🪡' }), await board({ name: 'Hid', privacy: 'SECRET' })]
  const section = (await server.post(`/boards/${open}/sections`, { name: 'Part' })).body.id
  const pins: string[] = []
  for (const [i, place] of [
    { board_id: open },
    { board_id: open, board_section_id: section },
    { board_id: secret },
  ].entries())
    pins.push(
      (
        await server.post('/pins', {
          ...place,
          title: `Knitted "thing" ${i} \\ 🧶`,
          link: 'https://alice.example/a?b=c',
          media_source: await base64Source(i),
        })
      ).body.id,
    )
  await server.post(`/pins/${pins[0]}/save`, { board_id: secret })
  await server.post('/_pinfold/webhooks', { url: 'https://8.8.8.8/hook', events: ['pin.created'] })
  const events = Array.from({ length: 50 }, (_, i) => ({
    ...{ id: `event ${i}`, type: 'impression', pin_id: pins[i % 2], at: '2026-03-12T08:00:00Z', viewer: `viewer ${i}` },
  }))
  await server.post('/_pinfold/events', { events }, { token: null })
  return [
    '/user_account',
    '/boards?page_size=250',
    `/boards/${open}/pins`,
    `/boards/${open}/sections`,
    `/boards/${secret}/pins`,
    '/pins?page_size=250',
    ...pins.map((id) => `/pins/${id}`),
    `/pins/${pins[0]}/analytics?start_date=2026-03-01&end_date=2026-03-14&metric_types=IMPRESSION`,
    '/search/pins?query=knitted',
    '/search/boards?query=open',
    '/_pinfold/webhooks',
  ]
}

async function answersOf(server: TestServer, paths: readonly string[]): Promise<Map<string, unknown>> {
  const answers = new Map<string, unknown>()
  for (const path of paths) {
    const { status, text } = await server.get(path)
    expect([path, status]).toEqual([path, 200])
    answers.set(path, JSON.parse(text.replaceAll(server.url, 'http://here')))
  }
  return answers
}

const many = 80_000

/** Puts in as many rows as make a copy last, of a kind that no answer shows. */
function addManyRows(file: string): void {
  const db = new DatabaseSync(file)
  db.exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${many})
    INSERT INTO search_words SELECT printf('w%09d', i) FROM n`)
  db.close()
}

const noCounts = (): DatabaseCopyCounts => ({ stage: 'copying', rows: 0, of: 0, resumedAt: 0, verified: 0 })

/** Starts a server on a database, and expects from it what the one on SQLite answered. */
async function expectSameAnswers(config: Parameters<typeof startTestServer>[0]) {
  const server = await startTestServer({ ...config, ephemeral: false, dataDir })
  expect(await answersOf(server, [...before.keys()])).toEqual(before)
  // Ids and numbers go on after those that came.
  const { id } = (await server.post('/boards', { name: 'After' })).body
  const made = await server.post('/pins', { board_id: id, media_source: await base64Source(9) })
  expect(made.status).toBe(201)
  await server.close()
}

test('data are copied to PostgreSQL, where a server answers the same', async () => {
  const { databaseUrl, discard } = await postgres.open({ isBare: true })
  onTestFinished(discard)
  const copy = (counts = noCounts()) => copyDatabase({ from: dataDir, to: databaseUrl }, counts)
  const counts = noCounts()
  const { tables, media } = await copy(counts)
  expect(counts).toMatchObject({ stage: 'done', rows: counts.of, resumedAt: 0 })
  expect(tables).toMatchObject({ accounts: 2, pins: 4, webhooks: 1 })
  expect(media).toBe(join(dataDir, 'media'))
  await expect(copy()).rejects.toThrow(/holds data already/)
  await expectSameAnswers({ databaseUrl, storage: media })
})

test('a copy is refused where a server uses the source, and without a database', async () => {
  const other = join(folder, 'in-use')
  const server = await startTestServer({ ephemeral: false, dataDir: other })
  const copy = (from: string, to = 'postgres://127.0.0.1:9/none') => copyDatabase({ from, to }, noCounts())
  await expect(copy(other)).rejects.toThrow(/Another Pinfold process uses/)
  await server.close()
  await expect(copy(other, 'mysql://127.0.0.1/none')).rejects.toThrow(/must name a PostgreSQL database/)
  await expect(copy(other)).rejects.toThrow(/Cannot use the database that --to names: connect ECONNREFUSED/)
  await expect(copy(join(folder, 'nowhere'))).rejects.toThrow(/There is no database in/)
})

describe.skipIf(postgresPrograms === undefined)('on a PostgreSQL server', () => {
  let postgres: OwnPostgres
  beforeAll(async () => {
    postgres = await startPostgres()
    addManyRows(join(dataDir, 'pinfold.db'))
    return () => postgres.discard()
  })

  test('a copy that is killed is continued by the same command, and nothing uses it before its end', async () => {
    const url = await postgres.create('copied')
    const copy = () => pinfold(['copy', '--from', dataDir, '--to', url, '--json'])
    const rowsThere = async (): Promise<number> => {
      const found = await postgres
        .run("SELECT value::json->>'rows' AS rows FROM meta WHERE key = 'copying'", 'copied')
        .catch(() => [])
      return Number(found[0]?.rows ?? 0)
    }
    const first = copy()
    await until(async () => (await rowsThere()) > 0)
    await first.kill()
    const kept = await rowsThere()
    expect(kept).toBeGreaterThan(0)
    expect(kept).toBeLessThan(many)

    const early = pinfold(['serve', '--database-url', url, '--data', join(folder, 'early'), '--port', '0'])
    expect([await early.ended, early.stderr()]).toEqual([2, expect.stringContaining('has not finished copying')])

    const second = copy()
    expect([await second.ended, second.stderr()]).toEqual([0, expect.any(String)])
    const told = JSON.parse(second.stdout())
    expect(told).toMatchObject({ resumed_at: kept, tables: { accounts: 2, pins: 4 }, media: join(dataDir, 'media') })
    const rules = await postgres.run(
      "SELECT count(*)::int AS n FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace",
      'copied',
    )
    expect(rules[0]?.n).toBeGreaterThan(10)
    await expectSameAnswers({ databaseUrl: url, storage: told.media })

    const again = copy()
    expect([await again.ended, again.stderr()]).toEqual([2, expect.stringContaining('holds data already')])
  })

  test('a copy begins anew when the source was written to, and refuses what differs', async () => {
    const url = await postgres.create('again')
    const counts = noCounts()
    const source = join(dataDir, 'pinfold.db')
    const write = () => {
      const db = new DatabaseSync(source)
      db.exec("UPDATE accounts SET about = about || '!' WHERE username = 'bob'")
      db.close()
    }
    const first = pinfold(['copy', '--from', dataDir, '--to', url])
    await until(async () => (await postgres.run('SELECT 1 FROM pins', 'again').catch(() => [])).length > 0)
    await first.kill()
    write()
    const second = await copyDatabase({ from: dataDir, to: url }, counts)
    expect([counts.resumedAt, counts.rows]).toEqual([0, counts.of])
    expect(second.tables.accounts).toBe(2)
    const bob = await postgres.run(`SELECT about FROM accounts WHERE username = '${people.bob.username}'`, 'again')
    expect(bob).toEqual([{ about: '!' }])
  })
})
