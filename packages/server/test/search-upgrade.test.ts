import { base64Source } from '@pinfold/test-support/pictures'
import type { TestServer } from '@pinfold/test-support/server'
import { sql } from 'kysely'
import { expect, test, vi } from 'vitest'
import type { Database } from '../src/db/database.ts'
import { searchablePins } from '../src/domains/pins/searchable-pins.ts'
import { searchBackfill } from '../src/domains/search/backfill.ts'
import { pinIndexOf } from '../src/domains/search/pin-index.ts'
import { keptDatabase, keptDatabases } from './kept-database.ts'

/** More than are added to the index in one transaction. */
const saves = 120

test.each(keptDatabases)(
  'Pins from before there was an index are found after the upgrade, one that was cut off too, on %s',
  async (name) => {
    const kept = await keptDatabase(name)
    const older = await kept.start()
    const pins = await makePins(older)
    await older.close()

    const db = await kept.open()
    await backToNoIndex(db)
    await addUntilCutOff(db)
    const isAdded = await sql`select 1 from search_backfill`.execute(db.read)
    expect(isAdded.rows, 'it was cut off before all were added').toHaveLength(1)
    await db.close()

    const server = await kept.start()
    await vi.waitUntil(async () => (await find(server, 'moonjar')).length > saves, { timeout: 60_000 })
    expect(await find(server, 'moonjar')).toEqual(pins.toReversed())
    expect(await find(server, 'mooonjar'), 'mistyped').toEqual(pins.toReversed())
    await server.close()
  },
)

/** Makes a Pin and saves it many times. Returns the ids, the oldest first. */
async function makePins(server: TestServer): Promise<string[]> {
  const { body: board } = await server.post('/boards', { name: 'Vessels' })
  const pin = { board_id: board.id, title: 'Moonjar', media_source: await base64Source() }
  const ids = [(await server.post('/pins', pin)).body.id]
  for (let i = 0; i < saves; i++) ids.push((await server.post(`/pins/${ids[0]}/save`, { board_id: board.id })).body.id)
  return ids
}

/** Puts the data back as the migration that made the index left them. */
const backToNoIndex = (db: Database): Promise<void> =>
  db.write(async (tx) => {
    for (const table of ['pin_search', 'search_words', 'search_variants'])
      await sql`delete from ${sql.table(table)}`.execute(tx)
    await sql`insert into search_backfill select max(id) + 1 from pins`.execute(tx)
  })

/** Adds Pins to the index until the server is ended, while the first of them are being added. */
async function addUntilCutOff(db: Database): Promise<void> {
  const ending = new AbortController()
  const all = searchablePins(db)
  const pins: typeof all = {
    ...all,
    searchable: (...given) => {
      ending.abort()
      return all.searchable(...given)
    },
  }
  await searchBackfill({ db, index: pinIndexOf(db), pins }).run(ending.signal)
}

/** Returns the ids of all Pins that a search finds. */
async function find(server: TestServer, words: string): Promise<string[]> {
  const ids: string[] = []
  for (let bookmark = ''; ; ) {
    const { body } = await server.get(`/search/pins?query=${words}&bookmark=${bookmark}`)
    ids.push(...body.items.map(({ id }: { id: string }) => id))
    if (body.bookmark === null) return ids
    bookmark = body.bookmark
  }
}
