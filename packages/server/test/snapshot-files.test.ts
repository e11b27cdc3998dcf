import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { buffer } from 'node:stream/consumers'
import { promisify } from 'node:util'
import type { Database } from '@pinfold/server'
import { databases } from '@pinfold/test-support/databases'
import { ownServer } from '@pinfold/test-support/own-server'
import { until } from '@pinfold/test-support/pace'
import { base64Source } from '@pinfold/test-support/pictures'
import type { TestServer } from '@pinfold/test-support/server'
import { startS3 } from '@pinfold/test-support/storages'
import { sql } from 'kysely'
import { expect, onTestFinished, test } from 'vitest'
import { Checksum } from '../src/app/snapshot-file/format.ts'
import { readTar, writeTar } from '../src/core/tar.ts'
import { dataCopiesIn } from '../src/db/data-copies.ts'
import { migrateUpTo } from '../src/db/migrate.ts'
import { openSqlite } from '../src/db/sqlite.ts'

async function ownFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pinfold-snapshot-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

const boardNames = async (server: TestServer): Promise<string[]> =>
  (await server.get('/boards')).body.items.map(({ name }: { name: string }) => name)

/** Makes a board with a Pin, saves a snapshot `cups` and returns it as a file, with the address of the Pin's picture. */
async function exported(server: TestServer): Promise<{ file: Buffer<ArrayBuffer>; picture: string }> {
  const board = await server.post('/boards', { name: 'Cups' })
  const pin = await server.post('/pins', {
    board_id: board.body.id,
    title: 'A cup',
    media_source: await base64Source(7),
  })
  expect((await server.post('/_pinfold/snapshots', { name: 'cups' })).status).toBe(201)
  const answer = await fetch(`${server.url}/_pinfold/snapshots/cups`)
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/x-tar'])
  const file = Buffer.from(await answer.arrayBuffer())
  return { file, picture: new URL(pin.body.media.images['600x'].url).pathname }
}

/** Fetches an address to its end. */
const statusOf = async (url: string): Promise<number> => {
  const answer = await fetch(url)
  await answer.arrayBuffer()
  return answer.status
}

const put = (server: TestServer, name: string, raw: Uint8Array<ArrayBuffer>) =>
  server.request('PUT', `/_pinfold/snapshots/${name}`, { raw, headers: { 'content-type': 'application/x-tar' } })

type Files = [name: string, content: Buffer][]

async function filesOf(archive: Buffer): Promise<Files> {
  const files: Files = []
  for await (const { name, content } of readTar(inParts(archive))) files.push([name, await buffer(content)])
  return files.slice(0, -1)
}

/** The parts are of such sizes as never fit. */
async function* inParts(bytes: Buffer) {
  for (let at = 0; at < bytes.length; at += 777) yield bytes.subarray(at, at + 777)
}

/** Returns an archive of these files, with the right checksum unless another is given. */
async function archiveOf(files: Files, given?: string): Promise<Buffer<ArrayBuffer>> {
  const checksum = new Checksum()
  async function* all() {
    for (const [name, bytes] of files) {
      const file = { name, size: bytes.length, content: [bytes] }
      yield { ...file, content: checksum.over(file) }
    }
    const text = Buffer.from(given ?? checksum.text())
    yield { name: 'checksum', size: text.length, content: [text] }
  }
  return Buffer.concat(await Array.fromAsync(writeTar(all())))
}

/** Returns the database of an archive after `change`. */
async function databaseWith(database: Buffer, change: (db: DatabaseSync) => void): Promise<Buffer> {
  const file = join(await ownFolder(), 'changed.db')
  await writeFile(file, database)
  const db = new DatabaseSync(file)
  change(db)
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  db.close()
  return readFile(file)
}

test('a snapshot is a tar archive, which another server takes and restores', async () => {
  const one = await ownServer()
  const { file, picture } = await exported(one)
  const folder = await ownFolder()
  await writeFile(join(folder, 'cups.tar'), file)
  const { stdout } = await promisify(execFile)('tar', ['-tf', join(folder, 'cups.tar')])
  expect(stdout).toMatch(/^snapshot\.json\npinfold\.db\n(media\/[0-9a-f]{32}\/[\w.]+\n)+checksum\n$/)

  const dataDir = await ownFolder()
  const other = await ownServer({ dataDir, ephemeral: false })
  await other.post('/boards', { name: 'Bowls' })
  const taken = await put(other, 'from-elsewhere', file)
  const [saved] = (await one.get('/_pinfold/snapshots')).body.items
  expect([taken.status, taken.body]).toEqual([201, { ...saved, name: 'from-elsewhere' }])
  expect(await boardNames(other)).toEqual(['Bowls'])
  expect((await put(other, 'from-elsewhere', file)).body.message).toContain('already')
  expect((await other.post('/_pinfold/snapshots/from-elsewhere/restore', {})).status).toBe(204)
  expect(await boardNames(other)).toEqual(['Cups'])
  const [ours, theirs] = await Promise.all([one, other].map(({ url }) => fetch(url + picture)))
  expect([ours?.status, theirs?.status]).toEqual([200, 200])
  expect(await theirs?.arrayBuffer()).toEqual(await ours?.arrayBuffer())
  // It came with a seed whose file is not known to be there.
  expect((await other.post('/_pinfold/reset', {})).body.message).toContain('Send it again')

  expect(await statusOf(`${one.url}/_pinfold/snapshots/plates`)).toBe(404)
  expect(await statusOf(`${one.url}/_pinfold/snapshots/..%2Fcups`)).toBe(400)
  expect((await put(one, '.making', file)).status).toBe(400)
})

/** Returns the rows of every table of a database, as texts in some order, without what each makes anew. */
async function rowsOf(database: Buffer): Promise<Record<string, string[]>> {
  const file = join(await ownFolder(), 'read.db')
  await writeFile(file, database)
  const db = new DatabaseSync(file, { readOnly: true })
  const names = db
    .prepare("SELECT name FROM pragma_table_list WHERE type = 'table' AND schema = 'main' AND name NOT LIKE 'sqlite_%'")
    .all()
    .map(({ name }) => String(name))
    .filter((name) => !/^(kysely|nodes$|leases$)/.test(name))
  const rows = names.map((name) => [
    name,
    db
      .prepare(`SELECT * FROM "${name}"`)
      .all()
      .map((row) => JSON.stringify(row))
      // The seed's file is not known elsewhere.
      .filter((row) => !row.startsWith('{"key":"seed"'))
      .toSorted(),
  ])
  db.close()
  return Object.fromEntries(rows)
}

/** Starts a server on a new PostgreSQL database; pictures are in a folder of its own, or on S3. */
async function onPostgres(more: Parameters<typeof ownServer>[0] = {}): Promise<TestServer> {
  const place = databases.at(-1)
  if (!place) throw new Error('There is no PostgreSQL to test on.')
  const { discard, ...database } = await place.open()
  onTestFinished(discard)
  return ownServer({ ...database, dataDir: await ownFolder(), ephemeral: false, ...more })
}

test('a snapshot goes from the embedded database to PostgreSQL and back, with every row and picture', async () => {
  const { storage, discard } = await startS3()
  onTestFinished(discard)
  const one = await ownServer()
  const fileOf = async (server: TestServer, name: string) =>
    Buffer.from(await (await fetch(`${server.url}/_pinfold/snapshots/${name}`)).arrayBuffer())
  const { file } = await exported(one)
  const [, [, embedded] = ['', Buffer.alloc(0)], ...pictures] = await filesOf(file)

  const two = await onPostgres({ storage })
  const taken = await put(two, 'cups', file)
  expect(taken.status, taken.text).toBe(201)
  expect((await put(two, 'Cups', file)).body.message).toContain('already')
  const list = (await two.get('/_pinfold/snapshots')).body.items
  expect(list).toEqual([{ ...taken.body, name: 'cups' }])
  expect((await two.post('/_pinfold/snapshots/cups/restore', { confirm: true })).status).toBe(204)
  const [pins, same] = await Promise.all([one, two].map((server) => server.get('/pins')))
  expect(same?.body.items.map(({ id }: { id: string }) => id)).toEqual(
    pins?.body.items.map(({ id }: { id: string }) => id),
  )
  const found = await two.get(`/search/pins?query=${encodeURIComponent('a cup')}`)
  expect(found.body.items[0].id).toBe(pins?.body.items[0].id)
  expect((await two.post('/boards', { name: 'Bowls' })).status).toBe(201)

  // The snapshot is what it was, and goes back.
  const backFile = await fileOf(two, 'cups')
  const back = await filesOf(backFile)
  expect(await rowsOf(back[1]?.[1] ?? Buffer.alloc(0))).toEqual(await rowsOf(embedded))
  expect(back.slice(2)).toEqual(pictures)
  expect((await put(one, 'back', backFile)).status).toBe(201)
  expect((await one.post('/_pinfold/snapshots/back/restore', {})).status).toBe(204)
  expect((await one.get('/pins')).body.items).toHaveLength(1)
})

test('with PostgreSQL, what does not go in is refused in words, and nothing is left of it', async () => {
  const dataDir = await ownFolder()
  const { file } = await exported(await ownServer())
  const [about, database, ...media] = await filesOf(file)
  if (!about || !database) throw new Error('There are no files.')
  const place = databases.at(-1)
  const { discard, ...opened } = (await place?.open()) ?? {}
  if (discard) onTestFinished(discard)
  const server = await ownServer({ ...opened, dataDir, ephemeral: false })
  const changed = async (change: string) =>
    archiveOf([
      about,
      [
        'pinfold.db',
        await databaseWith(database[1], (db) => {
          db.exec('PRAGMA foreign_keys = OFF')
          db.exec(change)
        }),
      ],
      ...media,
    ])
  const wrong: [Buffer<ArrayBuffer>, says: string][] = [
    [await changed('DROP TABLE follows'), 'tables of its version'],
    [await changed('UPDATE boards SET owner_id = 77'), 'do not go into PostgreSQL'],
    [await changed("UPDATE boards SET name = 'Cups' || char(0)"), 'do not go into PostgreSQL'],
    [file.subarray(0, 30_000), 'too early'],
  ]
  const left = async () => [await readdir(join(dataDir, 'snapshots')), await readdir(join(dataDir, 'media'))]
  for (const [bytes, says] of wrong) {
    const refused = await put(server, 'wrong', bytes)
    expect([refused.status, refused.body.message]).toEqual([400, expect.stringContaining(says)])
  }
  await server.clock.advance(2 * 60 * 60 * 1000)
  expect((await server.get('/_pinfold/snapshots')).body.items).toEqual([])
  expect((await put(server, 'right', file)).status).toBe(201)
  expect((await left())[0]).toEqual([])
  expect((await server.get('/boards')).body.items).toEqual([])
  const { database: db } = opened as { database?: Database }
  if (!db) return
  const { rows } = await sql<{ name: string }>`SELECT nspname AS name FROM pg_namespace
    WHERE nspname LIKE 'pinfold%' ORDER BY nspname`.execute(db.read)
  expect(rows.filter(({ name }) => name.includes('filling'))).toEqual([])
  // A process that was killed leaves a schema and files: whoever fills one next removes both.
  const copies = await dataCopiesIn(db)
  const key = 'c'.repeat(32)
  const now = server.clock.now()
  const schema = (await copies.beginFilling(now)) ?? ''
  await copies.holdForFilling(schema, [key])
  expect((await put(server, 'meanwhile', file)).status).toBe(503)
  await copies.renewFilling(now - 60 * 60_000)
  expect((await put(server, 'afterwards', file)).status).toBe(201)
  const swept = await sql`SELECT key FROM picture_sweeps WHERE key = ${key}`.execute(db.read)
  expect(swept.rows).toHaveLength(1)
})

test('with pictures on S3, a snapshot is as good a file', async () => {
  const { storage, discard } = await startS3()
  onTestFinished(discard)
  const one = await ownServer()
  const there = await ownServer({ storage, dataDir: await ownFolder(), ephemeral: false })
  const { file, picture } = await exported(one)
  expect((await put(there, 'cups', file)).status).toBe(201)
  expect((await there.post('/_pinfold/snapshots/cups/restore', {})).status).toBe(204)
  expect(await statusOf(there.url + picture)).toBe(200)

  expect((await there.post('/_pinfold/snapshots', { name: 'from-s3' })).status).toBe(201)
  const back = Buffer.from(await (await fetch(`${there.url}/_pinfold/snapshots/from-s3`)).arrayBuffer())
  const [names, before] = await Promise.all(
    [back, file].map(async (bytes) => (await filesOf(bytes)).map(([name]) => name)),
  )
  expect(names).toEqual(before)
  const third = await ownServer()
  expect((await put(third, 'from-s3', back)).status).toBe(201)
  expect((await third.post('/_pinfold/snapshots/from-s3/restore', {})).status).toBe(204)
  expect([await boardNames(third), await statusOf(third.url + picture)]).toEqual([['Cups'], 200])
})

test('a snapshot of an older version is brought up to date, one of a newer is refused', async () => {
  const server = await ownServer()
  const { file } = await exported(server)
  const [about, [, database] = ['', Buffer.alloc(0)]] = await filesOf(file)
  if (!about) throw new Error('There are no files.')
  const older = join(await ownFolder(), 'older.db')
  const db = openSqlite(older, 'relaxed')
  await migrateUpTo(db, '0044-profile-pictures')
  await db.close()
  const olderBytes = await databaseWith(await readFile(older), (db) =>
    db.exec("INSERT INTO meta VALUES ('seed', '/etc/hostname'), ('key', '00')"),
  )
  expect((await put(server, 'older', await archiveOf([about, ['pinfold.db', olderBytes]]))).status).toBe(201)
  expect((await server.post('/_pinfold/snapshots/older/restore', {})).status).toBe(204)
  expect((await server.get('/_pinfold/apps')).body.items).toEqual([])
  // It names a file of this machine as its seed, which is not read.
  expect((await server.post('/_pinfold/reset', {})).body.message).toContain('Send it again')

  const newer = await databaseWith(database, (db) =>
    db.exec("INSERT INTO kysely_migration VALUES ('9999-later', '2030-01-01')"),
  )
  const refused = await put(server, 'newer', await archiveOf([about, ['pinfold.db', newer]]))
  expect([refused.status, refused.body.message]).toEqual([400, expect.stringContaining('newer version')])
})

test('what is no whole snapshot is refused in words, and leaves nothing', async () => {
  const dataDir = await ownFolder()
  const server = await ownServer({ dataDir, ephemeral: false })
  const { file } = await exported(server)
  const files = await filesOf(file)
  const [about, database, ...media] = files
  if (!about || !database || !media[0]) throw new Error('There are no files.')
  const changed = async (change: (db: DatabaseSync) => void): Promise<Buffer<ArrayBuffer>> =>
    archiveOf([about, ['pinfold.db', await databaseWith(database[1], change)], ...media])
  const withLink = Buffer.from(file)
  withLink.write('2', 156) // a symbolic link
  const sum =
    8 * 32 + withLink.subarray(0, 148).reduce((a, b) => a + b) + withLink.subarray(156, 512).reduce((a, b) => a + b)
  withLink.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  const damaged = Buffer.from(file)
  const inside = 9000 // in the database
  damaged[inside] = (damaged[inside] ?? 0) ^ 1
  const torn = Buffer.from(database[1])
  torn.fill(7, 8192, 30_000)

  const wrong: Record<string, [Uint8Array<ArrayBuffer>, says: string]> = {
    nothing: [Buffer.alloc(0), 'too early'],
    text: [Buffer.from('Cups'.repeat(1000)), 'no archive'],
    half: [file.subarray(0, file.length / 2), 'too early'],
    'an empty archive': [Buffer.alloc(1024), 'not whole'],
    'without its end': [
      await archiveOf(files).then((whole) => Buffer.concat([whole.subarray(0, -2048), Buffer.alloc(1024)])),
      'not whole',
    ],
    'a damaged file': [damaged, 'checksum'],
    'a wrong checksum': [await archiveOf(files, `${'0'.repeat(64)}\n`), 'checksum'],
    'a link': [withLink, 'something else than files'],
    'a path that leads out': [await archiveOf([...files, ['media/../../../x.jpg', Buffer.from('x')]]), 'none has'],
    'an absolute path': [await archiveOf([about, database, ['/tmp/x.jpg', Buffer.from('x')]]), 'none has'],
    'a page': [await archiveOf([about, database, [`media/${'0'.repeat(32)}/x.html`, Buffer.from('x')]]), 'none has'],
    'a file twice': [await archiveOf([about, database, media[0], media[0]]), 'none has'],
    'a second database': [await archiveOf([about, database, database]), 'none has'],
    'no database': [await archiveOf([about, ...media]), 'no database'],
    'another about': [await archiveOf([['snapshot.json', Buffer.from('{}')], database]), 'no snapshot of Pinfold'],
    'a long about': [await archiveOf([['snapshot.json', Buffer.alloc(5000)], database]), 'too long'],
    'a newer format': [
      await archiveOf([['snapshot.json', Buffer.from('{"format":"pinfold-snapshot","version":2}')], database]),
      'newer version',
    ],
    PostgreSQL: [
      await archiveOf([
        ['snapshot.json', Buffer.from('{"format":"pinfold-snapshot","version":1,"database":"pg"}')],
        database,
      ]),
      'another kind',
    ],
    'no SQLite': [await archiveOf([about, ['pinfold.db', Buffer.from('Cups')]]), 'cannot be used'],
    'a torn database': [await archiveOf([about, ['pinfold.db', torn]]), 'database of the snapshot'],
    'a trigger': [
      await changed((db) => db.exec('CREATE TRIGGER t AFTER INSERT ON boards BEGIN DELETE FROM accounts; END')),
      'tables of its version',
    ],
    'a missing table': [await changed((db) => db.exec('DROP TABLE follows')), 'tables of its version'],
    'a missing step': [
      await changed((db) => db.exec("DELETE FROM kysely_migration WHERE name LIKE '0030%'")),
      'lacks steps',
    ],
    'a key that leads out': [
      await changed((db) => db.exec("INSERT INTO picture_sweeps VALUES ('../../../../somebodys-home', 0, 0)")),
      'files that cannot be',
    ],
  }
  for (const [what, [bytes, says]] of Object.entries(wrong)) {
    const refused = await put(server, 'wrong', bytes)
    expect([refused.status, refused.body.message], what).toEqual([400, expect.stringContaining(says)])
  }
  // A sender who goes away in the middle.
  const aborting = new AbortController()
  const sending = fetch(`${server.url}/_pinfold/snapshots/wrong`, {
    method: 'PUT',
    signal: aborting.signal,
    duplex: 'half',
    body: new ReadableStream({
      start: (controller) => controller.enqueue(file.subarray(0, 20_000)),
    }),
  } as RequestInit).catch(() => undefined)
  const snapshots = join(dataDir, 'snapshots')
  await until(async () => (await readdir(snapshots)).includes('.arriving'))
  expect((await put(server, 'second', file)).status).toBe(503)
  aborting.abort()
  await sending
  await until(async () => (await readdir(snapshots)).join() === 'cups')
  expect((await server.get('/_pinfold/snapshots')).body.items).toHaveLength(1)
  expect((await put(server, 'right', file)).status).toBe(201)
  expect(await boardNames(server)).toEqual(['Cups'])
})
