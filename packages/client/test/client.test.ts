import { inspect } from 'node:util'
import { picture } from '@pinfold/test-support/pictures'
import { people, startTestServer, type TestServer, testApp } from '@pinfold/test-support/server'
import { beforeAll, describe, expect, test } from 'vitest'
import {
  AuthenticationError,
  InvalidRequestError,
  NotFoundError,
  PermissionError,
  PinterestClient,
  PinterestError,
  type Tokens,
} from '../src/index.ts'

let server: TestServer
let client: PinterestClient
beforeAll(async () => {
  server = await startTestServer()
  client = new PinterestClient({ accessToken: people.alice.token, baseUrl: server.url })
})

test('every operation is a method', async () => {
  expect((await client.userAccount.get()).username).toBe('alice')

  const board = await client.boards.create({ name: 'Client', privacy: 'SECRET' })
  expect(await client.boards.get(board.id)).toEqual(board)
  expect((await client.boards.update(board.id, { description: 'By the client' })).description).toBe('By the client')
  const section = await client.boardSections.create(board.id, { name: 'Part' })
  const { id: sectionId = '' } = section
  expect((await client.boardSections.update(board.id, sectionId, { name: 'Renamed' })).name).toBe('Renamed')
  expect((await client.boardSections.list(board.id)).items).toEqual([{ id: sectionId, name: 'Renamed' }])

  const pin = await client.pins.create({
    board_id: board.id,
    board_section_id: sectionId,
    picture: await picture({ hue: 5 }),
    title: 'Bytes',
  })
  expect(await client.pins.get(pin.id)).toEqual(pin)
  expect((await client.pins.update(pin.id, { title: 'Changed' })).title).toBe('Changed')
  const saved = await client.pins.save(pin.id, { board_id: board.id })
  expect(saved.parent_pin_id).toBe(pin.id)
  expect((await client.boards.listPins(board.id)).items).toHaveLength(2)
  expect((await client.boardSections.listPins(board.id, sectionId)).items).toHaveLength(1)
  expect((await client.pins.list({ pin_type: 'PRIVATE', creative_types: ['REGULAR', 'VIDEO'] })).items).toHaveLength(2)

  expect(await client.pins.delete(pin.id)).toBeUndefined()
  await client.boardSections.delete(board.id, sectionId)
  await client.boards.delete(board.id)
  await expect(client.boards.get(board.id)).rejects.toThrow(NotFoundError)
})

test('a list is a page to await and items to go through', async () => {
  for (let i = 0; i < 7; i++) await client.boards.create({ name: `Listed ${i}` })
  const page = await client.boards.list({ page_size: 3 })
  expect(page.items.map(({ name }) => name)).toEqual(['Listed 0', 'Listed 1', 'Listed 2'])
  expect((await page.next())?.items.map(({ name }) => name)).toEqual(['Listed 3', 'Listed 4', 'Listed 5'])

  const names: string[] = []
  for await (const { name } of client.boards.list({ page_size: 2 })) names.push(name)
  expect(names).toHaveLength(7)
  expect(await client.boards.list({ page_size: 2 }).toArray(5)).toHaveLength(5)
  const sizes: number[] = []
  for await (const { items } of client.boards.list({ page_size: 4 }).pages()) sizes.push(items.length)
  expect(sizes).toEqual([4, 3])
})

describe('errors', () => {
  const failure = async (doing: PromiseLike<unknown>): Promise<PinterestError> => {
    try {
      await doing
    } catch (error) {
      if (error instanceof PinterestError) return error
      throw error
    }
    throw new Error('It did not fail.')
  }

  test('are of a class each, with everything the answer said', async () => {
    const missing = await failure(client.pins.get('1'))
    expect(missing).toBeInstanceOf(NotFoundError)
    expect(missing).toMatchObject({ status: 404, code: 50, message: 'Pin not found.', name: 'NotFoundError' })
    expect(missing.requestId).toMatch(/^\d+$/)

    const invalid = await failure(client.boards.create({ name: '' }))
    expect(invalid).toBeInstanceOf(InvalidRequestError)
    expect(invalid.message).toContain('constraint: minLength=1')

    const board = await client.boards.create({ name: 'Not for Bob' })
    const bob = new PinterestClient({ accessToken: people.bob.token, baseUrl: `${server.url}/v5/` })
    expect(await failure(bob.boards.get(board.id))).toBeInstanceOf(PermissionError)

    const nobody = new PinterestClient({ accessToken: 'pina_nobody', baseUrl: server.url })
    expect(await failure(nobody.userAccount.get())).toBeInstanceOf(AuthenticationError)
    expect(await failure(new PinterestClient({ baseUrl: server.url }).userAccount.get())).toBeInstanceOf(
      AuthenticationError,
    )
  })

  test('tell nothing of a token, not even of one that cannot be sent', async () => {
    for (const accessToken of ['pina_secret\nand more', 'pina_secret and more', 'pina_secret…', 'pina_secret']) {
      const error = await failure(new PinterestClient({ accessToken, baseUrl: server.url }).boards.list())
      expect(error).toBeInstanceOf(AuthenticationError)
      expect(inspect(error, { depth: 9 })).not.toContain('pina_secret')
    }
    const away = new PinterestClient({ accessToken: 'pina_secret', baseUrl: 'http://127.0.0.1:9', maxRetries: 0 })
    expect(inspect(await failure(away.boards.list()), { depth: 9 })).not.toContain('pina_secret')
  })

  test('an id that is none is refused before anything is sent', async () => {
    await expect(client.pins.get('')).rejects.toThrow('pins/get: pin_id must be an id')
  })
})

describe('OAuth', () => {
  const app = () => ({ clientId: testApp.id, clientSecret: testApp.secret, baseUrl: server.url })

  test('the authorization URL asks for what it should', () => {
    const { oauth } = new PinterestClient({ ...app(), redirectUri: testApp.redirectUri })
    const url = new URL(oauth.authorizationUrl({ scopes: ['boards:read', 'pins:read'], state: 'a b' }))
    expect(url.origin + url.pathname).toBe(`${server.url}/oauth/`)
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: testApp.id,
      redirect_uri: testApp.redirectUri,
      response_type: 'code',
      scope: 'boards:read,pins:read',
      state: 'a b',
    })
    const pinterest = new PinterestClient({ clientId: '1', clientSecret: 's', redirectUri: 'http://localhost/' })
    expect(pinterest.oauth.authorizationUrl({ scopes: ['pins:read'] })).toMatch(
      /^https:\/\/www\.pinterest\.com\/oauth\/\?/,
    )
  })

  test('a token without scopes has those that were asked for, as Pinterest may leave them out', async () => {
    const answer = { access_token: 'pina_new', token_type: 'bearer', expires_in: 60 }
    const { oauth } = new PinterestClient({ ...app(), fetch: async () => Response.json(answer) })
    const scopes = ['boards:read', 'pins:read']
    expect((await oauth.clientCredentials(scopes)).scopes).toEqual(scopes)
    expect((await oauth.refresh('pinr_old')).scopes).toEqual([])
  })

  test('an access token that is refused is renewed once, for all calls that wait', async () => {
    const stored: Tokens[] = []
    let refreshes = 0
    const counting: typeof fetch = (input, init) => {
      if (String(input).endsWith('/oauth/token')) refreshes++
      return fetch(input, init)
    }
    const renewing = new PinterestClient({
      ...app(),
      accessToken: 'pina_expired_long_ago',
      refreshToken: people.alice.refresh,
      fetch: counting,
      onTokens: (tokens) => void stored.push(tokens),
    })
    const accounts = await Promise.all(Array.from({ length: 8 }, () => renewing.userAccount.get()))
    expect(new Set(accounts.map(({ username }) => username))).toEqual(new Set(['alice']))
    expect(refreshes).toBe(1)
    expect(stored).toHaveLength(1)
    expect(stored[0]).toMatchObject({
      refreshToken: people.alice.refresh,
      accessToken: expect.stringMatching(/^pina_/),
    })
  })

  test('a token that is about to expire is renewed before it is used', async () => {
    const sent: string[] = []
    const watching: typeof fetch = (input, init) => {
      sent.push(`${init?.method} ${new URL(String(input)).pathname}`)
      return fetch(input, init)
    }
    const renewing = new PinterestClient({
      ...app(),
      accessToken: people.alice.token,
      accessTokenExpiresAt: Date.now() + 30_000,
      refreshToken: people.alice.refresh,
      fetch: watching,
    })
    await renewing.userAccount.get()
    await renewing.userAccount.get()
    expect(sent).toEqual(['POST /v5/oauth/token', 'GET /v5/user_account', 'GET /v5/user_account'])
  })

  test('a grant that is no good asks for a new sign-in (12.15)', async () => {
    const { oauth } = new PinterestClient(app())
    const redirectUri = testApp.redirectUri
    const refusals = [() => oauth.refresh('pinr_unknown'), () => oauth.exchangeCode('unknown', { redirectUri })]
    for (const refused of refusals) {
      const error = await refused().catch((error) => error)
      expect(error).toBeInstanceOf(AuthenticationError)
      expect([error.status, error.code, error.message]).toEqual([401, 283, 'The authorization grant is invalid'])
    }
    const renewing = new PinterestClient({ ...app(), accessToken: 'pina_expired', refreshToken: 'pinr_unknown' })
    await expect(renewing.userAccount.get()).rejects.toThrow(AuthenticationError)
  })

  test("client credentials give the app's own token, and revoking ends it", async () => {
    const { oauth } = new PinterestClient(app())
    const { accessToken, scopes } = await oauth.clientCredentials(['user_accounts:read'])
    expect(scopes).toEqual(['user_accounts:read'])
    const own = new PinterestClient({ accessToken, baseUrl: server.url })
    expect((await own.userAccount.get()).username).toBe('alice')
    await oauth.revoke(accessToken)
    await expect(own.userAccount.get()).rejects.toThrow(AuthenticationError)
  })
})

test('many Pins are made in order, and one that fails stops no other', async () => {
  const board = await client.boards.create({ name: 'Many' })
  const pictures = await Promise.all([1, 2, 3, 4].map((hue) => picture({ hue: hue + 200 })))
  const pins = [0, 1, 2, 3, 0, 1].map((i, n) => ({
    board_id: n === 2 ? '1' : board.id,
    title: `Pin ${n}`,
    picture: pictures[i] ?? new Uint8Array(),
  }))
  const heard: number[] = []
  const results = await client.pins.createMany(pins, { concurrency: 3, onProgress: ({ done }) => heard.push(done) })
  expect(results.map(({ status }) => status)).toEqual(['created', 'created', 'failed', 'created', 'created', 'created'])
  expect(results.map((result) => (result.status === 'created' ? result.pin.title : result.status))).toEqual([
    'Pin 0',
    'Pin 1',
    'failed',
    'Pin 3',
    'Pin 4',
    'Pin 5',
  ])
  expect(heard).toEqual([1, 2, 3, 4, 5, 6])
  expect((await client.boards.get(board.id)).pin_count).toBe(5)

  const controller = new AbortController()
  const cancelled = await client.pins.createMany(pins, {
    concurrency: 1,
    signal: controller.signal,
    onProgress: () => controller.abort(),
  })
  expect(cancelled.map(({ status }) => status)).toEqual(['created', ...Array.from({ length: 5 }, () => 'cancelled')])
})
