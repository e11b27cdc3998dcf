import { request } from 'node:http'
import { operations } from '@pinfold/contract'
import { databases } from '@pinfold/test-support/databases'
import { ownServer, proxiedServer } from '@pinfold/test-support/own-server'
import { people, testApp } from '@pinfold/test-support/server'
import { expect, onTestFinished, test } from 'vitest'

const control = operations.filter(({ auth }) => auth.by === 'control')
const day = 86_400_000
const controlToken = 'control-token-of-the-tests'

/** Sends a request with headers that `fetch` does not let one set, and returns the status of the answer. */
const statusOf = (url: string, method: string, headers: Record<string, string>) =>
  new Promise<number>((resolve, reject) => {
    const sent = request(url, { method, headers }, (answer) => resolve(answer.resume().statusCode ?? 0))
    sent.on('error', reject).end()
  })

test.each(databases)('the clock is moved, stands still, and follows the machine again, on $name', async ({ open }) => {
  const { discard, ...database } = await open()
  onTestFinished(discard)
  const server = await ownServer(database)
  const started = server.clock.now()
  expect((await server.get('/_pinfold/clock', { token: null })).body).toEqual({
    now: new Date(started).toISOString(),
    runs: true,
    ahead_ms: 0,
  })

  const stopped = await server.request('PUT', '/_pinfold/clock', { json: { now: '2027-01-01T00:00:00Z', runs: false } })
  expect(stopped.body).toMatchObject({ now: '2027-01-01T00:00:00.000Z', runs: false })
  server.clock.advance(day)
  expect((await server.get('/_pinfold/clock')).body.now).toBe('2027-01-01T00:00:00.000Z')
  const board = await server.post('/boards', { name: 'In the future' })
  expect(board.body.created_at).toBe('2027-01-01T00:00:00')

  const advanced = await server.post('/_pinfold/clock/advance', { by: '31d' })
  expect(advanced.body).toMatchObject({ now: '2027-02-01T00:00:00.000Z', runs: false })
  const running = await server.request('PUT', '/_pinfold/clock', { json: { now: '2027-03-01T00:00:00' } })
  expect(running.body).toMatchObject({ now: '2027-03-01T00:00:00.000Z', runs: true })
  server.clock.advance(day)
  expect((await server.get('/_pinfold/clock')).body.now).toBe('2027-03-02T00:00:00.000Z')
  const resumed = await server.request('PUT', '/_pinfold/clock', { json: {} })
  expect(resumed.body).toEqual({ now: new Date(started + 2 * day).toISOString(), runs: true, ahead_ms: 0 })
})

test('an access token expires when the clock is advanced', async () => {
  const server = await ownServer()
  const basic = `Basic ${Buffer.from(`${testApp.id}:${testApp.secret}`).toString('base64')}`
  const renewed = await server.request('POST', '/oauth/token', {
    token: null,
    headers: { authorization: basic },
    form: { grant_type: 'refresh_token', refresh_token: people.alice.refresh },
  })
  const { access_token: token } = renewed.body
  expect((await server.get('/user_account', { token })).status).toBe(200)
  await server.post('/_pinfold/clock/advance', { by: '31d' })
  expect((await server.get('/user_account', { token })).body).toMatchObject({ code: 2 })
})

test('a fault happens to the requests that it is meant for, as often as it was asked for', async () => {
  const server = await ownServer()
  const added = await server.post('/_pinfold/faults', {
    operation: 'boards/create',
    account: 'alice',
    after: 1,
    times: 2,
    effect: 'error',
    error: 'rateLimited',
    retry_after: 7,
  })
  expect([added.status, added.body]).toEqual([201, expect.objectContaining({ id: '1', matched: 0, happened: 0 })])

  const create = (name: string, token: string = people.alice.token) => server.post('/boards', { name }, { token })
  expect((await create('First')).status).toBe(201)
  expect((await create("Bob's", people.bob.token)).status).toBe(201)
  const second = await create('Second')
  expect([second.status, second.headers.get('retry-after')]).toEqual([429, '7'])
  expect(second.body).toMatchObject({ code: 8, message: expect.stringContaining('fault 1') })
  expect((await create('Second')).status).toBe(429)
  expect((await create('Second')).status).toBe(201)
  expect((await server.get('/boards')).body.items.map(({ name }: { name: string }) => name).toSorted()).toEqual([
    'First',
    'Second',
  ])
  expect((await server.get('/_pinfold/faults')).body.items).toEqual([
    expect.objectContaining({ operation: 'boards/create', matched: 4, happened: 2 }),
  ])

  // The first that matches happens; all are replaced at once, and removed at once.
  const replaced = await server.request('PUT', '/_pinfold/faults', {
    json: { items: [{ effect: 'error', account: 'alice', error: 'forbidden' }, { effect: 'error' }] },
  })
  expect(replaced.body.items.map(({ id }: { id: string }) => id)).toEqual(['2', '3'])
  expect((await server.get('/boards')).status).toBe(403)
  expect((await server.get('/boards', { token: people.bob.token })).status).toBe(503)
  expect((await server.delete('/_pinfold/faults')).status).toBe(204)
  expect((await server.get('/boards')).status).toBe(200)
})

test('the work is done before an answer is lost or cut, and not done before a connection is reset', async () => {
  const server = await ownServer()
  const names = async () =>
    (await server.get('/boards')).body.items.map(({ name }: { name: string }) => name).toSorted()
  const once = (effect: string) =>
    server.request('PUT', '/_pinfold/faults', { json: { items: [{ operation: 'boards/create', effect, times: 1 }] } })

  await once('lost_response')
  await expect(server.post('/boards', { name: 'Lost' })).rejects.toThrow()
  expect(await names()).toEqual(['Lost'])
  await once('truncate')
  await expect(server.post('/boards', { name: 'Cut' })).rejects.toThrow()
  expect(await names()).toEqual(['Cut', 'Lost'])
  await once('reset')
  await expect(server.post('/boards', { name: 'Reset' })).rejects.toThrow()
  expect(await names()).toEqual(['Cut', 'Lost'])

  // What nobody waits for any more is let go with the fault, and nothing of it is done.
  await once('timeout')
  const held = server.post('/boards', { name: 'Held' }).catch(() => 'no answer')
  await expect.poll(async () => (await server.get('/_pinfold/faults')).body.items[0].happened).toBe(1)
  await server.delete('/_pinfold/faults')
  expect(await held).toBe('no answer')
  expect(await names()).toEqual(['Cut', 'Lost'])

  await server.post('/_pinfold/faults', { effect: 'latency', latency_ms: 40 })
  const begun = performance.now()
  expect((await server.get('/user_account')).status).toBe(200)
  expect(performance.now() - begun).toBeGreaterThan(35)
})

test('a fault that makes no sense is refused, and there may be a thousand', async () => {
  const server = await ownServer()
  const refusals: [object, string][] = [
    [{}, 'effect'],
    [{ effect: 'explode' }, 'effect'],
    [{ effect: 'error', operation: 'pins/paint' }, 'no operation pins/paint'],
    [{ effect: 'error', operation: 'control/clear_faults' }, 'no operation'],
    [{ effect: 'error', error: 'noSuchError' }, 'error'],
    [{ effect: 'reset', error: 'forbidden' }, 'effect error'],
    [{ effect: 'error', latency_ms: 5 }, 'effect latency'],
    [{ effect: 'error', probability: 1.5 }, 'probability'],
    [{ effect: 'error', times: 0 }, 'times'],
    [{ effect: 'error', unknown: 1 }, 'unknown'],
  ]
  for (const [fault, what] of refusals) {
    const { status, body } = await server.post('/_pinfold/faults', fault)
    expect([status, body.message], JSON.stringify(fault)).toEqual([400, expect.stringContaining(what)])
  }
  for (const [path, json] of [
    ['/_pinfold/clock/advance', { by: 'soon' }],
    ['/_pinfold/clock/advance', {}],
    ['/_pinfold/clock/advance', { by: '-1d' }],
  ] as const)
    expect((await server.post(path, json)).status).toBe(400)
  for (const now of ['yesterday', '2026-13-45T00:00:00Z', 7])
    expect((await server.request('PUT', '/_pinfold/clock', { json: { now } })).status).toBe(400)

  const fault = { effect: 'error', operation: 'pins/create' }
  const full = await server.request('PUT', '/_pinfold/faults', { json: { items: Array(1000).fill(fault) } })
  expect(full.body.items).toHaveLength(1000)
  expect((await server.post('/_pinfold/faults', fault)).status).toBe(400)
  const many = await server.request('PUT', '/_pinfold/faults', { json: { items: Array(1001).fill(fault) } })
  expect(many.status).toBe(400)
  expect((await server.get('/_pinfold/faults')).body.items).toHaveLength(1000)
})

test('only programs on the same machine control a server without a token', async () => {
  const server = await ownServer()
  for (const { method, path } of control) {
    const url = `${server.url}/_pinfold${path}`
    const asked = (headers: Record<string, string>) => statusOf(url, method, headers)
    const host = { host: new URL(server.url).host }
    expect(await asked({ ...host, 'x-forwarded-for': '203.0.113.9' }), path).toBe(403)
    expect(await asked({ ...host, forwarded: 'for=203.0.113.9' }), path).toBe(403)
    expect(await asked({ ...host, 'sec-fetch-site': 'cross-site' }), path).toBe(403)
    expect(await asked({ ...host, origin: 'https://elsewhere.example' }), path).toBe(403)
    expect(await asked({ host: 'elsewhere.example' }), path).toBeGreaterThanOrEqual(400)
  }
  const { local } = await proxiedServer('https://pins.example.com')
  for (const { method, path } of control) expect(await statusOf(`${local}/_pinfold${path}`, method, {}), path).toBe(403)
})

test('with a control token, only who has it controls the server, and guessing is slowed down', async () => {
  const server = await proxiedServer('https://pins.example.com', { controlToken })
  const clock = `${server.local}/_pinfold/clock`
  for (const { method, path } of control) {
    // A guess a second is free, and there are more controls than guesses at once.
    server.clock.advance(1000)
    const { status } = await server.request(method, `${server.local}/_pinfold${path}`, { token: null })
    expect(status, path).toBe(401)
    server.clock.advance(1000)
  }
  expect((await server.get(clock, { token: controlToken })).status).toBe(200)
  for (let i = 0; i < 20; i++) await server.get(clock, { token: `guess-${i}` })
  expect((await server.get(clock, { token: 'one more guess' })).status).toBe(429)
  server.clock.advance(60_000)
  expect((await server.get(clock, { token: people.alice.token })).status).toBe(401)
  expect((await server.get(clock, { token: controlToken })).status).toBe(200)
  await expect(ownServer({ controlToken: 'short' })).rejects.toThrow('16 characters')
})
