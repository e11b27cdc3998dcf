import { databases } from '@pinfold/test-support/databases'
import { ownServer } from '@pinfold/test-support/own-server'
import { base64Source } from '@pinfold/test-support/pictures'
import { otherApp, people, type TestServer, testApp, trialApp } from '@pinfold/test-support/server'
import { expect, onTestFinished, test } from 'vitest'

const bob = { token: people.bob.token }
const trial = { token: trialApp.token }
const set = (server: TestServer, change: object, id: string = testApp.id) =>
  server.patch(`/_pinfold/apps/${id}`, change, { token: null })

test.each(databases)('an app is set to trial, and works again when it is set back, on $name', async ({ open }) => {
  const { discard, ...database } = await open()
  onTestFinished(discard)
  const server = await ownServer(database)
  const board = (await server.post('/boards', { name: 'Cups' })).body.id
  const source = await base64Source(1)
  const pin = () => server.post('/pins', { board_id: board, media_source: source })
  const made = (await pin()).body.id
  const edit = () => server.patch(`/pins/${made}`, { title: 'A cup' })
  expect((await edit()).status).toBe(200)

  const changed = await set(server, { tier: 'trial' })
  expect([changed.status, changed.body]).toEqual([
    200,
    {
      ...{ id: testApp.id, name: expect.any(String), owner: 'alice', tier: 'trial', features: [] },
      ...{ features_of_tier: true, limits: null },
    },
  ])
  const refused = await pin()
  expect([refused.status, refused.body]).toEqual([
    403,
    { code: 29, message: expect.stringContaining('Trial access may not create Pins') },
  ])
  expect((await edit()).body).toMatchObject({ code: 3, message: expect.stringContaining('pin_edit') })
  expect((await server.get('/boards')).status).toBe(200)

  // A feature may be opened before the tier is.
  expect((await set(server, { features: ['pin_edit'] })).body).toMatchObject({ tier: 'trial', features: ['pin_edit'] })
  expect((await edit()).status).toBe(200)
  expect((await pin()).status).toBe(403)
  const back = await set(server, { tier: 'standard', features: null })
  expect(back.body).toMatchObject({ tier: 'standard', features_of_tier: true })
  expect(back.body.features).toContain('pin_search')
  expect((await pin()).status).toBe(201)
  expect((await set(server, { features: [] })).body.features).toEqual([])
  expect((await edit()).status).toBe(401)
})

test.each(databases)('an app with limits of its own has these, and no other app, on $name', async ({ open }) => {
  const { discard, ...database } = await open()
  onTestFinished(discard)
  // The server has no limits; the app has all the same.
  const server = await ownServer(database)
  const limits = { org_read: { limit: 2, window_seconds: 60 } }
  expect((await set(server, { limits })).body).toMatchObject({ tier: 'standard', limits })
  server.clock.advance(60_000 - (server.clock.now() % 60_000) + 20_000)
  const shown = ({ status, headers }: Awaited<ReturnType<typeof server.get>>) => [
    status,
    ...['limit', 'remaining', 'reset'].map((name) => headers.get(`x-ratelimit-${name}`)),
    headers.get('retry-after'),
  ]
  const window = '2, 2;w=60;name="org_read_app_id_user_id"'
  expect(shown(await server.get('/boards'))).toEqual([200, window, '1', '40', null])
  expect(shown(await server.get('/boards'))).toEqual([200, window, '0', '40', null])
  const refused = await server.get('/user_account')
  expect(shown(refused)).toEqual([429, window, '0', '40', '40'])
  expect(refused.body).toMatchObject({ code: 8, message: expect.stringContaining('2 requests per 60 s') })
  // Each account of the app has as many; other apps, and other categories, are as they were.
  expect(shown(await server.get('/boards', bob))).toEqual([200, window, '1', '40', null])
  for (let i = 0; i < 4; i++) expect(shown(await server.get('/boards', trial))).toEqual([200, null, null, null, null])
  expect(shown(await server.post('/boards', { name: 'Cups' }))).toEqual([201, null, null, null, null])
  server.clock.advance(40_000)
  expect((await server.get('/boards')).status).toBe(200)

  // Others are counted from when they are set; without any, the server's hold.
  const universal = { universal: { limit: 1, window_seconds: 10 } }
  await set(server, { limits: universal })
  expect(shown(await server.get('/boards'))[1]).toBe('1, 1;w=10;name="safety_net_app_id_user_id"')
  expect((await server.post('/boards', { name: 'Plates' })).status).toBe(429)
  expect((await set(server, { limits: null })).body.limits).toBeNull()
  expect(shown(await server.post('/boards', { name: 'Plates' }))).toEqual([201, null, null, null, null])
})

test("an app's own limits stand beside those of the server, and count all accounts on the tier trial", async () => {
  const server = await ownServer({ rateLimits: 'pinterest' })
  await set(server, { limits: { org_write: { limit: 1, window_seconds: 3600 } } }, trialApp.id)
  expect((await server.post('/boards', { name: 'Cups' }, trial)).headers.get('x-ratelimit-limit')).toBe(
    '1, 100;w=1;name="safety_net_app_id_user_id", 1;w=3600;name="org_write_trial_app_id"',
  )
  expect((await server.post('/boards', { name: 'Plates' }, trial)).status).toBe(429)
  expect((await server.get('/boards', trial)).headers.get('x-ratelimit-limit')).toContain('1000;w=86400')

  // What an app asks for with its secret counts too.
  await set(server, { limits: { org_read: { limit: 1, window_seconds: 3600 } } })
  const headers = { authorization: `Basic ${Buffer.from(`${testApp.id}:${testApp.secret}`).toString('base64')}` }
  const form = { grant_type: 'refresh_token', refresh_token: people.alice.refresh }
  const renew = () => server.request('POST', '/oauth/token', { token: null, headers, form })
  expect([(await renew()).status, (await renew()).status]).toEqual([200, 429])
})

test('the apps are listed, and a change that makes no sense is refused and changes nothing', async () => {
  const server = await ownServer()
  const first = (await server.get('/_pinfold/apps?page_size=2', { token: null })).body
  expect(first.items.map(({ id }: { id: string }) => id)).toEqual([testApp.id, otherApp.id])
  const second = (await server.get(`/_pinfold/apps?page_size=2&bookmark=${first.bookmark}`)).body
  expect(second).toMatchObject({ items: [{ id: trialApp.id, tier: 'trial' }], bookmark: null })
  expect(JSON.stringify([first, second])).not.toContain('secret')
  expect((await server.get('/_pinfold/apps?bookmark=made-up')).status).toBe(400)

  const limits = (limit: unknown, name = 'org_read') => ({ limits: { [name]: limit } })
  const refusals: [unknown, string][] = [
    [{ tier: 'gold' }, 'tier'],
    [{ tier: null }, 'tier'],
    [{ features: ['time_travel'] }, 'features'],
    [{ features: ['pin_edit', 'pin_edit'] }, 'features'],
    [{ features: 'pin_edit' }, 'features'],
    [limits({ limit: 0, window_seconds: 60 }), 'limit'],
    [limits({ limit: 1.5, window_seconds: 60 }), 'limit'],
    [limits({ limit: 1, window_seconds: 0 }), 'window_seconds'],
    [limits({ limit: 1, window_seconds: 1e9 }), 'window_seconds'],
    [limits({ limit: 1 }), 'window_seconds'],
    [limits(5), 'limits'],
    [limits({ limit: 1, window_seconds: 1 }, 'org_paint'), 'org_paint'],
    [{ secret: 'guess' }, 'secret'],
    [[], 'object'],
  ]
  for (const [change, what] of refusals) {
    const { status, body } = await server.patch(`/_pinfold/apps/${testApp.id}`, change)
    expect([status, body.message], JSON.stringify(change)).toEqual([400, expect.stringContaining(what)])
  }
  for (const id of ['77', '99999999999999999999'])
    expect((await set(server, { tier: 'trial' }, id)).body).toEqual({ code: 404, message: 'App not found.' })
  expect((await set(server, { tier: 'trial' }, 'me')).status).toBe(400)
  expect((await server.get('/_pinfold/apps?page_size=2')).body).toEqual(first)
})
