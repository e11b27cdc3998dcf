import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { demoCredentials, startServer, TestClock } from '@pinfold/server'
import { ownServer } from '@pinfold/test-support/own-server'
import {
  type Answer,
  otherApp,
  people,
  startTestServer,
  type TestServer,
  testApp,
  trialApp,
} from '@pinfold/test-support/server'
import { newVisitor } from '@pinfold/test-support/visitor'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'

const bob = { token: people.bob.token }
const boardsOnly = { text: 'pina_boards_only_00000000000', scopes: ['boards:read'] as const }

/** Returns the rate-limit headers of an answer. */
function shown({ headers }: Answer) {
  const [first = '', ...windows] = (headers.get('x-ratelimit-limit') ?? '').split(', ')
  const [remaining, reset] = [headers.get('x-ratelimit-remaining'), headers.get('x-ratelimit-reset')]
  return { first: Number(first), windows, remaining: Number(remaining), resetSeconds: Number(reset) }
}

/** Sends `count` requests at the same time. */
const many = (count: number, send: () => Promise<Answer>) => Promise.all(Array.from({ length: count }, send))

describe("with Pinterest's limits", () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startTestServer({ rateLimits: 'pinterest', tokens: [boardsOnly] })
  })
  /** Each test begins 7 s before the end of a minute, with nothing used. */
  beforeEach(() => {
    server.clock.advance(60_000 - (server.clock.now() % 60_000) + 53_000)
  })

  const read = (options = {}) => server.get('/user_account', options)
  /** A write whose content is refused, but which counts. */
  const write = (options = {}) => server.post('/boards', {}, options)

  const byBasic = (form: Record<string, string>, app: { id: string; secret: string } = testApp) => {
    const authorization = `Basic ${Buffer.from(`${app.id}:${app.secret}`).toString('base64')}`
    return server.request('POST', '/oauth/token', { token: null, form, headers: { authorization } })
  }

  test('a person in the web app has bounds that a folder of pictures fits in', async () => {
    const visitor = newVisitor(server.url)
    await visitor.signIn(people.bob)
    const app = { 'x-pinfold-app': '1' }
    const [reading, writing] = [
      await visitor.open('/_pinfold/web/session', app),
      await visitor.post('/v5/boards', {}, app),
    ]
    const limitOf = ({ headers }: typeof reading) => headers.get('x-ratelimit-limit')
    expect(limitOf(reading)).toContain('5000;w=60;name="org_read_person"')
    expect(limitOf(writing)).toContain('1200;w=60;name="org_write_person"')
  })

  test("every authenticated answer tells what is left, in Envoy's form", async () => {
    const answers = [
      [await read(), 200, 'org_read', 1000],
      [await read({ token: boardsOnly.text }), 401, 'org_read', 1000],
      [await server.get('/boards?page_size=x'), 400, 'org_read', 1000],
      [await server.get('/pins/1'), 404, 'org_read', 1000],
      [await server.post('/boards', { name: 'Counted' }), 201, 'org_write', 100],
      [await server.delete('/boards/1'), 404, 'org_write', 100],
      [await byBasic({ grant_type: 'client_credentials', scope: 'boards:read' }), 200, 'org_read', 1000],
      [await byBasic({}), 400, 'org_read', 1000],
    ] as const
    for (const [answer, status, category, limit] of answers) {
      expect(answer.status).toBe(status)
      expect(answer.headers.get('x-ratelimit-limit')).toBe(
        `100, 100;w=1;name="safety_net_app_id_user_id", ${limit};w=60;name="${category}_app_id_user_id"`,
      )
      expect(answer.headers.get('x-ratelimit-remaining')).toMatch(/^\d+$/)
      expect(answer.headers.get('x-ratelimit-reset')).toMatch(/^\d+$/)
    }
  })

  test('an answer to nobody tells nothing, and counts for nobody', async () => {
    const refused = [
      ...(await many(120, () => read({ token: null }))),
      ...(await many(20, () => read({ token: 'pina_nonsense' }))),
      await byBasic({}, { ...testApp, secret: 'wrong' }),
    ]
    for (const { status, headers } of refused) {
      expect(status).toBe(401)
      expect([...headers.keys()].filter((name) => name.startsWith('x-ratelimit'))).toEqual([])
    }
    expect(shown(await read()).remaining).toBe(99)
  })

  test('the numbers are those of the window with the least left', async () => {
    expect(shown(await read())).toMatchObject({ first: 100, remaining: 99, resetSeconds: 1 })
    for (let second = 0; second < 6; second++) {
      await many(16, write)
      server.clock.advance(1000)
    }
    const last = shown(await write())
    expect(last).toMatchObject({ first: 100, remaining: 3, resetSeconds: 1 })
    expect(last.windows).toEqual([
      '100;w=1;name="safety_net_app_id_user_id"',
      '100;w=60;name="org_write_app_id_user_id"',
    ])
    server.clock.advance(1000)
    expect(shown(await write())).toMatchObject({ remaining: 99 })
  })

  test('100 requests a second are the most, whatever they are', async () => {
    const answers = [...(await many(60, read)), ...(await many(40, write))]
    expect(answers.map(({ status }) => status)).not.toContain(429)
    for (const refused of [await read(), await write(), await server.get('/boards')]) {
      expect([refused.status, refused.body.code, refused.headers.get('retry-after')]).toEqual([429, 8, '1'])
      expect(refused.body.message).toMatch(/^This request exceeded a rate limit\. 100 requests per 1 s /)
      expect(shown(refused)).toMatchObject({ first: 100, remaining: 0, resetSeconds: 1 })
    }
    server.clock.advance(1000)
    expect((await read()).status).toBe(200)
  })

  test('each category has its own count, which a refused request does not touch', async () => {
    expect((await many(99, write)).map(({ status }) => status)).not.toContain(429)
    server.clock.advance(2000)
    expect(shown(await write())).toMatchObject({ first: 100, remaining: 0, resetSeconds: 5 })
    for (const refused of await many(3, write)) {
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '5'])
      expect(refused.body.message).toContain('100 requests per 60 s (org_write_app_id_user_id) are used up.')
      expect(refused.body.message).toContain('Try again in 5 s.')
      expect(shown(refused)).toMatchObject({ first: 100, remaining: 0, resetSeconds: 5 })
    }
    expect(shown(await read())).toMatchObject({ remaining: 98 })

    server.clock.advance(4999)
    expect((await write()).headers.get('retry-after')).toBe('1')
    server.clock.advance(1)
    expect(shown(await write())).toMatchObject({ remaining: 99 })
  })

  test('each account and each app has its own count', async () => {
    const { body } = await byBasic({ grant_type: 'client_credentials', scope: 'boards:read,boards:write' }, otherApp)
    const bobByHisApp = { token: body.access_token }
    await many(100, write)
    expect((await write()).status).toBe(429)
    expect(shown(await write(bob))).toMatchObject({ remaining: 99 })
    expect(shown(await write(bobByHisApp))).toMatchObject({ remaining: 99 })
    await many(99, () => write(bob))
    expect((await write(bob)).status).toBe(429)
    expect(shown(await write(bobByHisApp))).toMatchObject({ remaining: 98 })
    expect((await byBasic({ grant_type: 'client_credentials', scope: 'boards:read' })).status).toBe(200)
  })

  test('all tokens of an account by one app share a count', async () => {
    const { body } = await byBasic({ grant_type: 'refresh_token', refresh_token: people.alice.refresh })
    await many(50, read)
    expect(shown(await read({ token: body.access_token }))).toMatchObject({ remaining: 49 })
  })

  test('an app on the trial tier has a day instead of a minute', async () => {
    const answer = await server.get('/boards', { token: trialApp.token })
    expect(answer.headers.get('x-ratelimit-limit')).toBe(
      '100, 100;w=1;name="safety_net_app_id_user_id", 1000;w=86400;name="org_read_trial_app_id"',
    )
    server.clock.advance(60_000)
    await many(100, () => server.get('/boards', { token: trialApp.token }))
    const refused = await server.get('/boards', { token: trialApp.token })
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1'])
  })
})

test('limits can be turned off', async () => {
  const server = await ownServer({ rateLimits: 'off' })
  const answers = await many(150, () => server.get('/user_account'))
  expect(answers.every(({ status }) => status === 200)).toBe(true)
  expect([...(answers[0]?.headers.keys() ?? [])].filter((name) => name.startsWith('x-ratelimit'))).toEqual([])
})

describe('a file of limits', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pinfold-limits-'))
    return () => rm(folder, { recursive: true, force: true })
  })

  const fileWith = async (content: unknown): Promise<string> => {
    const path = join(folder, 'limits.json')
    await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content))
    return path
  }

  test('changes those it names', async () => {
    const rateLimits = await fileWith({
      universal: { limit: 50, windowSeconds: 2 },
      org_read: { limit: 3, windowSeconds: 10 },
      trial: { limit: 2, windowSeconds: 3600 },
    })
    const server = await ownServer({ rateLimits })
    await many(2, () => server.get('/boards'))
    const last = await server.get('/boards')
    expect([last.status, last.headers.get('x-ratelimit-limit')]).toEqual([
      200,
      '3, 50;w=2;name="safety_net_app_id_user_id", 3;w=10;name="org_read_app_id_user_id"',
    ])
    const refused = await server.get('/boards')
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '7'])
    server.clock.advance(7000)
    expect((await server.get('/boards')).status).toBe(200)
    expect((await server.post('/boards', {})).headers.get('x-ratelimit-limit')).toContain('100;w=60;name="org_write')

    const trial = { token: trialApp.token }
    await many(2, () => server.get('/boards', trial))
    expect((await server.get('/boards', trial)).headers.get('retry-after')).toBe(String(33 * 60))
  })

  test.each([
    ['an unknown name', { org_reads: { limit: 1, windowSeconds: 1 } }, /unknown limit 'org_reads'/],
    ['no seconds', { org_read: { limit: 1 } }, /'org_read' must be like/],
    ['a limit of nothing', { org_read: { limit: 0, windowSeconds: 60 } }, /'org_read' must be like/],
    ['a bare number', { org_read: 5 }, /'org_read' must be like/],
    ['no window', { trial: null }, /'trial' must be like/],
    ['a list', [], /must hold a JSON object/],
    ['text that is not JSON', '{', /is not valid JSON/],
  ])('with %s keeps the server from starting, and says why', async (_, content, says) => {
    await expect(startTestServer({ rateLimits: await fileWith(content) })).rejects.toThrow(says)
  })

  test('that is not there keeps the server from starting, and says why', async () => {
    const missing = join(folder, 'missing.json')
    await expect(startTestServer({ rateLimits: missing })).rejects.toThrow(
      `Cannot read the rate limits file ${missing}`,
    )
  })
})

describe('the default on this machine (12.26)', () => {
  const { accessToken, appId, appSecret } = demoCredentials
  let dataDir: string
  let made = 0

  // The demo is drawn once.
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'pinfold-limits-demo-'))
    await (await startServer({ port: 0, dataDir })).close()
    return () => rm(dataDir, { recursive: true, force: true })
  })

  /** Makes boards with a token, in two seconds by the server's clock. Returns the statuses that came. */
  async function statusesOf(url: string, clock: TestClock, token: string, count: number): Promise<Set<number>> {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const statuses = new Set<number>()
    for (let i = 0; i < count; i++) {
      if (i === 60) clock.advance(1000)
      const body = JSON.stringify({ name: `Board ${made++}` })
      statuses.add((await fetch(`${url}/v5/boards`, { method: 'POST', headers, body })).status)
    }
    return statuses
  }

  async function tokenOfAnApp(url: string): Promise<string> {
    const authorization = `Basic ${btoa(`${appId}:${appSecret}`)}`
    const body = new URLSearchParams({ grant_type: 'client_credentials', scope: 'boards:read,boards:write' })
    const answer = await fetch(`${url}/v5/oauth/token`, { method: 'POST', headers: { authorization }, body })
    return ((await answer.json()) as { access_token: string }).access_token
  }

  test('limits apps, and not the person with the demo token', async () => {
    const clock = new TestClock()
    await using server = await startServer({ port: 0, dataDir, clock })
    expect(await statusesOf(server.url, clock, accessToken, 105)).toEqual(new Set([201]))
    expect(await statusesOf(server.url, clock, await tokenOfAnApp(server.url), 105)).toEqual(new Set([201, 429]))
  })

  test('tells the person with the demo token where they stand, and keeps them within the second', async () => {
    await using server = await startServer({ port: 0, dataDir, clock: new TestClock() })
    const read = () => fetch(`${server.url}/v5/boards`, { headers: { authorization: `Bearer ${accessToken}` } })
    const { headers } = await read()
    expect(headers.get('x-ratelimit-limit')).toContain('100;w=1;name="safety_net_app_id_user_id"')
    expect(headers.get('x-ratelimit-remaining')).toBe('99')
    const answers = await Promise.all(Array.from({ length: 110 }, read))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 429]))
  })

  test('limits the demo token too where that is asked for', async () => {
    const clock = new TestClock()
    await using server = await startServer({ port: 0, dataDir, clock, rateLimits: 'pinterest' })
    expect(await statusesOf(server.url, clock, accessToken, 105)).toEqual(new Set([201, 429]))
  })

  test("limits the demo token by the app's own limits, where there are any", async () => {
    const clock = new TestClock()
    await using server = await startServer({ port: 0, dataDir, clock })
    const change = (limits: object | null) =>
      fetch(`${server.url}/_pinfold/apps/${appId}`, {
        method: 'PATCH',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ limits }),
      })
    expect((await change({ org_write: { limit: 2, window_seconds: 60 } })).status).toBe(200)
    expect(await statusesOf(server.url, clock, accessToken, 3)).toEqual(new Set([201, 429]))
    expect((await change(null)).status).toBe(200)
    expect(await statusesOf(server.url, clock, accessToken, 3)).toEqual(new Set([201]))
  })
})
