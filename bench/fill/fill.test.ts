import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { demoCredentials, startServer } from '@pinfold/server'
import { afterFile } from '@pinfold/test-support/after-file'
import { onThisMachine } from '@pinfold/test-support/pace'
import { expectSound } from '@pinfold/test-support/soundness'
import { expect, test } from 'vitest'
import type { Filled } from './fill.ts'

const main = fileURLToPath(new URL('../main.ts', import.meta.url))
const folder = await mkdtemp(join(tmpdir(), 'pinfold-fill-'))
afterFile(() => rm(folder, { recursive: true, force: true }))
const size = ['--pins', '2000', '--rollups', '30000', '--seed', '7']
/** The Pins of the demo itself. */
const ofDemo = 38

async function fill(name: string, ...options: string[]): Promise<Filled> {
  const args = [main, 'fill', join(folder, name), '--json', ...size, ...options]
  return JSON.parse((await promisify(execFile)(process.execPath, args)).stdout)
}

/** Returns the rows of a query of the database in a folder. */
function rows(name: string, sql: string): Record<string, unknown>[] {
  const db = new DatabaseSync(join(folder, name, 'pinfold.db'), { readOnly: true })
  try {
    return db.prepare(sql).all()
  } finally {
    db.close()
  }
}
const number = (name: string, sql: string) => Object.values(rows(name, sql)[0] ?? {})[0]

const dayMs = 86_400_000
const dateOf = (ms: number) => new Date(ms).toISOString().slice(0, 10)

test('a filled folder is sound and is served, with what is in it', { timeout: onThisMachine(120_000) }, async () => {
  const filled = await fill('many')
  const dataDir = join(folder, 'many')
  // The files of pictures are the demo's own: they need not be looked at again.
  await expectSound(dataDir, new Set(rows('many', 'SELECT key FROM pictures').map(({ key }) => String(key))))
  const schema = "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY 1, 2"
  expect(rows('many', schema)).toEqual(rows('many/seeded-1', schema))
  const pins = Number(number('many', 'SELECT count(*) FROM pins'))
  expect([pins, filled.pins]).toEqual([2000 + ofDemo, 2000])
  expect(number('many', 'SELECT count(DISTINCT owner_id) FROM pins')).toBe(filled.accounts)
  for (const [table, count] of Object.entries(filled.rollups))
    expect(number('many', `SELECT count(*) FROM ${table}`), table).toBe(count)
  expect(number('many', 'SELECT count(*) FROM pin_search_docsize')).toBe(pins)
  for (const table of ['pin_colours', 'pin_likenesses'])
    expect(number('many', `SELECT count(DISTINCT pin_id) FROM ${table}`), table).toBe(pins)

  await using server = await startServer({ dataDir, port: 0, rateLimits: 'off' })
  const get = async (path: string) => {
    const headers = { authorization: `Bearer ${demoCredentials.accessToken}` }
    const answer = await fetch(`${server.url}${path}`, { headers })
    expect(answer.status, path).toBe(200)
    // biome-ignore lint/suspicious/noExplicitAny: answers are looked at as JSON
    return (await answer.json()) as any
  }
  const all = async (path: string): Promise<{ id: string; pin_count: number }[]> => {
    const items = []
    for (let bookmark = ''; bookmark !== null; ) {
      const page = await get(`${path}${path.includes('?') ? '&' : '?'}page_size=250&bookmark=${bookmark}`)
      items.push(...page.items)
      bookmark = page.bookmark
    }
    return items
  }
  const own = rows(
    'many',
    "SELECT pins.id, title FROM pins JOIN accounts a ON a.id = owner_id WHERE username = 'demo' ORDER BY pins.id DESC",
  )
  expect(own.length).toBeGreaterThan(900)
  expect((await all('/v5/pins')).map(({ id }) => id)).toEqual(own.map(({ id }) => String(id)))
  const boards = await all('/v5/boards')
  expect(await get('/v5/user_account')).toMatchObject({ pin_count: own.length, board_count: boards.length })
  for (const { id, pin_count } of boards) expect(await all(`/v5/boards/${id}/pins`)).toHaveLength(pin_count)
  for (const { id, title } of own.filter(({ title }) => title !== null).slice(0, 3)) {
    const found = await all(`/v5/search/pins?query=${encodeURIComponent(String(title))}`)
    expect(found.map((pin) => pin.id)).toContain(String(id))
  }
  expect((await get('/_pinfold/web/feed?feed=following')).items).toHaveLength(25)

  const [first = '', last] = [Date.now() - 89 * dayMs, Date.now()].map(dateOf)
  const range = `start_date=${first}&end_date=${last}`
  const seen = (which: string) =>
    number('many', `SELECT sum(impressions) FROM pin_days WHERE day >= ${Date.parse(first) / dayMs} AND ${which}`)
  const { all: ofAccount } = await get(`/v5/user_account/analytics?${range}`)
  expect(ofAccount.summary_metrics.IMPRESSION).toBe(seen(`pin_id IN (${own.map(({ id }) => id)})`))
  const { pins: top } = await get(`/v5/user_account/analytics/top_pins?${range}&sort_by=IMPRESSION`)
  expect(top).toHaveLength(10)
  for (const { pin_id, metrics } of top) expect(metrics.IMPRESSION).toBe(seen(`pin_id = ${pin_id}`))

  await fill('again', '--searched', '100')
  for (const sql of [
    `SELECT id, board_id, section_id, parent_pin_id, title, description, link, alt_text FROM pins ORDER BY id LIMIT ${filled.pins}`,
    `SELECT * FROM pin_days WHERE pin_id <= (SELECT id FROM pins ORDER BY id LIMIT 1 OFFSET ${filled.pins - 1})`,
    "SELECT * FROM accounts WHERE username <> 'demo' AND username LIKE 'person_%'",
  ])
    expect(rows('again', sql), sql).toEqual(rows('many', sql))
  expect(number('again', 'SELECT count(*) FROM pin_search_docsize')).toBe(100 + ofDemo)

  const refused = await fill('again').catch((error) => error)
  expect(refused.stderr).toContain(`${join(folder, 'again')} is there already`)
})
