import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type Command, pinfold } from '@pinfold/test-support/command'
import { databases } from '@pinfold/test-support/databases'
import { onThisMachine } from '@pinfold/test-support/pace'
import { base64Source } from '@pinfold/test-support/pictures'
import { people, seedFile, startTestServer, type TestServer } from '@pinfold/test-support/server'
import { expectSound } from '@pinfold/test-support/soundness'
import fc from 'fast-check'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { adModel, type ModelServer, type Send, type SentItem, type Step, step } from './ad-model.ts'

/** More with `PINFOLD_FUZZ_RUNS=300 npx vitest run ads-model`. */
const runs = Number(process.env.PINFOLD_FUZZ_RUNS ?? 20)
const killedRuns = Math.ceil(runs / 5)

describe.each(databases)('whatever is done to campaigns, ad groups and ads, on $name', ({ open }) => {
  let server: TestServer
  let pin: string
  beforeAll(async () => {
    const { discard, ...database } = await open()
    server = await startTestServer(database)
    const board = (await server.post('/boards', { name: 'Shop' })).body.id
    const body = { board_id: board, media_source: await base64Source(1), link: 'https://shop.example/cup' }
    pin = (await server.post('/pins', body)).body.id
    return async () => {
      await server.close()
      await discard()
    }
  })

  const send: Send = async (method, path, json) => {
    const { status, body } = await server.request(method, path, { json })
    expect([status, body.message]).toEqual([200, undefined])
    return body.items
  }
  const tested: ModelServer = {
    now: () => server.clock.now(),
    wait: async (ms) => server.clock.advance(ms),
    async get(path) {
      const { status, body } = await server.get(path)
      expect([status, body.message]).toEqual([200, undefined])
      return body
    },
  }

  test(
    'lists, filters and statuses are those of a model',
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
          const account = (await server.get('/ad_accounts')).body.items[0].id
          await server.request('DELETE', `/ad_accounts/${account}/sandbox`)
          const model = adModel(tested, account, pin)
          for (const each of steps) await model.take(each, send)
          await model.compareAll()
        }),
        { numRuns: runs },
      )
    },
    onThisMachine(60_000 + runs * 2000),
  )
})

/** A server in a process of its own has no database of this one. */
const shareable = databases.filter(({ name }) => !name.includes('PGlite'))

describe.each(shareable)('whenever the server is killed, on $name', ({ name, open }) => {
  test(
    'lists, filters and statuses are those of a model, where each request was carried out whole or not at all',
    async () => {
      const server = await killableServer(open)
      const board = (await server.ask('POST', '/boards', { name: 'Shop' })).id
      const body = { board_id: board, media_source: await base64Source(1), link: 'https://shop.example/cup' }
      const pin = (await server.ask('POST', '/pins', body)).id
      /** Milliseconds after which the server is killed while it carries out a request; null: it is not. */
      const kill = fc.oneof({ weight: 4, arbitrary: fc.constant(null) }, fc.integer({ min: 0, max: 12 }))
      const steps = fc.array(fc.tuple(step, kill), { minLength: 5, maxLength: 20 })
      await fc.assert(
        fc.asyncProperty(steps, async (taken) => {
          const account = (await server.ask('GET', '/ad_accounts')).items[0].id
          await server.ask('DELETE', `/ad_accounts/${account}/sandbox`)
          const model = adModel(server, account, pin)
          for (const [each, killAfterMs] of taken)
            await model.take(server.standsStill ? each : withoutTimes(each), (method, path, items) =>
              server.send(method, path, items, killAfterMs),
            )
          await model.compareAll()
        }),
        { numRuns: killedRuns },
      )
      await server.stop()
      expect(server.kills).toBeGreaterThan(0)
      if (name === 'SQLite') await expectSound(server.dataDir)
    },
    onThisMachine(60_000 + killedRuns * 10_000),
  )
})

/** Returns a step whose outcome does not depend on the time. */
const withoutTimes = (taken: Step): Step =>
  taken.do === 'create'
    ? { ...taken, items: taken.items.map((item) => ({ ...item, times: { start: null, end: null } })) }
    : taken

/**
 * Starts a server in a process of its own. On SQLite its clock stands, but when it is moved; on PostgreSQL the server that was
 * killed before counts as another one for a while, which would have to be told.
 */
async function killableServer(open: (typeof databases)[number]['open']) {
  const { discard, databaseUrl } = await open()
  const folder = await mkdtemp(join(tmpdir(), 'pinfold-ads-model-'))
  let command: Command | undefined
  onTestFinished(async () => {
    await command?.kill()
    await rm(folder, { recursive: true, force: true })
    await discard()
  })
  await writeFile(join(folder, 'seed.json'), JSON.stringify(seedFile([])))
  const dataDir = join(folder, 'data')
  const shared = databaseUrl === undefined ? [] : ['--database-url', databaseUrl, '--storage', join(folder, 'media')]
  const args = ['serve', '--port', '0', '--data', dataDir, '--seed', join(folder, 'seed.json'), '--rate-limits', 'off']
  const standsStill = databaseUrl === undefined
  let time = Date.UTC(2026, 2, 14, 9, 26, 53)
  let [url, kills] = ['', 0]

  async function start(): Promise<void> {
    command = pinfold([...args, ...shared])
    url = await command.ready()
    if (standsStill) await ask('PUT', '/_pinfold/clock', { now: new Date(time).toISOString(), runs: false })
  }
  function request(method: string, path: string, json?: object): Promise<Response> {
    const headers = { authorization: `Bearer ${people.alice.token}`, 'content-type': 'application/json' }
    const address = `${url}${path.startsWith('/_') ? '' : '/v5'}${path}`
    return fetch(address, { method, headers, ...(json && { body: JSON.stringify(json) }) })
  }
  // biome-ignore lint/suspicious/noExplicitAny: answers of several operations
  async function ask(method: string, path: string, json?: object): Promise<any> {
    const answer = await request(method, path, json)
    const text = await answer.text()
    expect(answer.status, text).toBeLessThan(300)
    return text === '' ? undefined : JSON.parse(text)
  }

  await start()
  return {
    dataDir,
    ask,
    get: (path: string) => ask('GET', path),
    standsStill,
    now: () => (standsStill ? time : Date.now()),
    async wait(ms: number) {
      if (!standsStill) return
      time += ms
      await ask('POST', '/_pinfold/clock/advance', { by: `${ms}ms` })
    },
    /** Sends a request, and kills the server if that is wanted. Returns what became of the items; undefined without an answer. */
    async send(method: 'POST' | 'PATCH', path: string, items: object[], killAfterMs: number | null) {
      if (killAfterMs === null) return (await ask(method, path, items)).items
      const answered = request(method, path, items)
        .then((answer) => answer.json() as Promise<{ items: SentItem[] }>)
        .catch(() => undefined)
      await pause(killAfterMs)
      await command?.kill()
      kills++
      const answer = await answered
      await start()
      return answer?.items
    },
    get kills() {
      return kills
    },
    stop: () => command?.kill('SIGTERM'),
  }
}
