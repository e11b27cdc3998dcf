import { createHash } from 'node:crypto'
import { banded, jpegSource } from '@pinfold/test-support/pictures'
import type { TestServer } from '@pinfold/test-support/server'
import { sql } from 'kysely'
import { expect, test, vi } from 'vitest'
import type { Database } from '../src/db/database.ts'
import { keptDatabase, keptDatabases } from './kept-database.ts'

/** More than are looked at before they are written. */
const saves = 25

test.each(keptDatabases)(
  'pictures from before looks were kept are found after the upgrade, by colour and as duplicates, on %s',
  async (name) => {
    const kept = await keptDatabase(name)
    const bytes = await banded({ '#c2410c': 60, '#0f172a': 40 })
    const older = await kept.start()
    const { body: board } = await older.post('/boards', { name: 'Walls' })
    const make = (title: string) => older.post('/pins', { board_id: board.id, title, media_source: jpegSource(bytes) })
    const first = (await make('A wall')).body.id
    for (let i = 0; i < saves; i++) await older.post(`/pins/${first}/save`, { board_id: board.id })
    const trashed = (await make('Thrown away')).body.id
    await older.post(`/_pinfold/trash/${trashed}`)
    await older.close()

    const db = await kept.open()
    await backToNoLooks(db)
    await db.close()

    const server = await kept.start()
    await vi.waitUntil(async () => (await found(server)) === saves + 1, { timeout: 60_000 })
    await server.post(`/_pinfold/trash/${trashed}/restore`, {})
    expect(await found(server)).toBe(saves + 2)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    expect((await server.get(`/_pinfold/web/duplicates?sha256=${sha256}`)).body.items).toHaveLength(5)
    await server.close()
  },
)

/** Puts the data back as the migrations left them that made the columns and tables. */
const backToNoLooks = (db: Database): Promise<void> =>
  db.write(async (tx) => {
    for (const table of ['pin_colours', 'pin_likenesses']) await sql`delete from ${sql.table(table)}`.execute(tx)
    for (const table of ['pins', 'pictures']) await sql`update ${sql.table(table)} set look = null`.execute(tx)
    const { rows } = await sql<{ id: number; pin: string }>`select id, pin from trashed_pins`.execute(tx)
    for (const { id, pin } of rows) {
      const { look: _, ...older } = JSON.parse(pin)
      await sql`update trashed_pins set pin = ${JSON.stringify(older)} where id = ${id}`.execute(tx)
    }
  })

/** Returns how many Pins a search by colour finds. */
const found = async (server: TestServer): Promise<number> =>
  (await server.get('/_pinfold/web/search/pins?color=c2410c&page_size=100')).body.items.length
