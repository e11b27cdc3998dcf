import { readdirSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { demoCredentials } from '@pinfold/server'
import { pinfold } from '@pinfold/test-support/command'
import { databases } from '@pinfold/test-support/databases'
import { ownServer } from '@pinfold/test-support/own-server'
import { onThisMachine, until } from '@pinfold/test-support/pace'
import { base64Source } from '@pinfold/test-support/pictures'
import { people, seedFile, type TestServer } from '@pinfold/test-support/server'
import { expectSound } from '@pinfold/test-support/soundness'
import { startS3 } from '@pinfold/test-support/storages'
import { sql } from 'kysely'
import { expect, onTestFinished, test } from 'vitest'
import { currentFolder } from '../src/app/generations.ts'
import { verifyMedia } from '../src/app/maintenance.ts'
import { migrateUpTo } from '../src/db/migrate.ts'
import { openPostgres } from '../src/db/postgres.ts'

const discard = { confirm: true }

async function ownFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pinfold-exchange-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

const boardNames = async (server: TestServer): Promise<string[]> =>
  (await server.get('/boards')).body.items.map(({ name }: { name: string }) => name).toSorted()

interface Place {
  name: string
  /** Returns the part of a server's configuration that names an empty place for data. */
  open(): Promise<Awaited<ReturnType<(typeof databases)[number]['open']>> & { storage?: string; dataDir?: string }>
}

/** Everywhere that data can be. */
const places: Place[] = [
  ...databases,
  {
    name: 'SQLite, with media on S3',
    open: async () => ({ ...(await startS3()), dataDir: await ownFolder() }),
  },
]

/** Starts a server with its data in a place. */
async function serverAt(place: Place, more: Parameters<typeof ownServer>[0] = {}): Promise<TestServer> {
  const { discard: drop, databaseUrl, storage, dataDir } = await place.open()
  onTestFinished(drop)
  return ownServer({
    ...(databaseUrl !== undefined && { databaseUrl }),
    ...(storage !== undefined && dataDir !== undefined && { storage, dataDir, ephemeral: false }),
    ...more,
  })
}

/** Makes a board with a Pin, and returns the address of the Pin's picture. */
async function pinned(server: TestServer, name: string): Promise<{ id: string; picture: string }> {
  const board = await server.post('/boards', { name })
  const pin = await server.post('/pins', { board_id: board.body.id, media_source: await base64Source(7) })
  expect(pin.status).toBe(201)
  return { id: pin.body.id, picture: pin.body.media.images['600x'].url }
}

test.each(places)('with $name, a reset restores what the seed filled, again and again', async (place) => {
  const server = await serverAt(place)
  const started = server.clock.now()
  for (let round = 0; round < 3; round++) {
    const { id, picture } = await pinned(server, 'Cups')
    expect((await fetch(picture)).status).toBe(200)
    await server.post('/_pinfold/clock/advance', { by: '2d' })
    await server.post('/_pinfold/faults', { operation: 'pins/list', effect: 'error' })
    expect((await server.post('/_pinfold/reset', {})).status).toBe(204)
    expect(await boardNames(server)).toEqual([])
    expect((await server.get(`/pins/${id}`)).status).toBe(404)
    expect((await server.get('/pins')).status).toBe(200)
    expect((await server.get('/_pinfold/clock')).body.now).toBe(new Date(started).toISOString())
  }
})

test('data that do not count any more take no space, and a new start goes on with those that do', async () => {
  const dataDir = await ownFolder()
  const server = await ownServer({ dataDir, ephemeral: false })
  for (let round = 0; round < 2; round++) {
    await pinned(server, 'Cups')
    expect((await server.post('/_pinfold/reset', {})).status).toBe(204)
  }
  // What no longer counts takes no space.
  await until(() => readdirSync(dataDir).filter((name) => /^(data-|pinfold\.db|media)/.test(name)).length === 1)

  // A new start goes on with what counts, and can be reset as well.
  await pinned(server, 'Bowls')
  await server.close()
  const again = await ownServer({ dataDir, ephemeral: false })
  expect(await boardNames(again)).toEqual(['Bowls'])
  expect((await again.post('/_pinfold/reset', {})).status).toBe(204)
  expect(await boardNames(again)).toEqual([])
})

test('resets one after the other bring back every picture, whatever became of those of before', async () => {
  const dataDir = await ownFolder()
  const server = await ownServer({ dataDir, ephemeral: false, seed: 'demo' })
  const demo = { token: demoCredentials.accessToken }
  const picturesIn = (folder: string) =>
    readdirSync(join(folder, 'media'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => `${basename(parentPath)}/${name}`)
      .toSorted()
  const seeded = picturesIn(join(dataDir, 'seeded-1'))
  for (let round = 0; round < 5; round++) {
    expect((await server.post('/boards', { name: 'Cups' }, demo)).status).toBe(201)
    const media = join(currentFolder(dataDir), 'media')
    const [shelf = '', otherShelf = ''] = readdirSync(media).filter((name) => name.length === 2)
    await rm(join(media, shelf), { recursive: true })
    await writeFile(join(media, otherShelf, 'foreign'), '')
    expect((await server.post('/_pinfold/reset', {})).status).toBe(204)
    expect(picturesIn(currentFolder(dataDir))).toEqual(seeded)
    const { items } = (await server.get('/pins', demo)).body
    expect((await fetch(items[0].media.images['600x'].url)).status).toBe(200)
  }
  await server.close()
  expect(readdirSync(dataDir).filter((name) => /^(data|spare)-/.test(name))).toHaveLength(1)
  await expectSound(currentFolder(dataDir))
})

test.each(places)(
  'with $name, snapshots bring back boards, Pins and pictures, whatever happened since',
  async (place) => {
    const server = await serverAt(place)
    const { id, picture } = await pinned(server, 'Cups')
    const saved = await server.post('/_pinfold/snapshots', { name: 'with-cups' })
    expect([saved.status, saved.body.name]).toEqual([201, 'with-cups'])
    expect((await server.post('/_pinfold/snapshots', { name: 'With-Cups' })).body.message).toContain('already')
    for (const { id: board } of (await server.get('/boards')).body.items) await server.delete(`/boards/${board}`)
    await server.post('/boards', { name: 'Bowls' })
    // Where data share a storage, the snapshot keeps its file.
    if (place.name === 'SQLite') await until(async () => (await fetch(picture)).status === 404)
    await server.post('/_pinfold/snapshots', { name: 'with-bowls' })
    const names = (await server.get('/_pinfold/snapshots')).body.items.map(({ name }: { name: string }) => name)
    expect(names).toEqual(['with-bowls', 'with-cups'])

    const restore = (name: string) => server.post(`/_pinfold/snapshots/${name}/restore`, {})
    for (let round = 0; round < 2; round++) {
      expect((await restore('with-cups')).status).toBe(204)
      expect(await boardNames(server)).toEqual(['Cups'])
      expect((await server.get(`/pins/${id}`)).status).toBe(200)
      expect((await fetch(picture)).status).toBe(200)
      // What is deleted after a restore is still in the snapshot.
      expect((await server.delete(`/pins/${id}`)).status).toBe(204)
      expect((await restore('with-bowls')).status).toBe(204)
      expect(await boardNames(server)).toEqual(['Bowls'])
    }
    expect((await server.post('/_pinfold/reset', {})).status).toBe(204)
    expect(await boardNames(server)).toEqual([])
    expect((await server.delete('/_pinfold/snapshots/with-cups')).status).toBe(204)
    expect((await restore('with-cups')).status).toBe(404)
    expect((await server.delete('/_pinfold/snapshots/with-cups')).status).toBe(404)
    expect((await server.post('/_pinfold/snapshots', { name: '../etc' })).status).toBe(400)
  },
)

test.each(places)(
  'with $name, a seed replaces the data, unless it is wrong, and a reset leads back to it',
  async (place) => {
    const server = await serverAt(place)
    await server.post('/boards', { name: 'Cups' })
    const wrong = await server.post('/_pinfold/seed', { seed: { accounts: [{ username: 'no' }] } })
    expect([wrong.status, wrong.body.message]).toEqual([400, expect.stringContaining('/accounts/0/username')])
    const path = { accounts: [{ username: 'carol', boards: [{ name: 'Cups', pins: [{ image: '/etc/hostname' }] }] }] }
    expect((await server.post('/_pinfold/seed', { seed: path })).body.message).toContain('data:')
    const broken = {
      ...path,
      accounts: [{ ...path.accounts[0], boards: [{ name: 'C', pins: [{ image: 'data:image/png;base64,AAAA' }] }] }],
    }
    expect((await server.post('/_pinfold/seed', { seed: broken })).status).toBe(400)
    expect(await boardNames(server)).toEqual(['Cups'])

    const { content_type, data } = await base64Source(3)
    const token = 'pina_carol_00000000000000000'
    const seed = {
      accounts: [
        { username: 'carol', boards: [{ name: 'Plates', pins: [{ image: `data:${content_type};base64,${data}` }] }] },
      ],
      apps: [{ id: '7', secret: 'carols-app-secret-007', name: 'Hers', owner: 'carol' }],
      tokens: [{ app: '7', account: 'carol', access_token: token }],
    }
    expect((await server.post('/_pinfold/seed', { seed })).status).toBe(204)
    expect((await server.get('/boards')).status).toBe(401)
    const [board] = (await server.get('/boards', { token })).body.items
    expect(board).toMatchObject({ name: 'Plates', pin_count: 1 })
    expect((await server.delete(`/boards/${board.id}`, { token })).status).toBe(204)
    expect((await server.post('/_pinfold/reset', {})).status).toBe(204)
    expect((await server.get('/boards', { token })).body.items).toEqual([board])
  },
)

test.each(places)('with $name, data that no seed has filled are discarded only by those who say so', async (place) => {
  const server = await serverAt(place, { seed: 'none' })
  for (const [path, body] of [
    ['reset', {}],
    ['seed', { seed: 'demo' }],
  ] as const) {
    const refused = await server.post(`/_pinfold/${path}`, body)
    expect([refused.status, refused.body.message]).toEqual([400, expect.stringContaining('confirm')])
  }
  expect((await server.post('/_pinfold/reset', discard)).status).toBe(204)
  const seed = { accounts: [{ username: 'alice' }] }
  expect((await server.post('/_pinfold/seed', { seed, ...discard })).status).toBe(204)
  expect((await server.post('/_pinfold/reset', {})).status).toBe(204)
})

test.each(places)('with $name, requests under way are answered, and exchanges at once go in turn', async (place) => {
  const server = await serverAt(place)
  await server.post('/_pinfold/snapshots', { name: 'start' })
  await server.post('/_pinfold/faults', { operation: 'boards/create', effect: 'latency', latency_ms: 300, times: 3 })
  const late = ['A', 'B', 'C'].map((name) => server.post('/boards', { name }))
  await until(async () => (await server.get('/_pinfold/faults')).body.items[0].happened === 3)
  const reading = Array.from({ length: 20 }, () => server.get('/boards'))
  const exchanges = ['snapshots/start/restore', 'reset', 'snapshots/start/restore', 'reset'].map((path) =>
    server.post(`/_pinfold/${path}`, {}),
  )
  expect((await Promise.all(exchanges)).map(({ status }) => status)).toEqual([204, 204, 204, 204])
  // In a database that others share they may write no more, and are told to try again.
  const isShared = place.name.startsWith('PostgreSQL')
  for (const { status } of await Promise.all(late)) expect(isShared ? [201, 503] : [201]).toContain(status)
  expect((await Promise.all(reading)).map(({ status }) => status)).toEqual(reading.map(() => 200))
  // They were made in data that do not count any more.
  expect(await boardNames(server)).toEqual([])
  expect((await server.get('/user_account', { token: people.bob.token })).status).toBe(200)
})

const postgres = databases.filter(({ name }) => name.startsWith('PostgreSQL'))

test.each(postgres)('with $name, a snapshot of an older version is brought up to date', async (place) => {
  const { discard: drop, ...given } = await place.open()
  onTestFinished(drop)
  const server = await ownServer(given)
  expect((await server.post('/_pinfold/snapshots', { name: 'older' })).status).toBe(201)
  const database = await openPostgres(given.databaseUrl ?? '')
  const run = async (statement: string) =>
    (await sql.raw<Record<string, string>>(statement).execute(database.read)).rows
  const [{ schema = '' } = {}] = await run('SELECT schema FROM pinfold_control.snapshots')

  // As a version before had it: without the limits of apps.
  const older = await database.openSchema?.('pinfold_older')
  if (!older) throw new Error('There are no schemas.')
  await run('CREATE SCHEMA pinfold_older')
  await migrateUpTo(older, '0044-profile-pictures')
  for (const table of ['meta', 'accounts', 'apps', 'tokens']) {
    const columns = await run(`SELECT string_agg(quote_ident(column_name), ', ') AS list FROM information_schema.columns
      WHERE table_schema = 'pinfold_older' AND table_name = '${table}'`)
    const list = columns[0]?.list
    await run(`INSERT INTO pinfold_older.${table} (${list}) SELECT ${list} FROM ${schema}.${table}`)
  }
  await run(`DROP SCHEMA ${schema} CASCADE`)
  await run('ALTER TABLE pinfold_older.kysely_migration RENAME TO steps')
  await run(`ALTER SCHEMA pinfold_older RENAME TO ${schema}`)

  await server.post('/boards', { name: 'Bowls' })
  expect((await server.post('/_pinfold/snapshots/older/restore', {})).status).toBe(204)
  expect(await boardNames(server)).toEqual([])
  expect((await server.get('/_pinfold/apps')).body.items[0].limits).toBe(null)
  expect(await run("SELECT nspname FROM pg_namespace WHERE nspname LIKE '%upgrade%'")).toEqual([])

  await server.post('/boards', { name: 'Cups' })
  await run(`INSERT INTO ${schema}.steps VALUES ('9999-later', '')`)
  const newer = await server.post('/_pinfold/snapshots/older/restore', {})
  expect([newer.status, newer.body.message]).toEqual([400, expect.stringContaining('newer version')])
  expect(await boardNames(server)).toEqual(['Cups'])
  await database.close()
})

test.each(postgres)('with $name, a second server notices, and what snapshots need stays', async (place) => {
  const { discard: drop, ...database } = await place.open()
  onTestFinished(drop)
  // Both have the same pictures, as in a bucket.
  const storage = join(await ownFolder(), 'media')
  const dataDirs = [await ownFolder(), await ownFolder()]
  const filled = join(await ownFolder(), 'seed.json')
  await writeFile(filled, JSON.stringify(seedFile([])))
  const both = { ...database, storage, seed: filled, ephemeral: false }
  const one = await ownServer({ ...both, dataDir: dataDirs[0] ?? '' })
  const other = await ownServer({ ...both, dataDir: dataDirs[1] ?? '' })
  const { id, picture } = await pinned(one, 'Cups')
  expect((await one.post('/_pinfold/snapshots', { name: 'cups' })).status).toBe(201)
  const token = 'pina_carol_00000000000000000'
  const seed = {
    accounts: [{ username: 'carol' }],
    apps: [{ id: '7', secret: 'carols-app-secret-007', name: 'Hers', owner: 'carol' }],
    tokens: [{ app: '7', account: 'carol', access_token: token }],
  }
  expect((await other.get('/boards')).status).toBe(200)
  expect((await one.post('/_pinfold/seed', { seed })).status).toBe(204)
  expect((await other.get('/boards', { token })).status).toBe(200)
  // It had Alice's token in its memory.
  await until(async () => (await other.get('/boards')).status === 401)
  expect((await other.post('/_pinfold/snapshots/cups/restore', {})).status).toBe(204)
  expect((await other.get(`/pins/${id}`)).status).toBe(200)
  await until(async () => (await one.get('/boards', { token })).status === 401)

  // The Pin goes, and its picture stays as long as the snapshot.
  expect((await one.delete(`/pins/${id}`)).status).toBe(204)
  const path = new URL(picture).pathname
  const kept = async () => (await fetch(one.url + path)).status
  expect(await kept()).toBe(200)
  const counts = { checked: 0, missing: 0, broken: 0, orphaned: 0, repaired: 0 }
  if (database.databaseUrl !== undefined) {
    const clock = { now: () => Date.now() + 86_400_000 }
    const config = { dataDir: dataDirs[0] ?? '', databaseUrl: database.databaseUrl, storage, clock }
    await verifyMedia(config, { repair: true, deep: false, counts, onProblem: () => {} })
    expect(counts.orphaned).toBe(0)
  }
  expect((await one.post('/_pinfold/snapshots/cups/restore', {})).status).toBe(204)
  expect([(await one.get(`/pins/${id}`)).status, await kept()]).toEqual([200, 200])
  expect((await one.delete('/_pinfold/snapshots/cups')).status).toBe(204)
  expect((await one.delete(`/pins/${id}`)).status).toBe(204)
  await until(async () => (await kept()) === 404)
})

const kills = 6

test(
  `after each of ${kills} kills during an exchange, the data are those of before or of after, and whole`,
  async () => {
    const dataDir = await ownFolder()
    const seed = join(dataDir, 'seed.json')
    const token = 'pina_carol_00000000000000000'
    await writeFile(
      seed,
      JSON.stringify({
        accounts: [{ username: 'carol' }],
        apps: [{ id: '7', secret: 'carols-app-secret-007', name: 'Hers', owner: 'carol' }],
        tokens: [{ app: '7', account: 'carol', access_token: token }],
      }),
    )
    const data = join(dataDir, 'data')
    const start = () => pinfold(['serve', '--port', '0', '--data', data, '--seed', seed, '--durability', 'full'])
    const send = async (url: string, path: string, body?: object) => {
      const response = await fetch(`${url}${path}`, {
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(body && { method: 'POST', body: JSON.stringify(body) }),
      })
      const text = await response.text()
      return { status: response.status, body: text ? JSON.parse(text) : undefined }
    }
    let running = start()
    let url = await running.ready()
    const board = (await send(url, '/v5/boards', { name: 'Cups' })).body.id
    for (let hue = 0; hue < 6; hue++)
      await send(url, '/v5/pins', { board_id: board, media_source: await base64Source(hue * 50) })
    expect((await send(url, '/_pinfold/snapshots', { name: 'cups' })).status).toBe(201)
    const states: Record<string, string> = { 'snapshots/cups/restore': 'Cups', reset: '' }
    let before = 'Cups'
    for (let kill = 0; kill < kills; kill++) {
      const [path = '', after] = Object.entries(states)[(kill + 1) % 2] ?? []
      if (path === 'reset' && kill % 4 < 2) {
        // What the next reset begins with is made beside these.
        for (let reset = 0; reset < 3; reset++) expect((await send(url, '/_pinfold/reset', {})).status).toBe(204)
        await send(url, '/v5/boards', { name: 'Bowls' })
        before = 'Bowls'
      }
      const began = performance.now()
      const exchanging = send(url, `/_pinfold/${path}`, {}).then(
        ({ status }) => status,
        () => 0,
      )
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 80))
      await running.kill()
      const status = await exchanging
      running = start()
      url = await running.ready()
      const { items } = (await send(url, '/v5/boards')).body
      const now = items.map(({ name }: { name: string }) => name).join()
      const context = `${path} after ${performance.now() - began} ms`
      if (status === 204) expect(now, context).toBe(after)
      else expect([before, after], context).toContain(now)
      await expectSound(currentFolder(data))
      expect(readdirSync(data).filter((name) => name.startsWith('data-')).length).toBeLessThanOrEqual(1)
      before = now
    }
    // What was saved is whole.
    expect((await send(url, '/_pinfold/snapshots/cups/restore', {})).status).toBe(204)
    expect((await send(url, '/v5/pins')).body.items).toHaveLength(6)
    await running.kill('SIGTERM')
    await running.ended
    await expectSound(currentFolder(data))
  },
  onThisMachine(60_000 + kills * 10_000),
)
