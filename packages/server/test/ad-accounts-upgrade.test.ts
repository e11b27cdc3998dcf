import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { type Database, overDialect } from '@pinfold/server'
import { people, seedFile, startTestServer } from '@pinfold/test-support/server'
import { PGliteDialect, sql } from 'kysely'
import { expect, onTestFinished, test } from 'vitest'
import { up } from '../src/db/migrations/0027-ad-accounts.ts'
import { openSqlite } from '../src/db/sqlite.ts'

const openPglite = async (folder: string): Promise<Database> =>
  overDialect(new PGliteDialect({ pglite: await PGlite.create(join(folder, 'pg')) }))

/** How the database in a folder is opened, for a server or by itself. */
const databases = [
  { name: 'SQLite', open: async (folder: string) => openSqlite(join(folder, 'data', 'pinfold.db'), 'relaxed') },
  { name: 'PostgreSQL', own: openPglite, open: openPglite },
]

/** Puts the data back as they were when a business had one ad account, in a column. */
const backToOne = [
  'UPDATE accounts SET ad_account_id = (SELECT id FROM ad_accounts WHERE owner_id = accounts.id)',
  'DROP TABLE ad_account_roles',
  'DROP TABLE ad_accounts',
]

test.each(databases)('ad accounts of an older version keep their ids, on $name', async ({ own, open }) => {
  const folder = await mkdtemp(join(tmpdir(), 'pinfold-upgrade-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const seed = join(folder, 'seed.json')
  await writeFile(seed, JSON.stringify(seedFile([])))
  const start = async () => {
    const config = { ephemeral: false, dataDir: join(folder, 'data'), seed }
    return startTestServer(own ? { ...config, database: await own(folder) } : config)
  }

  let server = await start()
  const before = (await server.get('/ad_accounts')).body
  expect(before.items).toHaveLength(1)
  await server.close()
  const db = await open(folder)
  await db.write(async (tx) => {
    for (const each of backToOne) await sql.raw(each).execute(tx)
  })
  await db.write((tx) => up(tx))
  await db.close()

  server = await start()
  expect((await server.get('/ad_accounts')).body).toEqual(before)
  expect((await server.get('/ad_accounts', { token: people.bob.token })).body.items).toEqual([])
  const acting = await server.get(`/user_account?ad_account_id=${before.items[0].id}`)
  expect([acting.status, acting.body.username]).toEqual([200, 'alice'])
  await server.close()
})
