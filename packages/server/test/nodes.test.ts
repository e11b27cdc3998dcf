import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ServerConfig, startServer } from '@pinfold/server'
import { databases, isPostgresThere, postgres } from '@pinfold/test-support/databases'
import { until } from '@pinfold/test-support/pace'
import { base64Source } from '@pinfold/test-support/pictures'
import { people, seedFile } from '@pinfold/test-support/server'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Database } from '../src/db/database.ts'
import { migrateToLatest } from '../src/db/migrate.ts'
import { openPostgres } from '../src/db/postgres.ts'
import { openSqlite } from '../src/db/sqlite.ts'
import { sharedLeases } from '../src/domains/nodes/leases.ts'
import { joinNodes } from '../src/domains/nodes/nodes.ts'
import { folderStorage } from '../src/storage/folder.ts'

/** The row of a server that was killed. */
const deadNode = { number: 31, name: 'd'.repeat(32), address: 'a machine', storage: 's3', joined_at: 0, alive_until: 0 }
const quiet = { info: () => {}, warn: () => {} }

async function ownFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pinfold-nodes-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

describe.each(databases)('servers that share $name', ({ open }) => {
  async function emptyDatabase(): Promise<Database> {
    const { databaseUrl, discard } = await open()
    onTestFinished(discard)
    const db =
      databaseUrl === undefined
        ? openSqlite(join(await ownFolder(), 'shared.db'), 'relaxed')
        : await openPostgres(databaseUrl)
    onTestFinished(() => db.close())
    await migrateToLatest(db)
    return db
  }
  const joined = async (db: Database, folder: string, name = folder) => {
    const storage = folderStorage(folder, { sync: false, isShared: true })
    await storage.sweep()
    const node = await joinNodes({ db, storage, storageName: name, address: `the server of ${name}`, log: quiet })
    onTestFinished(() => node.leave())
    return node
  }

  test('have numbers of their own, which come back when one leaves', async () => {
    const [db, folder] = [await emptyDatabase(), await ownFolder()]
    const [first, second] = [await joined(db, folder), await joined(db, folder)]
    expect([first.number, second.number]).toEqual([1, 2])
    await first.checkStorage()
    await first.leave()
    await expect(first.checkStorage()).rejects.toThrow('does not show')
    expect((await joined(db, folder)).number).toBe(1)
    const all = await Promise.all(Array.from({ length: 8 }, () => joined(db, folder)))
    expect(new Set([2, ...all.map(({ number }) => number)]).size).toBe(9)
  })

  test('are refused with another storage than those that are alive', async () => {
    const [db, folder, other] = [await emptyDatabase(), await ownFolder(), await ownFolder()]
    const first = await joined(db, folder, '/srv/pins')
    await expect(joined(db, other, '/var/lib/pins')).rejects.toThrow(
      'Another server (the server of /srv/pins) uses this database, and stores pictures in /srv/pins. This one would ' +
        'store them in /var/lib/pins, which is another place',
    )
    await first.leave()
    // Nobody is there any more who would miss something.
    expect((await joined(db, other)).number).toBe(1)
  })

  test('take over from one that says nothing any more, which joins again if it was only held up', async () => {
    const [db, folder] = [await emptyDatabase(), await ownFolder()]
    const [first, second] = [await joined(db, folder), await joined(db, folder)]
    await db.write((tx) => tx.updateTable('nodes').set({ alive_until: 0 }).where('name', '=', first.name).execute())
    const third = await joined(db, folder)
    // It was dead for whoever looked first; its number is another's now, and it gets the next one.
    expect(third.number).toBe(1)
    await until(async () => first.number === 3)
    expect(second.number).toBe(2)
    await first.checkStorage()

    // Whichever of the three looks first takes over.
    let takenOver = 0
    for (const node of [first, second, third])
      node.whenOthersDie(async () => {
        takenOver++
      })
    await db.write((tx) => tx.insertInto('nodes').values(deadNode).execute())
    await until(() => takenOver === 1)
  })

  test('do common work one at a time, and once in its time', async () => {
    const db = await emptyDatabase()
    const [one, two] = [sharedLeases(db, 'one'), sharedLeases(db, 'two')]
    const [began, end] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const done: string[] = []
    const first = one.run('work', 0, async () => {
      began.resolve()
      await end.promise
      done.push('one')
    })
    await began.promise
    await two.run('work', 0, async () => void done.push('two meanwhile'))
    await two.run('other work', 0, async () => void done.push('two'))
    end.resolve()
    await first
    await two.run('work', 60_000, async () => void done.push('two, too early'))
    await until(async () => {
      await two.run('work', 0, async () => void done.push('two after it'))
      return done.includes('two after it')
    })
    expect(done).toEqual(['two', 'one', 'two after it'])
    // What fails is not done, and the next one does it.
    await expect(one.run('third', 60_000, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    await two.run('third', 60_000, async () => void done.push('third'))
    expect(done.at(-1)).toBe('third')
  })
})

const authorization = `Bearer ${people.alice.token}`
const nodeOf = (id: string): number => Math.floor(Number(id) / 2 ** 7) % 2 ** 5

describe.skipIf(!isPostgresThere)('servers that share a database, on PostgreSQL', () => {
  const { open } = postgres
  async function fleet(shared: Partial<ServerConfig> = {}) {
    const { discard, databaseUrl } = await open()
    onTestFinished(discard)
    if (databaseUrl === undefined) throw new Error('There is no address of the database.')
    const folder = await ownFolder()
    const seed = join(folder, 'seed.json')
    await writeFile(seed, JSON.stringify(seedFile([])))
    let count = 0
    return {
      folder,
      async start(own: Partial<ServerConfig> = {}) {
        const dataDir = join(folder, `node${++count}`)
        const server = await startServer({ port: 0, databaseUrl, dataDir, seed, rateLimits: 'off', ...shared, ...own })
        onTestFinished(() => server.close())
        const ask = async (method: string, path: string, body?: unknown) => {
          const answer = await fetch(path.startsWith('http') ? path : `${server.url}/v5${path}`, {
            method,
            headers: { authorization, ...(body !== undefined && { 'content-type': 'application/json' }) },
            ...(body !== undefined && { body: JSON.stringify(body) }),
          })
          const text = await answer.text()
          return {
            status: answer.status,
            body: answer.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text,
          }
        }
        return { ...server, ask }
      },
    }
  }

  test('are refused without a storage that they share, and told why', async () => {
    const { folder, start } = await fleet()
    const first = await start()
    await expect(start()).rejects.toThrow(
      `stores pictures in ${join(folder, 'node1', 'media')}. This one would store them in ` +
        `${join(folder, 'node2', 'media')}, which is another place`,
    )
    await first.close()
    await start()
  })

  test('show the pictures of each other, and make ids that differ', async () => {
    const { folder, start } = await fleet()
    const storage = join(folder, 'media')
    const [one, two] = [await start({ storage }), await start({ storage })]
    const board = (await one.ask('POST', '/boards', { name: 'Shared' })).body
    const pin = (await two.ask('POST', '/pins', { board_id: board.id, media_source: await base64Source() })).body
    expect([nodeOf(board.id), nodeOf(pin.id)]).toEqual([1, 2])
    const seen = (await one.ask('GET', `/pins/${pin.id}`)).body
    const picture = new URL(seen.media.images['600x'].url).pathname
    const statuses = [one, two].map(async ({ url, ask }) => (await ask('GET', url + picture)).status)
    expect(await Promise.all(statuses)).toEqual([200, 200])
  })
})
