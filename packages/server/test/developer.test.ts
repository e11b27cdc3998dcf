import { mostOwnApps, mostOwnTokens } from '@pinfold/contract'
import { databases } from '@pinfold/test-support/databases'
import { ownServer, proxiedServer } from '@pinfold/test-support/own-server'
import { otherApp, people, type TestServer, testApp } from '@pinfold/test-support/server'
import { newVisitor } from '@pinfold/test-support/visitor'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'

const day = 86_400_000

/** Signs somebody in, in a browser of their own, at the server or at the address that leads to it. */
async function signedIn(
  server: TestServer,
  person: { username: string; password: string } = people.alice,
  at = server.url,
) {
  const visitor = newVisitor(at)
  expect((await visitor.signIn(person)).status).toBe(303)
  const headers = {
    cookie: `pinfold_session=${visitor.cookie('pinfold_session')}`,
    'x-pinfold-app': '1',
    'sec-fetch-site': 'same-origin',
  }
  return (method: string, path: string, json?: unknown, more: Record<string, string> = {}) =>
    server.request(method, `${at}/_pinfold/developer${path}`, {
      token: null,
      headers: { ...headers, ...more },
      ...(json !== undefined && { json }),
    })
}

const basic = (id: string, secret: string) => `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`

describe.each(databases)('the apps and tokens that people make, on $name', ({ open }) => {
  let server: TestServer
  let alice: Awaited<ReturnType<typeof signedIn>>
  let bob: typeof alice

  beforeEach(async () => {
    const { discard, ...database } = await open()
    onTestFinished(discard)
    server = await ownServer(database)
    alice = await signedIn(server)
    bob = await signedIn(server, people.bob)
  })

  const appToken = (id: string, secret: string) =>
    server.request('POST', '/oauth/token', {
      token: null,
      headers: { authorization: basic(id, secret) },
      form: { grant_type: 'client_credentials', scope: 'boards:read' },
    })

  test('an app is made, tells its secret once, is changed, gets another secret, and goes with its tokens', async () => {
    const made = await bob('POST', '/apps', {
      name: ' Look book ',
      redirect_uris: ['https://look.example/callback'],
      loopback_redirects: true,
    })
    expect(made.status).toBe(201)
    const { app, secret } = made.body
    expect(app).toMatchObject({ name: 'Look book', tier: 'standard', features: null, connected_accounts: 0 })
    const { access_token: token } = (await appToken(app.id, secret)).body
    expect((await server.get('/boards', { token })).status).toBe(200)

    const listed = await bob('GET', '/apps')
    expect(listed.body).toMatchObject({ may_approve: true, bookmark: null })
    expect(listed.body.items.map(({ name }: { name: string }) => name)).toEqual(['Look book', 'Other app'])
    expect(listed.body.items.map((one: { connected_accounts: number }) => one.connected_accounts)).toEqual([1, 0])
    expect(listed.text).not.toContain(secret)

    const changed = await bob('PATCH', `/apps/${app.id}`, { tier: 'trial', features: ['pin_search'] })
    expect(changed.body).toMatchObject({ name: 'Look book', tier: 'trial', features: ['pin_search'] })
    const uris = ['https://look.example/2', 'https://look.example/2']
    expect((await bob('PATCH', `/apps/${app.id}`, { redirect_uris: uris, features: null })).body).toMatchObject({
      ...{ redirect_uris: ['https://look.example/2'], loopback_redirects: true, features: null, tier: 'trial' },
    })

    const renewed = await bob('POST', `/apps/${app.id}/secret`)
    expect((await appToken(app.id, secret)).status).toBe(401)
    expect((await appToken(app.id, renewed.body.secret)).status).toBe(200)
    expect((await server.get('/boards', { token })).status).toBe(200)

    // The request log has none of them, in any part.
    const { items } = (await server.get('/_pinfold/requests?page_size=250')).body
    const logged = await Promise.all(items.map(({ id }: { id: string }) => server.get(`/_pinfold/requests/${id}`)))
    const told = logged.map(({ text }) => text).join('\n')
    expect(told).toContain('developer/rotate_secret')
    for (const one of [secret, renewed.body.secret, token]) expect(told).not.toContain(one)

    expect((await bob('DELETE', `/apps/${app.id}`)).status).toBe(204)
    expect((await server.get('/boards', { token })).status).toBe(401)
    expect((await appToken(app.id, renewed.body.secret)).status).toBe(401)
    expect((await bob('DELETE', `/apps/${app.id}`)).status).toBe(404)
  })

  test("another's app does not exist, and no token of an app makes one", async () => {
    const before = (await bob('GET', '/apps')).text
    const tries = [
      () => alice('PATCH', `/apps/${otherApp.id}`, { name: 'Mine now' }),
      () => alice('POST', `/apps/${otherApp.id}/secret`),
      () => alice('DELETE', `/apps/${otherApp.id}`),
      () => alice('POST', '/tokens', { app_id: otherApp.id, name: 'Theirs', scopes: ['boards:read'] }),
      () => alice('PATCH', '/apps/999999999', { name: 'Nobody’s' }),
    ]
    const answers = await Promise.all(tries.map((attempt) => attempt()))
    expect(answers.map(({ status, body }) => [status, body.message])).toEqual(tries.map(() => [404, 'App not found.']))
    expect((await bob('GET', '/apps')).text).toBe(before)
    expect((await appToken(otherApp.id, otherApp.secret)).status).toBe(200)

    for (const [method, path, json] of [
      ['GET', '/apps'],
      ['POST', '/apps', { name: 'By an app' }],
      ['GET', '/tokens'],
      ['POST', '/tokens', { app_id: testApp.id, name: 'More', scopes: ['boards:write'] }],
    ] as const)
      expect((await server.request(method, `/_pinfold/developer${path}`, json && { json })).status, path).toBe(403)
    // A page of another site brings the cookie along, and nothing else that is asked for.
    for (const headers of [{ 'sec-fetch-site': 'cross-site' }, { origin: 'https://evil.example' }])
      expect((await alice('POST', '/apps', { name: 'Forged' }, headers)).status).toBe(401)
    expect((await alice('GET', '/apps')).body.items).toHaveLength(2)
  })

  test('an app that cannot be is refused, and nothing of it is kept', async () => {
    const before = (await alice('GET', '/apps')).text
    for (const draft of [
      {},
      { name: '' },
      { name: '  ' },
      { name: 'x'.repeat(101) },
      { name: 'A', redirect_uris: ['no address'] },
      { name: 'A', redirect_uris: ['https://a.example/#part'] },
      { name: 'A', redirect_uris: ['https://a.example/?code=1'] },
      { name: 'A', redirect_uris: Array.from({ length: 21 }, (_, i) => `https://a.example/${i}`) },
      { name: 'A', tier: 'gold' },
      { name: 'A', features: ['fly'] },
      { name: 'A', secret: 'of my own' },
    ])
      expect((await alice('POST', '/apps', draft)).status, JSON.stringify(draft)).toBe(400)
    expect((await alice('PATCH', `/apps/${testApp.id}`, { name: 'B', redirect_uris: ['nowhere'] })).status).toBe(400)
    expect((await alice('GET', '/apps')).text).toBe(before)
  })

  test('a token is made for oneself, works with its scopes alone, is told once, ends, and is revoked', async () => {
    const scopes = ['boards:read', 'pins:read']
    const made = await alice('POST', '/tokens', { app_id: testApp.id, name: 'Nightly', scopes, days: 7 })
    expect(made.status).toBe(201)
    const { access_token: token, token: shown } = made.body
    expect(shown).toMatchObject({ name: 'Nightly', app: { id: testApp.id, name: 'Test app' }, scopes })
    expect(token.endsWith(shown.ending)).toBe(true)
    expect((await server.get('/boards', { token })).status).toBe(200)
    expect((await server.post('/boards', { name: 'No' }, { token })).body.code).toBe(3)

    const second = (await alice('POST', '/tokens', { app_id: testApp.id, name: 'Second', scopes })).body
    const names = async (by = alice) =>
      (await by('GET', '/tokens')).body.items.map(({ name }: { name: string }) => name)
    expect(await names()).toEqual(['Second', 'Nightly'])
    expect(await names(bob)).toEqual([])
    const page = await alice('GET', '/tokens?page_size=1')
    const rest = await alice('GET', `/tokens?page_size=1&bookmark=${page.body.bookmark}`)
    expect([rest.body.items, rest.body.bookmark]).toMatchObject([[{ name: 'Nightly' }], null])
    expect(page.text).not.toContain(second.access_token)

    // Neither another account nor the number of a token that an app got revokes anything.
    expect((await bob('DELETE', `/tokens/${second.token.id}`)).status).toBe(204)
    expect((await server.get('/boards', { token: second.access_token })).status).toBe(200)
    expect((await alice('DELETE', `/tokens/${second.token.id}`)).status).toBe(204)
    expect((await server.get('/boards', { token: second.access_token })).status).toBe(401)

    server.clock.advance(7 * day)
    expect((await server.get('/boards', { token })).status).toBe(401)
    expect(await names()).toEqual([])
    for (const draft of [
      { app_id: testApp.id, name: 'A', scopes: [] },
      { app_id: testApp.id, name: 'A', scopes: ['boards:eat'] },
      { app_id: testApp.id, name: ' ', scopes },
      { app_id: testApp.id, name: 'A', scopes, days: 366 },
      { app_id: 'none', name: 'A', scopes },
    ])
      expect((await alice('POST', '/tokens', draft)).status, JSON.stringify(draft)).toBe(400)
  })

  test('there are as many apps and tokens as may be, however many are asked for at once', async () => {
    const statuses = async (count: number, ask: (n: number) => Promise<{ status: number }>) => {
      const answers = await Promise.all(Array.from({ length: count }, (_, n) => ask(n)))
      return answers.filter(({ status }) => status === 201).length
    }
    expect(await statuses(mostOwnApps + 3, (n) => alice('POST', '/apps', { name: `App ${n}` }))).toBe(mostOwnApps - 2)
    expect((await alice('POST', '/apps', { name: 'One more' })).body.message).toContain('Delete one')
    const token = { app_id: testApp.id, name: 'Token', scopes: ['boards:read'] }
    expect(await statuses(mostOwnTokens + 3, () => alice('POST', '/tokens', token))).toBe(mostOwnTokens)
    expect((await bob('POST', '/apps', { name: 'Bob has room' })).status).toBe(201)
  })
})

test('where others reach the server, an app begins on trial, and its owner does not raise it', async () => {
  const server = await proxiedServer('https://pinfold.example')
  const origin = { origin: 'https://pinfold.example' }
  const send = await signedIn(server, people.bob, server.local)
  const made = await send('POST', '/apps', { name: 'Hopeful' }, origin)
  expect(made.body.app).toMatchObject({ tier: 'trial', features: null })
  expect((await send('GET', '/apps')).body.may_approve).toBe(false)
  for (const change of [{ tier: 'standard' }, { features: ['pin_edit'] }, { name: 'Free', tier: 'trial' }]) {
    expect((await send('PATCH', `/apps/${made.body.app.id}`, change, origin)).status).toBe(403)
    expect((await send('POST', '/apps', { name: 'Another', ...change }, origin)).status).toBe(403)
  }
  expect((await send('GET', '/apps')).body.items.map(({ name }: { name: string }) => name)).toEqual([
    'Hopeful',
    'Other app',
  ])
})

test('with a control token, nobody raises an app without it', async () => {
  const server = await ownServer({ controlToken: 'control-token-of-the-tests' })
  const send = await signedIn(server)
  expect((await send('POST', '/apps', { name: 'Hopeful' })).body.app.tier).toBe('trial')
  expect((await send('PATCH', `/apps/${testApp.id}`, { features: ['pin_edit'] })).status).toBe(403)
})
