import { people } from '@pinfold/test-support/server'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { up } from '../src/db/migrations/0027-ad-accounts.ts'
import { keptDatabase, keptDatabases } from './kept-database.ts'

/** Puts the data back as they were when a business had one ad account, in a column. */
const backToOne = (cascade: string) => [
  'UPDATE accounts SET ad_account_id = (SELECT id FROM ad_accounts WHERE owner_id = accounts.id)',
  'DROP TABLE ad_account_roles',
  // What ads have was not there.
  'DELETE FROM order_lines',
  `DROP TABLE ad_accounts${cascade}`,
]

test.each(keptDatabases)('ad accounts of an older version keep their ids, on %s', async (name) => {
  const kept = await keptDatabase(name)

  let server = await kept.start()
  const before = (await server.get('/ad_accounts')).body
  expect(before.items).toHaveLength(1)
  await server.close()
  const db = await kept.open()
  await db.write(async (tx) => {
    for (const each of backToOne(name === 'SQLite' ? '' : ' CASCADE')) await sql.raw(each).execute(tx)
  })
  await db.write((tx) => up(tx))
  await db.close()

  server = await kept.start()
  expect((await server.get('/ad_accounts')).body).toEqual(before)
  expect((await server.get('/ad_accounts', { token: people.bob.token })).body.items).toEqual([])
  const acting = await server.get(`/user_account?ad_account_id=${before.items[0].id}`)
  expect([acting.status, acting.body.username]).toEqual([200, 'alice'])
  await server.close()
})
