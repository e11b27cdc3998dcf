import { createHash, randomBytes } from 'node:crypto'
import {
  Client,
  type OAuthClientProvider,
  StreamableHTTPClientTransport,
  UnauthorizedError,
} from '@modelcontextprotocol/client'
import { databases, type TestDatabase } from '@pinfold/test-support/databases'
import { ownServer } from '@pinfold/test-support/own-server'
import { people, type TestServer, testApp } from '@pinfold/test-support/server'
import { newVisitor } from '@pinfold/test-support/visitor'
import { expect, onTestFinished, test } from 'vitest'

const redirectUri = 'http://127.0.0.1:7777/callback'

/** Has a person sign in, look at the consent page and approve; returns where they are sent, and the page. */
async function approve(
  url: string,
  address: string | URL,
  person: { username: string; password: string } = people.alice,
) {
  const visitor = newVisitor(url)
  await visitor.signIn(person)
  const { pathname, search } = new URL(address, url)
  const page = await visitor.open(pathname + search)
  const sent = await visitor.submit(page, '/oauth/', { decision: 'approve' })
  return { page: page.html, sent, location: sent.location ?? '' }
}

/** A program that keeps what it gets, and remembers where it would send the person. */
class Provider implements OAuthClientProvider {
  readonly redirectUrl = redirectUri
  readonly clientMetadata = { client_name: 'Test agent', redirect_uris: [redirectUri] }
  address: URL | undefined
  #kept = new Map<string, unknown>()
  // biome-ignore lint/suspicious/noExplicitAny: the SDK's own shapes come back as they went in
  #get = (name: string): any => this.#kept.get(name)
  clientInformation = () => this.#get('client')
  saveClientInformation = (client: unknown) => void this.#kept.set('client', client)
  tokens = () => this.#get('tokens')
  saveTokens = (tokens: unknown) => void this.#kept.set('tokens', tokens)
  codeVerifier = () => this.#get('verifier')
  saveCodeVerifier = (verifier: string) => void this.#kept.set('verifier', verifier)
  redirectToAuthorization = (address: URL) => {
    this.address = address
  }
}

test('a program that nobody knows registers, and a person lets it in', async () => {
  const server = await ownServer()
  const { url } = server
  await server.post('/boards', { name: 'Cups' })
  await server.post('/boards', { name: 'Surprise', privacy: 'SECRET' })
  const provider = new Provider()
  const endpoint = new URL('/mcp', url)
  const transport = new StreamableHTTPClientTransport(endpoint, { authProvider: provider })
  await expect(new Client({ name: 'test', version: '1' }).connect(transport)).rejects.toThrow(UnauthorizedError)

  const { page, location } = await approve(url, provider.address ?? '')
  expect(page).toContain('Test agent')
  expect(page).toContain('nobody has checked its name')
  await transport.finishAuth(new URL(location).searchParams)
  const client = new Client({ name: 'test', version: '1' })
  onTestFinished(() => client.close())
  await client.connect(new StreamableHTTPClientTransport(endpoint, { authProvider: provider }))
  const { content } = await client.callTool({ name: 'list_boards', arguments: {} })
  expect(JSON.stringify(content)).toContain('Cups')
  // It did not ask for the scopes of secret boards.
  expect(JSON.stringify(content)).not.toContain('Surprise')
  // The token is one of this server's, and the person sees the program among their connected apps.
  const { access_token: token } = provider.tokens()
  expect((await server.get('/user_account', { token })).body.username).toBe('alice')

  // An expired token is renewed with the refresh token, which is spent by that.
  const before = provider.tokens()
  server.clock.advance(31 * 24 * 60 * 60_000)
  expect((await client.callTool({ name: 'list_boards', arguments: {} })).isError).toBeFalsy()
  expect(provider.tokens().refresh_token).not.toBe(before.refresh_token)
})

const post = async (url: string, path: string, body: unknown, headers: Record<string, string> = {}) => {
  const isForm = body instanceof URLSearchParams
  const answer = await fetch(new URL(path, url), {
    method: 'POST',
    body: isForm ? body : JSON.stringify(body),
    headers: { ...(!isForm && { 'content-type': 'application/json' }), ...headers },
  })
  // biome-ignore lint/suspicious/noExplicitAny: tests look at answers as JSON
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as any }
}

const register = (url: string, metadata: object) => post(url, '/oauth/clients', metadata)

/** Registers a program, and gets a code for it. */
async function codeOf(
  { url }: TestServer,
  change: Record<string, string> = {},
  person: { username: string; password: string } = people.alice,
  client_name = 'Agent',
) {
  const { client_id } = (await register(url, { client_name, redirect_uris: [redirectUri] })).body
  const code_verifier = randomBytes(32).toString('base64url')
  const code_challenge = createHash('sha256').update(code_verifier).digest('base64url')
  const query = new URLSearchParams({
    ...{ client_id, redirect_uri: redirectUri, response_type: 'code', scope: 'boards:read pins:read' },
    ...{ code_challenge, code_challenge_method: 'S256', resource: `${url}/mcp`, ...change },
  })
  const { location } = await approve(url, `/oauth/?${query}`, person)
  const code = new URL(location).searchParams.get('code') ?? ''
  return { client_id, code, code_verifier, redirect_uri: redirectUri, grant_type: 'authorization_code' }
}

const exchange = (url: string, form: Record<string, string>) =>
  post(url, '/oauth/clients/token', new URLSearchParams(form))

/** Starts a server on a new database. */
async function serverOn({ open }: TestDatabase): Promise<TestServer> {
  const { discard, ...database } = await open()
  onTestFinished(discard)
  return ownServer(database)
}

test.each(databases)('a code is for its program, its verifier and this server, once, on $name', async (database) => {
  const server = await serverOn(database)
  const { url } = server
  const form = await codeOf(server)
  const other = (await register(url, { client_name: 'Other', redirect_uris: [redirectUri] })).body.client_id
  for (const wrong of [{ client_id: other }, { code_verifier: 'x'.repeat(43) }, { redirect_uri: `${redirectUri}/b` }])
    expect((await exchange(url, { ...form, ...wrong })).body.error).toBe('invalid_grant')
  expect((await exchange(url, { ...form, resource: 'https://elsewhere.example/mcp' })).body.error).toBe(
    'invalid_target',
  )
  expect((await exchange(url, { ...form, client_id: `${form.client_id}x` })).status).toBe(401)
  expect((await exchange(url, { ...form, grant_type: 'password' })).body.error).toBe('unsupported_grant_type')

  const { status, headers, body } = await exchange(url, { ...form, resource: `${url}/mcp` })
  expect([status, headers.get('cache-control')]).toEqual([200, 'no-store'])
  expect(body).toMatchObject({ token_type: 'Bearer', scope: 'boards:read pins:read' })

  const refresh = { grant_type: 'refresh_token', client_id: form.client_id, refresh_token: body.refresh_token }
  expect((await exchange(url, { ...refresh, client_id: other })).body.error).toBe('invalid_grant')
  const renewed = await exchange(url, { ...refresh, scope: 'boards:read' })
  expect(renewed.body).toMatchObject({ scope: 'boards:read', refresh_token: expect.any(String) })
  expect((await exchange(url, refresh)).body.error).toBe('invalid_grant')
  expect((await exchange(url, { ...refresh, refresh_token: renewed.body.refresh_token })).body.scope).toBe(
    'boards:read pins:read',
  )

  // A code that comes again may have been stolen: its tokens are revoked.
  expect((await exchange(url, form)).body.error).toBe('invalid_grant')
  expect((await server.get('/boards', { token: body.access_token })).status).toBe(401)
})

test('a program without a secret needs PKCE, and a resource of others is refused', async () => {
  const server = await ownServer()
  const { url } = server
  const { client_id } = (await register(url, { client_name: 'Agent', redirect_uris: [redirectUri] })).body
  const query = { client_id, redirect_uri: redirectUri, response_type: 'code', scope: 'boards:read', state: 's' }
  const ask = async (more: Record<string, string>) => {
    const answer = await fetch(`${url}/oauth/?${new URLSearchParams({ ...query, ...more })}`, { redirect: 'manual' })
    return { status: answer.status, location: answer.headers.get('location') }
  }
  expect((await ask({})).location).toMatch(/error=invalid_request.*state=s/)
  const pkce = { code_challenge: 'a'.repeat(43), code_challenge_method: 'S256' }
  expect((await ask({ ...pkce, resource: 'https://elsewhere.example' })).location).toContain('error=invalid_target')
  expect((await ask({ ...pkce, redirect_uri: 'https://thief.example/' })).status).toBe(400)
  expect((await ask({ ...pkce, redirect_uri: 'http://127.0.0.1:9/callback' })).status).toBe(200)
  const [payload = '', signature = ''] = String(client_id).slice(4).split('.')
  const forged = Buffer.from(JSON.stringify(['Agent', ['https://thief.example/']])).toString('base64url')
  for (const bad of [`reg_${forged}.${signature}`, `reg_${payload}.${'A'.repeat(22)}`, `reg_${payload}`, 'reg_.'])
    expect((await ask({ ...pkce, client_id: bad })).status).toBe(400)
})

test.each(databases)(
  'strangers fill nothing by registering, and accounts share no program, on $name',
  async (database) => {
    const server = await serverOn(database)
    const { url } = server
    const apps = async () => (await server.get('/_pinfold/apps')).body.items.length
    const before = await apps()
    const good = { client_name: 'Agent', redirect_uris: [redirectUri] }
    const wrong: [object, string][] = [
      [{ ...good, redirect_uris: [] }, 'invalid_redirect_uri'],
      [{ ...good, redirect_uris: 'http://127.0.0.1' }, 'invalid_redirect_uri'],
      [{ ...good, redirect_uris: ['http://elsewhere.example/'] }, 'invalid_redirect_uri'],
      [{ ...good, redirect_uris: ['javascript:alert(1)'] }, 'invalid_redirect_uri'],
      [{ ...good, redirect_uris: ['https://a.example/#x'] }, 'invalid_redirect_uri'],
      [{ ...good, redirect_uris: ['https://me:secret@a.example/'] }, 'invalid_redirect_uri'],
      [
        { ...good, redirect_uris: Array.from({ length: 5 }, (_, i) => `https://a.example/${i}${'x'.repeat(400)}`) },
        'invalid_client_metadata',
      ],
      [{ ...good, client_name: 'x'.repeat(101) }, 'invalid_client_metadata'],
      [{ ...good, client_name: 7 }, 'invalid_client_metadata'],
      [[], 'invalid_redirect_uri'],
    ]
    for (const [metadata, error] of wrong) {
      const answer = await register(url, metadata)
      expect([answer.status, answer.body.error], JSON.stringify(metadata).slice(0, 80)).toEqual([400, error])
    }
    const { status, body } = await register(url, { ...good, client_name: ' Agent\u202e ' })
    expect(status).toBe(201)
    expect(body).toMatchObject({ client_name: 'Agent', token_endpoint_auth_method: 'none' })
    expect(body.client_secret).toBeUndefined()
    expect(await apps()).toBe(before)
    for (;;) {
      const answer = await register(url, good)
      if (answer.status === 201) continue
      expect([answer.status, Number(answer.headers.get('retry-after'))]).toEqual([429, expect.any(Number)])
      break
    }
    server.clock.advance(60 * 60_000)

    // For each account that approves, it is an app of its own: none can take the other's away.
    const [ofAlice, ofBob] = [await codeOf(server), await codeOf(server, {}, people.bob)]
    expect([ofAlice.client_id === ofBob.client_id, await apps()]).toEqual([true, before + 2])
    const { access_token: token } = (await exchange(url, ofBob)).body
    expect((await exchange(url, { ...ofAlice, code: ofBob.code })).body.error).toBe('invalid_grant')
    expect((await server.get('/boards', { token })).status).toBe(401)
    expect((await exchange(url, ofAlice)).status).toBe(200)

    const atOnce = await Promise.all([1, 2, 3].map(() => codeOf(server, {}, people.bob, 'Another')))
    expect(atOnce.map(({ code }) => code !== '')).toEqual([true, true, true])
    expect(await apps()).toBe(before + 3)
  },
)

test('the tools are for tokens of this server, and for no page of another site', async () => {
  const server = await ownServer()
  const { url } = server
  const call = { jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} }
  const headers = { accept: 'application/json, text/event-stream', authorization: `Bearer ${people.alice.token}` }
  const without = await post(url, '/mcp', call, { accept: headers.accept })
  expect(without.status).toBe(401)
  const [, metadataUrl = ''] = /resource_metadata="([^"]*)"/.exec(without.headers.get('www-authenticate') ?? '') ?? []
  const resource = await (await fetch(metadataUrl)).json()
  expect(resource).toMatchObject({ resource: `${url}/mcp`, authorization_servers: [url] })
  const authorization = await (await fetch(`${url}/.well-known/oauth-authorization-server`)).json()
  expect(authorization).toMatchObject({ issuer: url, code_challenge_methods_supported: ['S256'] })

  for (const wrong of ['Bearer pina_unknown', 'Basic abc', `Bearer ${testApp.secret}`])
    expect((await post(url, '/mcp', call, { ...headers, authorization: wrong })).status).toBe(401)
  for (const origin of ['https://elsewhere.example', 'null', 'http://localhost:1'])
    expect((await post(url, '/mcp', call, { ...headers, origin })).status).toBe(403)
  expect((await post(url, '/mcp', call, { ...headers, 'sec-fetch-site': 'cross-site' })).status).toBe(403)
  expect((await fetch(`${url}/mcp`, { headers })).status).toBe(405)
  const many = await fetch(`${url}/mcp`, {
    method: 'POST',
    body: 'x'.repeat(300_000),
    headers: { ...headers, 'content-type': 'application/json' },
  })
  expect(many.status).toBe(413)
  const broken = await fetch(`${url}/mcp`, {
    method: 'POST',
    body: '{',
    headers: { ...headers, 'content-type': 'application/json' },
  })
  expect(broken.status).toBe(400)
  const own = await fetch(`${url}/mcp`, {
    method: 'POST',
    body: JSON.stringify(call),
    headers: { ...headers, origin: url, 'content-type': 'application/json' },
  })
  expect([own.status, await own.text()]).toEqual([200, expect.stringContaining('list_boards')])
})
