import { freePort } from '@pinfold/test-support/free-port'
import { people, startTestServer, type TestServer, testApp } from '@pinfold/test-support/server'
import { newVisitor } from '@pinfold/test-support/visitor'
import { beforeAll, expect, test } from 'vitest'
import { PinterestClient, PinterestError } from '../src/index.ts'
import { SignInError, signIn } from '../src/node.ts'

let server: TestServer
let client: PinterestClient
beforeAll(async () => {
  server = await startTestServer()
  client = new PinterestClient({ clientId: testApp.id, clientSecret: testApp.secret, baseUrl: server.url })
})

const scopes = ['boards:read', 'user_accounts:read']
/** The pages that the browser showed at the end. */
const shown: Promise<Response>[] = []
const lastShown = async () => (await shown.at(-1))?.text()

/** Alice, who signs in, decides, and follows the redirect. */
const alice =
  (decision: 'approve' | 'deny', change: (location: URL) => void = () => {}) =>
  async (url: string) => {
    const visitor = newVisitor(server.url)
    await visitor.signIn(people.alice)
    const consent = await visitor.open(url)
    const { location } = await visitor.submit(consent, '/oauth/', { decision })
    const target = new URL(location ?? '')
    change(target)
    const page = fetch(target)
    shown.push(page)
    await page
  }

test('it opens the consent page, catches the redirect and gives tokens', async () => {
  const { accessToken, refreshToken, scopes: granted } = await signIn({ client, scopes, openBrowser: alice('approve') })
  expect([refreshToken?.slice(0, 5), granted.toSorted()]).toEqual(['pinr_', scopes])
  const own = new PinterestClient({ accessToken, baseUrl: server.url })
  expect((await own.userAccount.get()).username).toBe('alice')
  expect(await lastShown()).toContain('<h1>Signed in</h1>')
})

test('it asks with a state and a PKCE challenge, for the address it listens at', async () => {
  const port = await freePort()
  let asked = new URL('http://127.0.0.1')
  const openBrowser = async (url: string) => {
    asked = new URL(url)
    await alice('approve')(url)
  }
  await signIn({ client, scopes, port, redirectPath: '/back', redirectHost: '127.0.0.1', openBrowser })
  const parameters = Object.fromEntries(asked.searchParams)
  expect(parameters).toMatchObject({
    redirect_uri: `http://127.0.0.1:${port}/back`,
    code_challenge_method: 'S256',
    scope: 'boards:read,user_accounts:read',
  })
  expect(parameters.state).toMatch(/^[\w-]{32}$/)
  expect(parameters.code_challenge).toMatch(/^[\w-]{43}$/)
  await expect(fetch(`http://127.0.0.1:${port}/back`), 'it listens no longer').rejects.toThrow()
})

test('who denies access is told so, and so is the program', async () => {
  const failing = signIn({ client, scopes, openBrowser: alice('deny') })
  await expect(failing).rejects.toMatchObject({ name: 'SignInError', reason: 'denied' })
  expect(await lastShown()).toContain('<h1>Not signed in</h1>')
})

test('an answer with another state is not taken', async () => {
  const forged = alice('approve', ({ searchParams }) => searchParams.set('state', 'x'))
  await expect(signIn({ client, scopes, openBrowser: forged })).rejects.toMatchObject({ reason: 'state' })
  expect((await shown.at(-1))?.status).toBe(400)
})

test('a code that the service does not take is its error', async () => {
  const spoilt = alice('approve', ({ searchParams }) => searchParams.set('code', 'nonsense'))
  await expect(signIn({ client, scopes, openBrowser: spoilt })).rejects.toThrow(PinterestError)
  expect(await lastShown()).toContain('<h1>Not signed in</h1>')
})

test('what comes with the redirect is shown as text', async () => {
  const nasty = alice('deny', ({ searchParams }) => {
    searchParams.set('error', 'invalid_scope')
    searchParams.set('error_description', '<script>alert(1)</script>')
  })
  await expect(signIn({ client, scopes, openBrowser: nasty })).rejects.toMatchObject({ reason: 'refused' })
  const page = await lastShown()
  expect(page).toContain('&lt;script&gt;')
  expect(page).not.toContain('<script')
})

test('other requests leave it waiting', async () => {
  const withStrangers = async (url: string) => {
    const redirect = new URL(url).searchParams.get('redirect_uri') ?? ''
    expect((await fetch(new URL('/favicon.ico', redirect))).status).toBe(404)
    expect((await fetch(redirect)).status).toBe(404)
    expect((await fetch(`${redirect}?code=1`, { method: 'POST' })).status).toBe(404)
    await alice('approve')(url)
  }
  expect((await signIn({ client, scopes, openBrowser: withStrangers })).accessToken).toMatch(/^pina_/)
})

test('the waiting ends', async () => {
  const openBrowser = () => {}
  const late = signIn({ client, scopes, openBrowser, timeoutMs: 50 })
  await expect(late).rejects.toThrow(
    new SignInError('timeout', 'Nobody answered the consent page within 0.05 seconds.'),
  )
  const controller = new AbortController()
  const aborted = signIn({ client, scopes, openBrowser, signal: controller.signal })
  controller.abort(new Error('enough'))
  await expect(aborted).rejects.toThrow('enough')
  const broken = signIn({
    client,
    scopes,
    openBrowser: () => {
      throw new Error('no browser')
    },
  })
  await expect(broken).rejects.toThrow('no browser')
})
