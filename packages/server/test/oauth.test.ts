import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { allScopes, type Operation, operations } from '@pinfold/contract'
import { startServer } from '@pinfold/server'
import { ownServer, proxiedServer } from '@pinfold/test-support/own-server'
import { until } from '@pinfold/test-support/pace'
import { base64Source } from '@pinfold/test-support/pictures'
import {
  type Answer,
  allScopesBut,
  nodesOfServer,
  otherApp,
  people,
  seedFile,
  startTestServer,
  type TestServer,
  testApp,
  trialApp,
} from '@pinfold/test-support/server'
import { fieldsOf, newVisitor, type Page, type Visitor } from '@pinfold/test-support/visitor'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'

const minute = 60_000
const day = 24 * 60 * minute
const secretsFail = { code: 2, message: 'Authentication failed.', status: 'failure' }
const scopesFail =
  'Your token does not have sufficient permissions to perform this operation. ' +
  'Please ensure your token is authorized with the correct set of scopes.'

interface Credentials {
  id: string
  secret: string
  redirectUri?: string
}

/** Returns the address of the consent page. Parameters that are undefined are left out. */
function consentPath(parameters: Record<string, string | undefined> = {}): string {
  const all = {
    client_id: testApp.id,
    redirect_uri: testApp.redirectUri,
    response_type: 'code',
    scope: 'boards:read,pins:read',
    ...parameters,
  }
  const given = Object.entries(all).filter((pair): pair is [string, string] => pair[1] !== undefined)
  return `/oauth/?${given.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')}`
}

async function decide(visitor: Visitor, path: string, decision: 'approve' | 'deny'): Promise<string> {
  const sent = await visitor.submit(await visitor.open(path), '/oauth/', { decision })
  expect(sent.status).toBe(302)
  return sent.location ?? ''
}

/** Sends a form from one of the addresses of this machine. */
async function postFrom(localAddress: string, url: string, form: Record<string, string>): Promise<void> {
  const body = new URLSearchParams(form).toString()
  const headers = { 'content-type': 'application/x-www-form-urlencoded', 'content-length': body.length }
  const sent = request(url, { method: 'POST', localAddress, headers, agent: false })
  sent.end(body)
  const [answer] = await once(sent, 'response')
  answer.resume()
  await once(answer, 'end')
}

const signedInAt = new WeakMap<TestServer, Promise<Visitor>>()

/** Returns Alice, signed in: once for each server, because hashing a password is slow. */
function aliceAt(server: TestServer): Promise<Visitor> {
  const known = signedInAt.get(server)
  if (known) return known
  const alice = newVisitor(server.url)
  const signedIn = alice.signIn(people.alice).then(() => alice)
  signedInAt.set(server, signedIn)
  return signedIn
}

/** Gets a code, as Alice. */
async function codeFor(server: TestServer, parameters: Record<string, string | undefined> = {}): Promise<string> {
  const location = await decide(await aliceAt(server), consentPath(parameters), 'approve')
  return new URL(location).searchParams.get('code') ?? ''
}

/** Returns a seed file with Alice and an app of hers with the id 77 for each of `apps`. */
async function seedOf(apps: Record<string, unknown>[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pinfold-seed-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const { username, password } = people.alice
  const full = apps.map((app) => ({ id: '77', secret: 'secret-of-the-app', name: 'App', owner: username, ...app }))
  const file = join(folder, 'seed.json')
  await writeFile(file, JSON.stringify({ accounts: [{ username, password }], apps: full }))
  return file
}

const basic = ({ id, secret }: Credentials) => `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`

function asApp(server: TestServer, path: string, form: Record<string, string>, app: Credentials): Promise<Answer> {
  return server.request('POST', path, { token: null, form, headers: { authorization: basic(app) } })
}

const askToken = (server: TestServer, form: Record<string, string>, app: Credentials = testApp) =>
  asApp(server, '/oauth/token', form, app)

const revoke = (server: TestServer, token: string, app: Credentials = testApp) =>
  asApp(server, '/oauth/token/revoke', { token }, app)

const exchange = (server: TestServer, code: string, extra: Record<string, string> = {}, app: Credentials = testApp) =>
  askToken(
    server,
    { grant_type: 'authorization_code', code, redirect_uri: testApp.redirectUri, continuous_refresh: 'true', ...extra },
    app,
  )

const refresh = (
  server: TestServer,
  refreshToken: string,
  extra: Record<string, string> = {},
  app: Credentials = testApp,
) => askToken(server, { grant_type: 'refresh_token', refresh_token: refreshToken, ...extra }, app)

/** Returns the status of listing boards with a token: 200, or 401 if it is invalid. */
const uses = async (server: TestServer, token: string) => (await server.get('/boards', { token })).status

/** Returns the answer to an invalid code or refresh token; the header says why. */
function expectInvalidGrant(answer: Answer, why: string): void {
  expect([answer.status, answer.body]).toEqual([401, { code: 283, message: 'The authorization grant is invalid' }])
  expect(answer.headers.get('www-authenticate')).toContain('error="invalid_grant"')
  expect(answer.headers.get('www-authenticate')).toContain(why)
}

/** Returns the HTML page that says what is wrong: never a redirect. */
function expectRefusalPage(page: Page, says: RegExp | string, status = 400): void {
  expect([page.status, page.location, page.headers.get('content-type')]).toEqual([
    status,
    null,
    'text/html; charset=utf-8',
  ])
  expect(page.html).toMatch(says)
}

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})

describe('asking for access', () => {
  let alice: Visitor
  beforeAll(async () => {
    alice = await aliceAt(server)
  })

  test('shows who asks, for what, as whom, and where it leads', async () => {
    const page = await alice.open(consentPath({ scope: 'boards:read,pins:write_secret' }))
    expect(page.status).toBe(200)
    expect(page.html).toContain('Test app asks for access')
    expect(page.html).toContain('Signed in as <strong>alice</strong>')
    expect(page.html).toContain('See your public and protected boards')
    expect(page.html).toContain('Create, change and delete the Pins on your secret boards')
    expect(page.html).toContain(testApp.redirectUri)
  })

  test('asks who is not signed in to sign in first, and goes on from there', async () => {
    const visitor = newVisitor(server.url)
    const first = await visitor.open(consentPath({ state: 'kept' }))
    expect(first.html).toContain('<strong>Test app</strong> asks for access to your account.')
    const signedIn = await visitor.submit(first, '/oauth/sign-in', people.alice)
    expect([signedIn.status, signedIn.location?.startsWith('/oauth/?')]).toEqual([303, true])
    const location = await decide(visitor, signedIn.location ?? '', 'approve')
    expect(new URL(location).searchParams.get('state')).toBe('kept')
  })

  test('gives exactly ?code=X when no state was sent', async () => {
    const location = await decide(alice, consentPath(), 'approve')
    expect(location).toMatch(/^https:\/\/app\.example\/callback\?code=[^=&?]+$/)
  })

  test('echoes a state that was sent, whatever it holds', async () => {
    for (const state of ['simple', 'a b/=&?#', 'é✓ 日本', '"><script>', '']) {
      const location = await decide(alice, consentPath({ state }), 'approve')
      const { searchParams } = new URL(location)
      expect([searchParams.get('state'), [...searchParams.keys()]]).toEqual([state, ['code', 'state']])
    }
  })

  test('takes consumer_id, raw addresses and raw scopes, and ignores parameters it does not know', async () => {
    const raw = 'response_type=code&refreshable=True&extra=1&scope=boards:read,pins:read'
    for (const path of [
      `/oauth/?consumer_id=1001&redirect_uri=http://localhost:8085/?x=1&${raw}`,
      `/oauth/?client_id=1001&redirect_uri=${encodeURIComponent('http://localhost:8085/?x=1')}&${raw}`,
      `/oauth?client_id=1001&redirect_uri=http://localhost:8085/?x=1&${raw.replaceAll(',', '%2C').replaceAll(':', '%3A')}`,
    ]) {
      const location = await decide(alice, path, 'approve')
      expect(location).toMatch(/^http:\/\/localhost:8085\/\?x=1&code=[^=&?]+$/)
      const token = await exchange(server, new URL(location).searchParams.get('code') ?? '', {
        redirect_uri: 'http://localhost:8085/?x=1',
      })
      expect([token.status, token.body.scope]).toEqual([200, 'boards:read pins:read'])
    }
  })

  test('turned down says so to the app', async () => {
    expect(await decide(alice, consentPath({ state: 's 1' }), 'deny')).toBe(
      `${testApp.redirectUri}?error=access_denied&state=s%201`,
    )
    expect(await decide(alice, consentPath(), 'deny')).toBe(`${testApp.redirectUri}?error=access_denied`)
  })

  test('takes a decision that is not clearly yes for a no', async () => {
    const page = await alice.open(consentPath())
    const sent = await alice.submit(page, '/oauth/', { decision: undefined })
    expect(sent.location).toBe(`${testApp.redirectUri}?error=access_denied`)
  })

  test.each([
    ['an unknown app', consentPath({ client_id: '9999' }), /no app with the id &#39;9999&#39;/],
    ['an app id that is no number', consentPath({ client_id: '<b>' }), /no app with the id &#39;&lt;b&gt;&#39;/],
    ['no app', consentPath({ client_id: undefined }), /client_id&#39; is missing/],
    ['no redirect URI', consentPath({ redirect_uri: undefined }), /redirect_uri&#39; is missing/],
    ['an unregistered redirect URI', consentPath({ redirect_uri: 'https://evil.example/' }), /not registered/],
    ['more than the registered address', consentPath({ redirect_uri: `${testApp.redirectUri}/x` }), /not registered/],
    ['less than the registered address', consentPath({ redirect_uri: 'https://app.example/' }), /not registered/],
    [
      'a host that only begins like loopback',
      consentPath({ redirect_uri: 'http://localhost.evil/' }),
      /not registered/,
    ],
    ['a user part like loopback', consentPath({ redirect_uri: 'http://localhost@evil.example' }), /not registered/],
    ['a loopback address with a fragment', consentPath({ redirect_uri: 'http://localhost/#x' }), /not registered/],
    ['a script as address', consentPath({ redirect_uri: 'javascript:alert(1)' }), /not registered/],
    [
      'loopback at an app that has not asked for it',
      consentPath({ client_id: otherApp.id, redirect_uri: 'http://localhost:8085/' }),
      /not registered/,
    ],
    ['a second redirect URI', `${consentPath()}&redirect_uri=https://evil.example`, /given more than once/],
    ['a second app', `${consentPath()}&client_id=1002`, /given more than once/],
    ['a second state', `${consentPath({ state: 'a' })}&state=b`, /given more than once/],
    ['an endless state', consentPath({ state: 'x'.repeat(3000) }), /longer than/],
  ])('with %s ends on a page that leads nowhere', async (_, path, says) => {
    expectRefusalPage(await alice.open(path), says)
    const page = await alice.open(consentPath())
    const wrong = Object.fromEntries(new URL(path, server.url).searchParams)
    if (path.split('?')[1]?.split('&').length === Object.keys(wrong).length)
      expectRefusalPage(
        await alice.post('/oauth/', { ...wrong, csrf: fieldsOf(page.html, '/oauth/').csrf ?? '', decision: 'approve' }),
        says,
      )
  })

  test.each([
    ['another response type', { response_type: 'token' }, 'unsupported_response_type'],
    ['no response type', { response_type: undefined }, 'unsupported_response_type'],
    ['an unknown scope', { scope: 'boards:read,boards:paint' }, 'invalid_scope'],
    ['no scope', { scope: undefined }, 'invalid_scope'],
    [
      'an unknown method of PKCE',
      { code_challenge: 'a'.repeat(43), code_challenge_method: 'plain' },
      'invalid_request',
    ],
    ['no method of PKCE', { code_challenge: 'a'.repeat(43) }, 'invalid_request'],
    ['a short challenge', { code_challenge: 'a'.repeat(42), code_challenge_method: 'S256' }, 'invalid_request'],
  ])('with %s tells the app', async (_, parameters, error) => {
    const { status, location } = await alice.open(consentPath({ ...parameters, state: 'kept' }))
    expect([status, location?.startsWith(`${testApp.redirectUri}?`)]).toEqual([302, true])
    const { searchParams } = new URL(location ?? '')
    expect([searchParams.get('error'), searchParams.get('state'), searchParams.has('code')]).toEqual([
      error,
      'kept',
      false,
    ])
    expect(searchParams.get('error_description')).not.toBe('')
  })

  test.each([
    ['a fragment', `${testApp.redirectUri}#x`, 'a fragment'],
    ['an empty fragment', 'http://localhost/#', 'a fragment'],
    ['a backslash', 'http://localhost\\@evil.example/', 'a backslash'],
    ['a line break', 'http://localhost/\n', 'a control character'],
    ['a code', 'http://localhost/?code=x', '&#39;code&#39;'],
    ['an encoded code', 'http://localhost/?a=1&c%6fde=x', '&#39;code&#39;'],
    ['a state', 'http://localhost/?state=x', '&#39;state&#39;'],
  ])('with %s in the redirect URI leads nowhere (12.14)', async (_, uri, says) => {
    const page = await alice.open(consentPath({ redirect_uri: uri }))
    expectRefusalPage(page, 'not registered')
    expect(page.html).toContain(says)
  })

  test('takes a registered loopback address at any port, and else exactly as it is (12.14)', async () => {
    const own = await ownServer({
      seed: await seedOf([{ redirect_uris: ['http://127.0.0.1:7000/cb?a=1', 'https://app.example/cb'] }]),
    })
    const visitor = newVisitor(own.url)
    await visitor.signIn(people.alice)
    const statusOf = async (redirect_uri: string) =>
      (await visitor.open(consentPath({ client_id: '77', redirect_uri }))).status
    for (const uri of ['http://127.0.0.1:7000/cb?a=1', 'http://127.0.0.1:51234/cb?a=1', 'http://127.0.0.1/cb?a=1'])
      expect([uri, await statusOf(uri)]).toEqual([uri, 200])
    for (const uri of [
      'http://127.0.0.1:7000/cb?a=2',
      'http://127.0.0.1:7000/cb',
      'https://127.0.0.1:7000/cb?a=1',
      'http://localhost:7000/cb?a=1',
      'http://127.0.0.1:7000@evil.example/cb?a=1',
      'https://app.example:444/cb',
      'https://APP.example/cb',
      'https://app.example/%63b',
    ])
      expect([uri, await statusOf(uri)]).toEqual([uri, 400])
  })

  test('sends on with an answer that nobody keeps or tells on (12.14)', async () => {
    const answers = [
      await alice.submit(await alice.open(consentPath()), '/oauth/', { decision: 'approve' }),
      await alice.submit(await alice.open(consentPath()), '/oauth/', { decision: 'deny' }),
      await alice.open(consentPath({ response_type: 'token' })),
    ]
    for (const { status, headers } of answers)
      expect([status, headers.get('cache-control'), headers.get('referrer-policy')]).toEqual([
        302,
        'no-store',
        'no-referrer',
      ])
  })

  test('takes any loopback address from an app that asked for it', async () => {
    for (const uri of ['http://localhost:8085/', 'http://127.0.0.1:1/x?y=1', 'http://[::1]:9/', 'https://localhost/']) {
      const location = await decide(alice, consentPath({ redirect_uri: uri }), 'approve')
      expect(location.startsWith(`${uri}${uri.includes('?') ? '&' : '?'}code=`)).toBe(true)
    }
  })
})

describe('forgery', () => {
  let alice: Visitor
  let page: Page
  beforeAll(async () => {
    alice = await aliceAt(server)
    page = await alice.open(consentPath())
  })

  test('fails without the token of the session', async () => {
    const bob = newVisitor(server.url)
    await bob.signIn(people.bob)
    const bobs = fieldsOf((await bob.open(consentPath())).html, '/oauth/').csrf
    for (const csrf of [undefined, '', 'x', 'x'.repeat(43), bobs]) {
      const sent = await alice.submit(page, '/oauth/', { decision: 'approve', csrf })
      expectRefusalPage(sent, 'That did not come from here', 403)
    }
  })

  test('fails from a page elsewhere, even with the token', async () => {
    const form = { ...fieldsOf(page.html, '/oauth/'), decision: 'approve' }
    for (const headers of [{ origin: 'https://evil.example' }, { origin: 'null' }])
      expectRefusalPage(await alice.post('/oauth/', form, headers), 'That did not come from here', 403)
    expect((await alice.post('/oauth/', form)).status).toBe(302)
  })

  test('of sign-in and sign-up fails from a page elsewhere', async () => {
    const visitor = newVisitor(server.url)
    const elsewhere = { origin: 'https://evil.example' }
    expect((await visitor.post('/oauth/sign-in', { ...people.alice }, elsewhere)).status).toBe(403)
    const account = { username: 'forged', password: 'forged-password' }
    expect((await visitor.post('/oauth/sign-up', account, elsewhere)).status).toBe(403)
    expect(visitor.cookie('pinfold_session')).toBe(undefined)
  })

  test('of sign-out fails', async () => {
    expect((await alice.post('/oauth/sign-out', {})).status).toBe(403)
    expect((await alice.open('/oauth/sign-in')).html).toContain('You are signed in as')
  })

  test('fails behind a proxy that changes the host, where honest forms pass', async () => {
    const { local } = await proxiedServer('https://pins.example.com/')
    const visitor = newVisitor(local)
    const honest = await visitor.post('/oauth/sign-in', { ...people.alice }, { origin: 'https://pins.example.com' })
    expect(honest.status).toBe(303)
    const forged = await visitor.post('/oauth/sign-in', { ...people.alice }, { origin: 'http://pins.example.com' })
    expect(forged.status).toBe(403)
  })

  test('by a form without a session gets to sign in', async () => {
    const sent = await newVisitor(server.url).submit(page, '/oauth/', { decision: 'approve' })
    expect([sent.status, sent.location?.startsWith('/oauth/?')]).toEqual([303, true])
  })
})

describe('signing in', () => {
  test('sets a cookie that scripts and other sites do not get, and that ends with sign-out', async () => {
    const visitor = newVisitor(server.url)
    const signedIn = await visitor.signIn(people.alice)
    const [cookie = ''] = signedIn.headers.getSetCookie()
    const [, ...flags] = cookie.split('; ')
    expect(flags.sort()).toEqual(['HttpOnly', `Max-Age=${14 * 24 * 60 * 60}`, 'Path=/', 'SameSite=Lax'])

    const home = await visitor.open('/oauth/sign-in')
    expect(home.html).toContain('You are signed in as <strong>alice</strong>')
    const session = visitor.cookie('pinfold_session') ?? ''
    const signedOut = await visitor.submit(home, '/oauth/sign-out')
    expect([signedOut.status, signedOut.location]).toEqual([303, '/oauth/sign-in'])
    expect(visitor.cookie('pinfold_session')).toBe(undefined)
    const replayed = await visitor.open('/oauth/sign-in', { cookie: `pinfold_session=${session}` })
    expect(replayed.html).not.toContain('You are signed in')
  })

  test('sets a cookie for https alone where the server is reached by https', async () => {
    const { local } = await proxiedServer('https://pins.example.com')
    const [cookie] = (await newVisitor(local).signIn(people.alice)).headers.getSetCookie()
    expect(cookie).toContain('; Secure')
  })

  test('is good for two weeks', async () => {
    const own = await ownServer()
    const visitor = newVisitor(own.url)
    await visitor.signIn(people.alice)
    own.clock.advance(14 * day - 1000)
    expect((await visitor.open('/oauth/sign-in')).html).toContain('You are signed in')
    own.clock.advance(1000)
    expect((await visitor.open('/oauth/sign-in')).html).not.toContain('You are signed in')
  })

  test('works whatever the case of the name, and for whoever stays signed in elsewhere', async () => {
    const [one, two] = [newVisitor(server.url), newVisitor(server.url)]
    expect((await one.signIn({ ...people.alice, username: ' ALICE ' })).status).toBe(303)
    await two.signIn(people.alice)
    await two.submit(await two.open('/oauth/sign-in'), '/oauth/sign-out')
    expect((await one.open('/oauth/sign-in')).html).toContain('You are signed in as <strong>alice</strong>')
  })

  test('with a wrong password or name says no more than that', async () => {
    const visitor = newVisitor(server.url)
    const wrong = await visitor.signIn({ username: 'alice', password: 'not-hers' })
    const nobody = await visitor.signIn({ username: 'nobody', password: 'not-hers' })
    expect([wrong.status, nobody.status]).toEqual([401, 401])
    expect(wrong.html).toContain('The username or the password is not right.')
    expect(nobody.html).toBe(wrong.html.replace('value="alice"', 'value="nobody"'))
    expect(visitor.cookie('pinfold_session')).toBe(undefined)
  })

  test('sends on to pages of this server only', async () => {
    const visitor = newVisitor(server.url)
    for (const elsewhere of [
      '//evil.example',
      '/\\evil.example',
      'https://evil.example',
      'evil',
      'javascript:alert(1)',
      '/\n/evil.example',
      '/\t/evil.example',
      '',
    ]) {
      const page = await visitor.open(`/oauth/sign-in?return_to=${encodeURIComponent(elsewhere)}`)
      expect(fieldsOf(page.html, '/oauth/sign-in').return_to).toBe('/oauth/sign-in')
      const form = { ...people.alice, return_to: elsewhere }
      expect((await newVisitor(server.url).post('/oauth/sign-in', form)).location).toBe('/oauth/sign-in')
      const page2 = await visitor.open(`/oauth/sign-up?return_to=${encodeURIComponent(elsewhere)}`)
      expect(fieldsOf(page2.html, '/oauth/sign-up').return_to).toBe('/oauth/sign-in')
      expect((await visitor.post('/oauth/sign-out', { return_to: elsewhere })).location).toBe('/oauth/sign-in')
    }
    const twice = await visitor.open('/oauth/sign-in?return_to=/a&return_to=/b')
    expect(fieldsOf(twice.html, '/oauth/sign-in').return_to).toBe('/oauth/sign-in')
    const page = await visitor.open('/oauth/sign-in?return_to=/docs/')
    expect((await visitor.submit(page, '/oauth/sign-in', people.alice)).location).toBe('/docs/')
  })

  test('is slowed down after ten wrong passwords, for that name alone (12.13)', async () => {
    const own = await ownServer()
    const visitor = newVisitor(own.url)
    for (let i = 0; i < 10; i++)
      expect((await visitor.signIn({ username: i % 2 ? 'alice' : 'Alice', password: `guess-${i}` })).status).toBe(401)
    const refused = await visitor.signIn(people.alice)
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '90'])
    expect(refused.html).toContain('Too many wrong passwords. Try again in 90 seconds.')
    expect((await newVisitor(own.url).signIn(people.bob)).status).toBe(303)

    own.clock.advance(90_000 - 1000)
    expect((await visitor.signIn(people.alice)).headers.get('retry-after')).toBe('1')
    own.clock.advance(1000)
    expect((await visitor.signIn({ ...people.alice, password: 'guess-11' })).status).toBe(401)
    expect((await visitor.signIn(people.alice)).status).toBe(429)
    own.clock.advance(90_000)
    expect((await visitor.signIn(people.alice)).status).toBe(303)
  })

  test('stays open to the owner of a name, whatever others send for it (12.13)', async () => {
    const own = await ownServer()
    // More than any one network may send, and more than 200.
    for (let network = 2; network <= 31; network++)
      for (let i = 0; i < 7; i++)
        await postFrom(`127.0.0.${network}`, `${own.url}/oauth/sign-in`, { username: 'alice', password: `guess-${i}` })
    expect((await newVisitor(own.url).signIn(people.alice)).status).toBe(303)
  })

  test('is slowed down for a whole IPv6 network, and for no other (12.13)', async () => {
    const own = await ownServer({ trustProxy: '127.0.0.1' })
    const visitor = newVisitor(own.url)
    const from = async (address: string, password: string) =>
      (await visitor.post('/oauth/sign-in', { username: 'alice', password }, { 'x-forwarded-for': address })).status
    for (let i = 0; i < 10; i++) expect(await from(`2001:db8:1:1::${i}`, 'wrong')).toBe(401)
    expect(await from('2001:db8:1:1:ffff::1', people.alice.password)).toBe(429)
    expect(await from('2001:db8:1:2::1', people.alice.password)).toBe(303)
  })

  test('forgets wrong passwords once the right one came', async () => {
    const own = await ownServer()
    const visitor = newVisitor(own.url)
    for (let round = 0; round < 2; round++) {
      for (let i = 0; i < 9; i++) await visitor.post('/oauth/sign-in', { username: 'alice', password: 'wrong' })
      expect((await visitor.post('/oauth/sign-in', { ...people.alice })).status).toBe(303)
    }
  })

  test('lets no more guesses through when they come all at once', async () => {
    const own = await ownServer()
    const visitor = newVisitor(own.url)
    const guesses = Array.from({ length: 30 }, (_, i) =>
      visitor.post('/oauth/sign-in', { username: 'alice', password: `guess-${i}` }),
    )
    const statuses = (await Promise.all(guesses)).map(({ status }) => status)
    const passed = statuses.filter((status) => status === 401).length
    expect(passed).toBeGreaterThanOrEqual(10)
    expect(passed).toBeLessThanOrEqual(10 * nodesOfServer)
    expect(statuses.filter((status) => status === 429)).toHaveLength(30 - passed)
  })

  test('is refused to an address that guesses many names', async () => {
    const own = await ownServer()
    const visitor = newVisitor(own.url)
    const guess = (i: number) => visitor.post('/oauth/sign-in', { username: `name_${i}`, password: 'password' })
    const statuses = (await Promise.all(Array.from({ length: 101 }, (_, i) => guess(i)))).map(({ status }) => status)
    const refused = statuses.filter((status) => status === 429).length
    expect(refused).toBeLessThanOrEqual(1)
    expect(refused).toBeGreaterThan(1 - nodesOfServer)
    await until(async () => (await visitor.signIn(people.alice)).status === 429)
    own.clock.advance(9000 * (2 - refused))
    expect((await visitor.signIn(people.alice)).status).toBe(303)
  })
})

describe('signing up', () => {
  const newcomer = { username: 'New_comer1', password: 'a-long-password' }

  test('makes an account, signs it in, and goes on to where it came from', async () => {
    const own = await ownServer()
    const visitor = newVisitor(own.url)
    const page = await visitor.open(consentPath({ scope: 'user_accounts:read' }))
    const [, link = ''] = /href="(\/oauth\/sign-up\?[^"]*)"/.exec(page.html) ?? []
    const form = await visitor.open(link)
    const signedUp = await visitor.submit(form, '/oauth/sign-up', { ...newcomer, account_type: 'BUSINESS' })
    expect(signedUp.status).toBe(303)
    const location = await decide(visitor, signedUp.location ?? '', 'approve')
    const { body } = await exchange(own, new URL(location).searchParams.get('code') ?? '')
    const account = await own.get('/user_account', { token: body.access_token })
    expect(account.body).toMatchObject({ username: 'New_comer1', account_type: 'BUSINESS', board_count: 0 })

    const again = newVisitor(own.url)
    expect((await again.signIn(newcomer)).status).toBe(303)
    const taken = await again.post('/oauth/sign-up', { ...newcomer, username: 'NEW_COMER1' })
    expect([taken.status, taken.html.includes('This username is taken.')]).toEqual([400, true])
  })

  test.each([
    ['two letters', { username: 'ab' }, 'A username has 3 to 30 letters'],
    ['31 letters', { username: 'a'.repeat(31) }, 'A username has 3 to 30 letters'],
    ['a space in the name', { username: 'new comer' }, 'A username has 3 to 30 letters'],
    ['an accent in the name', { username: 'néwcomer' }, 'A username has 3 to 30 letters'],
    ['no name', { username: undefined }, 'A username has 3 to 30 letters'],
    ['a short password', { password: '1234567' }, 'A password has 8 to 200 characters.'],
    ['an endless password', { password: 'x'.repeat(201) }, 'A password has 8 to 200 characters.'],
  ])('is refused with %s', async (_, fields, says) => {
    const visitor = newVisitor(server.url)
    const page = await visitor.open('/oauth/sign-up')
    const refused = await visitor.submit(page, '/oauth/sign-up', { ...newcomer, ...fields })
    expectRefusalPage(refused, says)
    expect(visitor.cookie('pinfold_session')).toBe(undefined)
  })

  test('has an end: 20 accounts an hour from one address, also when they come at once', async () => {
    const own = await ownServer()
    const visitor = newVisitor(own.url)
    const sign = (i: number) => visitor.post('/oauth/sign-up', { username: `many_${i}`, password: 'password' })
    expect((await visitor.post('/oauth/sign-up', { username: 'x', password: 'password' })).status).toBe(400)
    const answers = await Promise.all(Array.from({ length: 22 }, (_, i) => sign(i)))
    const made = answers.filter(({ status }) => status === 303).length
    expect(made).toBeGreaterThanOrEqual(20)
    expect(made).toBeLessThanOrEqual(20 * nodesOfServer)
    const refused = answers.filter(({ status }) => status === 429)
    expect(refused).toHaveLength(22 - made)
    if (made === 20) expect(refused.map(({ headers }) => headers.get('retry-after'))).toEqual(['180', '180'])
    own.clock.advance(3 * minute * (made - 19))
    expect((await sign(30)).status).toBe(303)
  })

  test('does not tell which of many names are taken (12.10)', async () => {
    const own = await ownServer()
    const visitor = newVisitor(own.url)
    const sign = (username: string) => visitor.post('/oauth/sign-up', { username, password: 'password' })
    for (let i = 0; i < 20; i++) expect((await sign('alice')).status).toBe(400)
    const [taken, free] = [await sign('bob'), await sign('nobody')]
    expect([taken.status, free.status]).toEqual([429, 429])
    expect(free.html).toBe(taken.html.replace('value="bob"', 'value="nobody"'))
  })

  test('can be closed', async () => {
    const closed = await ownServer({ signUp: 'closed' })
    const visitor = newVisitor(closed.url)
    expect((await visitor.open('/oauth/sign-in')).html).not.toContain('Sign up')
    expectRefusalPage(await visitor.open('/oauth/sign-up'), 'No sign-up here', 403)
    expectRefusalPage(await visitor.post('/oauth/sign-up', newcomer), 'No sign-up here', 403)
    expect((await visitor.signIn(newcomer)).status).toBe(401)
  })
})

describe('the pages', () => {
  test('show names and addresses as they are, not as HTML', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pinfold-names-'))
    onTestFinished(() => rm(folder, { recursive: true, force: true }))
    const seed = join(folder, 'seed.json')
    const name = `<script>alert("1")</script> & 'Sons'`
    const app = { id: '77', secret: 'secret-of-the-app', name, owner: 'alice', loopback_redirects: true }
    await writeFile(
      seed,
      JSON.stringify({ accounts: [{ username: 'alice', password: 'alice-password' }], apps: [app] }),
    )
    const own = await ownServer({ seed })

    const state = `"><img src=x onerror='alert(2)'>`
    const redirectUri = `http://localhost/?next="><iframe onload='alert(3)'>`
    const path = consentPath({ client_id: '77', redirect_uri: redirectUri, state })
    const visitor = newVisitor(own.url)
    const signIn = await visitor.open(path)
    const wrong = await visitor.submit(signIn, '/oauth/sign-in', { username: `"><b id='x'>`, password: 'wrong' })
    await visitor.signIn(people.alice)
    const consent = await visitor.open(path)
    const refused = await visitor.open(consentPath({ client_id: '77', redirect_uri: `https://evil/"><script>` }))
    for (const { html } of [signIn, wrong, consent, refused]) {
      // The consent page has the picture of the account.
      const rest = html.replace(/<img src="\/media\/avatars\/\d+\.png" width="40" height="40" alt="">/, '')
      const tags = new Set([...rest.matchAll(/<\/?([a-z0-9]+)/gi)].map(([, tag]) => tag))
      for (const injected of ['script', 'img', 'iframe', 'b']) expect(tags).not.toContain(injected)
    }
    expect(consent.html).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;Sons&#39;')
    expect(fieldsOf(consent.html, '/oauth/')).toMatchObject({ state, redirect_uri: redirectUri })
    const { location } = await visitor.submit(consent, '/oauth/', { decision: 'approve' })
    expect(new URL(location ?? '').searchParams.get('state')).toBe(state)
  })

  test('may do nothing in a browser but be shown, and are kept by none', async () => {
    const visitor = newVisitor(server.url)
    for (const path of [consentPath(), '/oauth/sign-in', '/oauth/sign-up', '/oauth/']) {
      const { headers, html } = await visitor.open(path)
      const [, font = 'none'] = /url\((.+?)\)/.exec(html) ?? []
      expect((await fetch(server.url + font)).headers.get('content-type')).toBe('font/woff2')
      expect(headers.get('content-security-policy')).toMatch(
        /^default-src 'none'; img-src 'self'; font-src 'self'; style-src 'sha256-[^']+'; base-uri 'none'; frame-ancestors 'none'$/,
      )
      expect([headers.get('cache-control'), headers.get('x-content-type-options')]).toEqual(['no-store', 'nosniff'])
    }
  })
})

describe('a code', () => {
  test('gives a token with every field', async () => {
    const { status, headers, body } = await exchange(server, await codeFor(server))
    expect(status).toBe(200)
    expect(headers.get('content-type')).toMatch(/^application\/json/)
    expect(body).toEqual({
      access_token: expect.stringMatching(/^pina_[\w-]{43}$/),
      refresh_token: expect.stringMatching(/^pinr_[\w-]{43}$/),
      token_type: 'bearer',
      expires_in: 2_592_000,
      refresh_token_expires_in: 5_184_000,
      refresh_token_expires_at: server.clock.now() / 1000 + 5_184_000,
      response_type: 'authorization_code',
      scope: 'boards:read pins:read',
    })
    expect(await uses(server, body.access_token)).toBe(200)
    expect((await server.get('/user_account', { token: body.access_token })).body.code).toBe(3)
  })

  test('is good once, and takes back what it gave when it comes again', async () => {
    const code = await codeFor(server)
    const first = (await exchange(server, code)).body
    const refreshed = (await refresh(server, first.refresh_token)).body
    const other = (await exchange(server, await codeFor(server))).body
    expect(await uses(server, first.access_token)).toBe(200)

    const again = await exchange(server, code)
    expectInvalidGrant(again, 'used before')
    expect(await uses(server, first.access_token)).toBe(401)
    expect(await uses(server, refreshed.access_token)).toBe(401)
    expect((await refresh(server, first.refresh_token)).status).toBe(401)
    expect(await uses(server, other.access_token)).toBe(200)
  })

  test('takes nothing back when another app tries it', async () => {
    const code = await codeFor(server)
    const { body } = await exchange(server, code)
    expect((await exchange(server, code, {}, otherApp)).status).toBe(401)
    expect(await uses(server, body.access_token)).toBe(200)
  })

  test('gives at most one usable token, if two ask with it at once', async () => {
    const code = await codeFor(server)
    const answers = await Promise.all([exchange(server, code), exchange(server, code)])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401])
    for (const { status, body } of answers) if (status === 200) expect(await uses(server, body.access_token)).toBe(401)
  })

  test('is good for ten minutes', async () => {
    const [inTime, late] = [await codeFor(server), await codeFor(server)]
    server.clock.advance(10 * minute - 1)
    expect((await exchange(server, inTime)).status).toBe(200)
    server.clock.advance(1)
    expectInvalidGrant(await exchange(server, late), 'has expired')
  })

  test('is for one app and one redirect URI', async () => {
    const code = await codeFor(server)
    expectInvalidGrant(await exchange(server, code, {}, otherApp), 'for another app')
    expectInvalidGrant(await exchange(server, code, { redirect_uri: `${testApp.redirectUri}?x=1` }), 'redirect_uri')
    expectInvalidGrant(await exchange(server, `${code}x`), 'unknown')
    const refusals = [
      await exchange(server, code, { redirect_uri: '' }),
      await exchange(server, ''),
      await askToken(server, { grant_type: 'authorization_code', redirect_uri: testApp.redirectUri }),
      await askToken(server, { grant_type: 'authorization_code', code }),
    ]
    for (const { status, body } of refusals) expect([status, body.code]).toEqual([400, 1])
    expect((await exchange(server, code)).status).toBe(200)
  })

  test('asked for with a PKCE challenge takes the verifier', async () => {
    const verifier = 'a-verifier_of.43~characters-or-more-and-no-less'
    const code_challenge = createHash('sha256').update(verifier).digest('base64url')
    const code = await codeFor(server, { code_challenge, code_challenge_method: 'S256' })
    for (const extra of [
      {},
      { code_verifier: '' },
      { code_verifier: 'b'.repeat(47) },
      { code_verifier: code_challenge },
    ])
      expectInvalidGrant(await exchange(server, code, extra), 'code_verifier')
    expect((await exchange(server, code, { code_verifier: verifier })).status).toBe(200)
  })

  test('asked for without a PKCE challenge takes no verifier (12.11)', async () => {
    const code = await codeFor(server)
    const downgraded = await exchange(server, code, { code_verifier: 'v'.repeat(43) })
    expectInvalidGrant(downgraded, 'without code_challenge')
    // An empty parameter counts as missing.
    expect((await exchange(server, code, { code_verifier: '' })).status).toBe(200)
  })
})

describe('the token endpoint', () => {
  const form = { grant_type: 'client_credentials', scope: 'boards:read' }

  test('wants the id and secret of the app as HTTP Basic', async () => {
    const headerSets: Record<string, string>[] = [
      {},
      { authorization: 'Basic' },
      { authorization: 'Basic !!' },
      { authorization: basic({ ...testApp, secret: 'wrong' }) },
      { authorization: basic({ ...testApp, secret: '' }) },
      { authorization: basic({ ...testApp, secret: otherApp.secret }) },
      { authorization: basic({ ...testApp, id: '9999' }) },
      { authorization: basic({ ...testApp, id: '' }) },
      { authorization: `Bearer ${people.alice.token}` },
    ]
    for (const headers of headerSets)
      for (const path of ['/oauth/token', '/oauth/token/revoke']) {
        const answer = await server.request('POST', path, { token: null, form, headers })
        expect([answer.status, answer.text]).toEqual([401, JSON.stringify(secretsFail)])
        expect(answer.headers.get('www-authenticate')).toMatch(/^Basic /)
      }
  })

  test('does not take the id and secret in the body, nor PKCE instead of them', async () => {
    const inBody = { ...form, client_id: testApp.id, client_secret: testApp.secret }
    expect((await server.request('POST', '/oauth/token', { token: null, form: inBody })).status).toBe(401)
    const code_verifier = 'v'.repeat(43)
    const code_challenge = createHash('sha256').update(code_verifier).digest('base64url')
    const code = await codeFor(server, { code_challenge, code_challenge_method: 'S256' })
    const app = { ...testApp, secret: '' }
    expect((await exchange(server, code, { code_verifier, client_id: testApp.id }, app)).status).toBe(401)
  })

  test('takes an id and secret that are percent-encoded inside Basic', async () => {
    const secret = [...testApp.secret].map((c) => `%${c.charCodeAt(0).toString(16)}`).join('')
    expect((await askToken(server, form, { ...testApp, secret })).status).toBe(200)
  })

  test('ignores fields that it does not know', async () => {
    expect((await askToken(server, { ...form, refreshable: 'True', continuous_refresh: 'x', a: '' })).status).toBe(200)
  })

  test.each([
    ['an unknown grant', { grant_type: 'password', username: 'alice', password: 'x' }],
    ['no grant', {}],
    ['no scope', { grant_type: 'client_credentials' }],
    ['an unknown scope', { grant_type: 'client_credentials', scope: 'boards:paint' }],
    ['no refresh token', { grant_type: 'refresh_token' }],
  ])('answers %s with a 400', async (_, wrong: Record<string, string>) => {
    const answer = await askToken(server, wrong)
    expect([answer.status, answer.body.code, Object.keys(answer.body)]).toEqual([400, 1, ['code', 'message']])
  })

  test.each([
    ['an unknown refresh token', 'pinr_x'],
    ['an access token in place of it', people.alice.token],
  ])('answers %s with a 401, on which clients sign in again (12.15)', async (_, refreshToken) => {
    expectInvalidGrant(await refresh(server, refreshToken), 'refresh token is unknown')
  })

  test.each(['0x3e9', '1001.0', ' 1001', '01001', '1.001e3', '+1001'])('takes %j for no id (12.14)', async (id) => {
    expect((await askToken(server, form, { ...testApp, id: encodeURIComponent(id) })).status).toBe(401)
    expectRefusalPage(await (await aliceAt(server)).open(consentPath({ client_id: id })), /no app with the id/)
  })

  test('answers a body that is no form with a 415, and a repeated field with a 400', async () => {
    const headers = { authorization: basic(testApp) }
    const json = await server.request('POST', '/oauth/token', { token: null, json: form, headers })
    expect(json.status).toBe(415)
    const raw = 'grant_type=client_credentials&scope=boards:read&scope=pins:read'
    const type = { 'content-type': 'application/x-www-form-urlencoded' }
    const twice = await server.request('POST', '/oauth/token', { token: null, raw, headers: { ...headers, ...type } })
    expect(twice.status).toBe(400)
  })

  test('stays open to an app, however many wrong secrets somebody sends in its name', async () => {
    const wrong = { ...testApp, secret: 'wrong' }
    const refused = await Promise.all(Array.from({ length: 120 }, () => askToken(server, form, wrong)))
    expect(new Set(refused.map(({ status }) => status))).toEqual(new Set([401]))
    expect((await askToken(server, form)).status).toBe(200)
  })

  test('gives answers that nobody on the way may keep', async () => {
    expect((await askToken(server, form)).headers.get('cache-control')).toBe('no-store')
  })
})

describe('a refresh token', () => {
  test('stays good and gives a new access token each time, while the old ones go on', async () => {
    const first = (await exchange(server, await codeFor(server))).body
    const tokens = [first.access_token]
    for (let i = 0; i < 3; i++) {
      server.clock.advance(minute)
      const { status, body } = await refresh(server, first.refresh_token, {
        refresh_on: 'True',
        redirect_uri: testApp.redirectUri,
      })
      expect(status).toBe(200)
      expect(body).toEqual({
        access_token: expect.stringMatching(/^pina_/),
        refresh_token: first.refresh_token,
        token_type: 'bearer',
        expires_in: 2_592_000,
        refresh_token_expires_in: 5_184_000,
        refresh_token_expires_at: server.clock.now() / 1000 + 5_184_000,
        response_type: 'refresh_token',
        scope: 'boards:read pins:read',
      })
      tokens.push(body.access_token)
    }
    expect(new Set(tokens).size).toBe(4)
    for (const token of tokens) expect(await uses(server, token)).toBe(200)
  })

  test('gives fewer scopes on demand, never more', async () => {
    const first = (await exchange(server, await codeFor(server, { scope: 'boards:read pins:read pins:write' }))).body
    const narrow = await refresh(server, first.refresh_token, { scope: 'boards:read,pins:read' })
    expect(narrow.body.scope).toBe('boards:read pins:read')
    for (const scope of ['boards:write', 'boards:read,boards:write', 'boards:paint', ','])
      expect((await refresh(server, first.refresh_token, { scope })).status).toBe(400)
    const again = await refresh(server, first.refresh_token)
    expect(again.body.scope).toBe('boards:read pins:read pins:write')
  })

  test('is no good to another app, nor as an access token', async () => {
    const { body } = await exchange(server, await codeFor(server))
    expectInvalidGrant(await refresh(server, body.refresh_token, {}, otherApp), 'for another app')
    expect(await uses(server, body.refresh_token)).toBe(401)
    expect((await refresh(server, body.refresh_token)).status).toBe(200)
  })

  test('expires after 60 days without use, and lives on with use', async () => {
    const own = await ownServer()
    const used = (await exchange(own, await codeFor(own))).body.refresh_token
    const unused = (await exchange(own, await codeFor(own))).body.refresh_token
    own.clock.advance(59 * day)
    expect((await refresh(own, used)).status).toBe(200)
    own.clock.advance(day)
    expect((await refresh(own, unused)).status).toBe(401)
    own.clock.advance(58 * day)
    const last = await refresh(own, used)
    expect(last.status).toBe(200)
    expect(await uses(own, last.body.access_token)).toBe(200)
    own.clock.advance(60 * day)
    expect((await refresh(own, used)).status).toBe(401)
  })
})

test('an access token expires after 30 days', async () => {
  const own = await ownServer()
  const { access_token: token } = (await exchange(own, await codeFor(own))).body
  own.clock.advance(30 * day - 1)
  expect(await uses(own, token)).toBe(200)
  own.clock.advance(1)
  const answer = await own.get('/boards', { token })
  expect([answer.status, answer.text]).toEqual([401, JSON.stringify(secretsFail)])
})

test('requests without a good token are refused in the words that clients know', async () => {
  for (const authorization of [
    '',
    'Bearer',
    'Bearer nonsense',
    `Basic ${people.alice.token}`,
    `Bearer ${'x'.repeat(600)}`,
  ]) {
    const answer = await server.get('/boards', { token: null, headers: authorization ? { authorization } : {} })
    expect([answer.status, answer.text]).toEqual([401, JSON.stringify(secretsFail)])
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer /)
  }
})

describe('client credentials', () => {
  test('give a token that acts as the owner of the app', async () => {
    const { status, body } = await askToken(
      server,
      { grant_type: 'client_credentials', scope: 'user_accounts:read,boards:read' },
      otherApp,
    )
    expect(status).toBe(200)
    expect(body).toEqual({
      access_token: expect.stringMatching(/^pinc_[\w-]{43}$/),
      token_type: 'bearer',
      expires_in: 2_592_000,
      response_type: 'client_credentials',
      scope: 'user_accounts:read boards:read',
    })
    const account = await server.get('/user_account', { token: body.access_token })
    expect(account.body.username).toBe('bob')
  })

  test('open just the operations that say so', async () => {
    const { body } = await askToken(server, { grant_type: 'client_credentials', scope: allScopes.join() })
    for (const op of operations as readonly Operation[]) {
      if (op.auth.by !== 'token') continue
      const { status, body: answer } = await server.request(op.method, anyPathOf(op), { token: body.access_token })
      if (op.auth.clientCredentials) expect([op.id, status]).not.toEqual([op.id, 401])
      else expect([op.id, status, answer.code]).toEqual([op.id, 401, 3])
    }
  })
})

/** Returns a path of the operation with ids of nothing. */
function anyPathOf({ root, path }: Operation): string {
  return ((root ?? '') + path).replace(/\{\w+\}/g, '1')
}

describe('revoking', () => {
  const grant = async () => (await exchange(server, await codeFor(server))).body

  test('an access token takes effect at once, on it alone', async () => {
    const first = await grant()
    const second = (await refresh(server, first.refresh_token)).body
    expect([await uses(server, first.access_token), await uses(server, second.access_token)]).toEqual([200, 200])
    const answer = await revoke(server, first.access_token)
    expect([answer.status, answer.text]).toEqual([200, ''])
    expect([await uses(server, first.access_token), await uses(server, second.access_token)]).toEqual([401, 200])
    expect((await refresh(server, first.refresh_token)).status).toBe(200)
  })

  test('a refresh token takes its access tokens along', async () => {
    const first = await grant()
    const second = (await refresh(server, first.refresh_token)).body
    const other = await grant()
    await uses(server, first.access_token)
    expect((await revoke(server, first.refresh_token)).status).toBe(200)
    expect([await uses(server, first.access_token), await uses(server, second.access_token)]).toEqual([401, 401])
    expect((await refresh(server, first.refresh_token)).status).toBe(401)
    expect(await uses(server, other.access_token)).toBe(200)
  })

  test('a token of another app is forbidden, and does nothing', async () => {
    const first = await grant()
    for (const token of [first.access_token, first.refresh_token]) {
      const { status, body } = await revoke(server, token, otherApp)
      expect([status, body]).toEqual([403, { code: 29, message: 'You are not permitted to access that resource.' }])
    }
    expect(await uses(server, first.access_token)).toBe(200)
    expect((await refresh(server, first.refresh_token)).status).toBe(200)
  })

  test('a token that is unknown, or was revoked before, is no error', async () => {
    const { access_token: token } = await grant()
    for (const unknown of [token, token, 'pina_nothing', 'x']) expect((await revoke(server, unknown)).status).toBe(200)
    expect(
      (await asApp(server, '/oauth/token/revoke', { token, token_type_hint: 'access_token' }, testApp)).status,
    ).toBe(200)
    expect((await asApp(server, '/oauth/token/revoke', {}, testApp)).status).toBe(400)
  })

  test('while requests with the token are under way leaves none that works afterwards', async () => {
    const { access_token: token } = await grant()
    await Promise.all([...Array.from({ length: 20 }, () => uses(server, token)), revoke(server, token)])
    // The other node may hear of it a moment later.
    if (nodesOfServer > 1) await until(async () => (await uses(server, token)) === 401)
    expect(await uses(server, token)).toBe(401)
  })
})

describe('scopes', () => {
  const guarded = (operations as readonly Operation[]).flatMap((op) =>
    op.auth.by === 'token' ? op.auth.scopes.map((scope) => ({ op, scope })) : [],
  )
  const needed = [...new Set(guarded.map(({ scope }) => scope))]
  const tokenWithout = (scope: string) => `pina_without_${scope.replace(':', '_')}`.padEnd(32, '0')

  let own: TestServer
  beforeAll(async () => {
    own = await startTestServer({
      tokens: needed.map((scope) => ({ text: tokenWithout(scope), scopes: allScopesBut(scope) })),
    })
  })

  test.each(guarded.map(({ op, scope }) => [op.id, scope, op] as const))('%s takes %s', async (_, scope, op) => {
    const lacking = await own.request(op.method, anyPathOf(op), { token: tokenWithout(scope) })
    expect([lacking.status, lacking.body.code]).toEqual([401, 3])
    expect(lacking.body.message.startsWith(scopesFail)).toBe(true)
    expect(lacking.body.message).toContain(`Missing: ${scope}.`)
    const complete = await own.request(op.method, anyPathOf(op))
    expect(complete.status).not.toBe(401)
  })
})

describe('an app on the trial tier', () => {
  test('may look, but make no Pins', async () => {
    const trial = { token: trialApp.token }
    const board = (await server.post('/boards', { name: 'Trial board' }, trial)).body
    const refused = [
      await server.post('/pins', { board_id: board.id, media_source: await base64Source(200) }, trial),
      await server.post('/pins/1/save', { board_id: board.id }, trial),
    ]
    for (const { status, body } of refused) {
      expect([status, body.code]).toEqual([403, 29])
      expect(body.message.startsWith('Apps with Trial access may not create Pins in production')).toBe(true)
    }
    expect((await server.get(`/boards/${board.id}/pins`, trial)).body.items).toEqual([])
  })

  test('has 1000 requests a day of each kind, for all its accounts', async () => {
    const own = await ownServer({ rateLimits: 'pinterest' })
    const trial = { token: trialApp.token }
    for (let round = 0; round < 10; round++) {
      const answers = await Promise.all(Array.from({ length: 100 }, () => own.get('/user_account', trial)))
      expect(answers.every(({ status }) => status === 200)).toBe(true)
      own.clock.advance(1000)
    }
    const refused = await own.get('/user_account', trial)
    expect([refused.status, refused.body.code]).toEqual([429, 8])
    const untilMidnight = (day - (own.clock.now() % day)) / 1000
    expect(refused.headers.get('retry-after')).toBe(String(untilMidnight))
    expect((await own.post('/boards', { name: 'Other kind' }, trial)).status).toBe(201)
    expect((await own.get('/user_account')).status).toBe(200)
    own.clock.advance(untilMidnight * 1000)
    expect((await own.get('/user_account', trial)).status).toBe(200)
  })
})

test('secrets are nowhere in the data folder', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'pinfold-secrets-'))
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }))
  const own = await ownServer({ ephemeral: false, dataDir })
  const visitor = newVisitor(own.url)
  await visitor.post('/oauth/sign-up', { username: 'newcomer', password: 'newcomers-password' })
  const session = visitor.cookie('pinfold_session') ?? ''
  const location = await decide(visitor, consentPath({ scope: 'boards:read' }), 'approve')
  const code = new URL(location).searchParams.get('code') ?? ''
  const unused = await codeFor(own)
  const { body } = await exchange(own, code)
  const { body: appToken } = await askToken(own, { grant_type: 'client_credentials', scope: 'boards:read' })
  const secrets = [
    ...[session, code, unused, body.access_token, body.refresh_token, appToken.access_token],
    ...[people.alice.token, people.alice.refresh, people.alice.password, 'newcomers-password', testApp.secret],
  ]
  expect(secrets.every((secret) => secret.length > 10)).toBe(true)

  const written = async () => {
    const files = (await readdir(dataDir, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile())
    const bytes = await Promise.all(files.map((entry) => readFile(join(entry.parentPath, entry.name))))
    return Buffer.concat(bytes)
  }
  const whileRunning = await written()
  await own.close()
  const afterwards = await written()
  for (const bytes of [whileRunning, afterwards]) {
    expect(bytes.includes('newcomer')).toBe(true)
    for (const secret of secrets) expect(bytes.includes(secret), secret).toBe(false)
  }

  const database = new DatabaseSync(join(dataDir, 'pinfold.db'), { readOnly: true })
  onTestFinished(() => database.close())
  const tables = database.prepare(`select name from sqlite_schema where type = 'table'`).all()
  const values = tables.flatMap(({ name }) => database.prepare(`select * from "${name}"`).all().flatMap(Object.values))
  expect(values).toContain('newcomer')
  for (const secret of secrets) expect(values.some((value) => String(value).includes(secret))).toBe(false)
  expect(values.filter((value) => String(value).startsWith('$argon2id$'))).toHaveLength(3)
})

test("a password costs OWASP's minimum to guess, unless a server is made for tests", async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'pinfold-passwords-'))
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }))
  const seed = join(dataDir, 'seed.json')
  await writeFile(seed, JSON.stringify(seedFile([])))
  const own = await startServer({ port: 0, dataDir: join(dataDir, 'data'), seed })
  expect((await newVisitor(own.url).signIn(people.bob)).status).toBe(303)
  await own.close()
  const database = new DatabaseSync(join(dataDir, 'data/pinfold.db'), { readOnly: true })
  onTestFinished(() => database.close())
  const hashes = database.prepare('select password_hash from accounts').all()
  const strong = { password_hash: expect.stringMatching(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/) }
  expect(hashes).toEqual([strong, strong])
})
