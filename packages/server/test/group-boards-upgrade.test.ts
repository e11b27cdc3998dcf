import { base64Source } from '@pinfold/test-support/pictures'
import { allScopesBut } from '@pinfold/test-support/server'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { up } from '../src/db/migrations/0034-group-boards.ts'
import { keptDatabase, keptDatabases } from './kept-database.ts'

const open = { token: 'pina_open_0000000000000000' }

/** Puts the data back as they were when a board had one owner and nobody else. */
const backToOwners = [
  'DROP TABLE board_collaborators',
  'ALTER TABLE accounts DROP COLUMN joined_board_count',
  'ALTER TABLE accounts DROP COLUMN secret_pin_count',
]

test.each(keptDatabases)('secret Pins are counted after the upgrade as before, on %s', async (name) => {
  const kept = await keptDatabase(name, [
    { text: open.token, scopes: allScopesBut('boards:read_secret', 'pins:read_secret') },
  ])
  let server = await kept.start()
  for (const [name, privacy] of [
    ['One', 'PUBLIC'],
    ['Two', 'SECRET'],
    ['Three', 'SECRET'],
  ]) {
    const board = await server.post('/boards', { name, privacy })
    const pin = { board_id: board.body.id, media_source: await base64Source() }
    expect((await server.post('/pins', pin)).status).toBe(201)
  }
  const counts = async () => {
    const accounts = [(await server.get('/user_account')).body, (await server.get('/user_account', open)).body]
    return accounts.map(({ board_count, pin_count }) => [board_count, pin_count])
  }
  const before = await counts()
  expect(before).toEqual([
    [3, 3],
    [1, 1],
  ])
  await server.close()
  const db = await kept.open()
  for (const statement of backToOwners) await db.write((tx) => sql.raw(statement).execute(tx))
  await db.write((tx) => up(tx))
  await db.close()

  server = await kept.start()
  expect(await counts()).toEqual(before)
  await server.close()
})
