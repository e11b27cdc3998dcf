import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { up } from '../src/db/migrations/0033-names-of-secret-boards.ts'
import { keptDatabase, keptDatabases } from './kept-database.ts'

test.each(keptDatabases)('names of boards are taken after the upgrade as before, on %s', async (name) => {
  const kept = await keptDatabase(name)
  let server = await kept.start()
  for (const privacy of ['PUBLIC', 'SECRET']) await server.post('/boards', { name: privacy, privacy })
  const before = (await server.get('/boards')).body
  await server.close()
  const db = await kept.open()
  await db.write((tx) => sql`UPDATE boards SET name_key = rtrim(name_key)`.execute(tx))
  await db.write((tx) => up(tx))
  await db.close()

  server = await kept.start()
  expect((await server.get('/boards')).body).toEqual(before)
  for (const { id, name } of before.items) {
    expect((await server.post('/boards', { name, privacy: 'SECRET' })).status).toBe(409)
    expect((await server.patch(`/boards/${id}`, { name: `${name} again` })).status).toBe(200)
  }
  await server.close()
})
