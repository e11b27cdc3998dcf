import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { base64Source } from '@pinfold/test-support/pictures'
import type { TestServer } from '@pinfold/test-support/server'
import fc from 'fast-check'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import type { Database } from '../src/db/database.ts'
import { migrateToLatest } from '../src/db/migrate.ts'
import { openSqlite } from '../src/db/sqlite.ts'
import { keysIn, keyText } from '../src/domains/analytics/key-text.ts'
import { inMemory } from '../src/domains/analytics/known-in-memory.ts'
import { analyticsStore, type KeyTable } from '../src/domains/analytics/store.ts'
import { keptDatabase } from './kept-database.ts'

const tables = [0, 1] as const

/** Returns a function that sends two events of a Pin, and returns what became of them. */
async function sender(server: TestServer): Promise<(server: TestServer) => Promise<unknown>> {
  const board = (await server.post('/boards', { name: 'Watched' })).body.id
  const pin_id = (await server.post('/pins', { board_id: board, media_source: await base64Source(5) })).body.id
  const event = { pin_id, at: new Date(server.clock.now()).toISOString(), viewer: 'somebody' }
  const events = [
    { ...event, id: 'seen', type: 'impression' },
    { ...event, id: 'clicked', type: 'pin_click' },
  ]
  return async (server) => (await server.post('/_pinfold/events', { events })).body
}

/** Counts two events on a server that is closed then; `send` sends them again, to any. */
async function countedOn(name: Parameters<typeof keptDatabase>[0]) {
  const kept = await keptDatabase(name)
  const server = await kept.start()
  const send = await sender(server)
  expect(await send(server)).toMatchObject({ counted: 2 })
  await server.close()
  return { kept, send }
}

test('events that were counted before an upgrade are known after it', async () => {
  const { kept, send } = await countedOn('SQLite')
  // As it was before: a row for each key.
  const db = await kept.open()
  await db.write(async (tx) => {
    for (const table of tables)
      for (const { keys } of await tx.selectFrom(`event_key_batches_${table}`).select('keys').execute())
        for (const key of keysIn(keys)) await tx.insertInto(`event_keys_${table}`).values({ key }).execute()
    for (const table of tables) await sql.raw(`DELETE FROM event_key_batches_${table}`).execute(tx)
  })
  await db.close()
  for (let start = 0; start < 2; start++) {
    const server = await kept.start()
    expect(await send(server)).toMatchObject({ counted: 0, duplicates: 2 })
    await server.close()
  }
})

test('events that were counted on the embedded database are known where it was copied to PostgreSQL', async () => {
  const { kept, send } = await countedOn('PostgreSQL')
  const db = await kept.open()
  await db.write(async (tx) => {
    for (const table of tables) {
      const keys = (await tx.selectFrom(`event_keys_${table}`).select('key').execute()).map(({ key }) => key)
      await tx.deleteFrom(`event_keys_${table}`).execute()
      for (const [id, key] of keys.entries())
        await tx
          .insertInto(`event_key_batches_${table}`)
          .values({ id, keys: keyText([key]) })
          .execute()
    }
  })
  await db.close()
  const server = await kept.start()
  expect(await send(server)).toMatchObject({ counted: 0, duplicates: 2 })
  await server.close()
})

type Step = { keys: number[]; fails: boolean } | 'restart' | 'turn'

/** Of few keys, so that many come again; some have all their 53 bits. */
const aKey = fc.nat(40).map((n) => (n % 2 === 0 ? n : n * 2 ** 47 + n))
const aStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ keys: fc.array(aKey, { maxLength: 12 }), fails: fc.boolean() }) },
  { weight: 1, arbitrary: fc.constantFrom('restart' as const, 'turn' as const) },
)

test('keys are known until their table is emptied: after starts and failures, with and without room in memory', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pinfold-known-'))
  let files = 0
  const run = async (mostInMemory: number, steps: readonly Step[]) => {
    const db: Database = openSqlite(join(folder, `${files++}.db`), 'relaxed')
    await migrateToLatest(db)
    const store = analyticsStore(db)
    const start = () => inMemory({ db, store, mostInMemory })
    let known = start()
    let table: KeyTable = 0
    const model: Record<KeyTable, Set<number>> = { 0: new Set(), 1: new Set() }
    let cleared: KeyTable[] = []
    for (const step of steps) {
      if (step === 'restart') known = start()
      else if (step === 'turn') {
        table = table === 0 ? 1 : 0
        cleared = [table]
        model[table] = new Set()
      } else {
        await known.ready()
        const isNew: boolean[] = []
        const expected = step.keys.map(
          (key, i) => !model[0].has(key) && !model[1].has(key) && step.keys.indexOf(key) === i,
        )
        try {
          const keys = await db.write(async (tx) => {
            for (const each of cleared) await store.eventKeys.clear(tx, each)
            const keys = known.begin(tx, table, cleared)
            await keys.look(step.keys)
            isNew.length = 0
            for (const key of step.keys) isNew.push(keys.take(key))
            await keys.write()
            if (step.fails) throw new Error('The disk is full.')
            return keys
          })
          keys.committed()
          cleared = []
          for (const key of step.keys) if (!model[table === 0 ? 1 : 0].has(key)) model[table].add(key)
        } catch (error) {
          if (!step.fails) throw error
        }
        expect(isNew).toEqual(expected)
      }
    }
    await db.close()
  }
  await fc.assert(fc.asyncProperty(fc.constantFrom(0, 5, 20, 1000), fc.array(aStep, { maxLength: 25 }), run), {
    numRuns: 40,
  })
  await rm(folder, { recursive: true, force: true })
})
