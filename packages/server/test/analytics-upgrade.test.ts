import { base64Source } from '@pinfold/test-support/pictures'
import { allScopesBut, people, type TestServer } from '@pinfold/test-support/server'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { up } from '../src/db/migrations/0023-secret-account-days.ts'
import { keptDatabase, keptDatabases } from './kept-database.ts'

const counters = ['impressions', 'saves', 'pin_clicks', 'outbound_clicks']
/** Restores the data to its state before sums over secret Pins were separated: both together, in slices 0 to 8. */
const backToOneSum = [
  `INSERT INTO account_days (account_id, slice, day, app_type, ${counters})
   SELECT account_id, slice - 9, day, app_type, ${counters} FROM account_days WHERE slice >= 9
   ON CONFLICT (account_id, slice, day, app_type) DO UPDATE SET
   ${counters.map((name) => `${name} = account_days.${name} + excluded.${name}`)}`,
  'DELETE FROM account_days WHERE slice >= 9',
]

const withoutSecret = { text: 'pina_without_secret_0000000000', scopes: allScopesBut('pins:read_secret') }

test.each(keptDatabases)('numbers of an older version are told apart after the upgrade, on %s', async (name) => {
  const kept = await keptDatabase(name, [withoutSecret])
  let server = await kept.start()
  await fill(server)
  const before = await answers(server)
  await server.close()
  const db = await kept.open()
  await db.write(async (tx) => {
    for (const each of backToOneSum) await sql.raw(each).execute(tx)
  })
  await db.write((tx) => up(tx))
  await db.close()
  server = await kept.start()
  expect(await answers(server)).toEqual(before)
  await server.close()
})

/** Makes secret Pins and others, with numbers on days on which both, one or the other have some. */
async function fill(server: TestServer): Promise<void> {
  const media_source = await base64Source(7)
  const pins = []
  for (const [privacy, link] of [
    ['PUBLIC', 'https://alice.example/'],
    ['SECRET', 'https://alice.example/'],
    ['SECRET', null],
  ]) {
    const board: string = (await server.post('/boards', { name: `Board ${pins.length}`, privacy })).body.id
    pins.push((await server.post('/pins', { board_id: board, media_source, link })).body.id)
  }
  const rows = pins.flatMap((pin_id, i) =>
    [10 + i, 13].flatMap((day) =>
      ['MOBILE', 'WEB'].flatMap((app_type) =>
        ['IMPRESSION', 'SAVE'].map((metric) => ({
          ...{ date: `2026-03-${day}`, pin_id, metric, app_type, value: 10 ** i * (app_type === 'WEB' ? 2 : 1) },
        })),
      ),
    ),
  )
  expect((await server.post('/_pinfold/analytics/history', { rows })).body).toEqual({ loaded: 24, errors: [] })
}

/** Returns the answers to somebody who may see secret Pins, and to somebody who may not. */
async function answers(server: TestServer): Promise<unknown[]> {
  const days = 'start_date=2026-03-08&end_date=2026-03-14'
  const asked = ['', '&app_types=WEB', '&split_field=OWNED_CONTENT', '&split_field=PIN_FORMAT']
  const found = []
  for (const token of [people.alice.token, withoutSecret.text])
    for (const query of asked) found.push((await server.get(`/user_account/analytics?${days}${query}`, { token })).body)
  expect(found[0].all.summary_metrics.IMPRESSION).toBe(666)
  expect(found[4].all.summary_metrics.IMPRESSION).toBe(6)
  return found
}
