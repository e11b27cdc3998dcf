import { databases } from '@pinfold/test-support/databases'
import { base64Source } from '@pinfold/test-support/pictures'
import { allScopesBut, people, startTestServer, type TestServer } from '@pinfold/test-support/server'
import { newVisitor } from '@pinfold/test-support/visitor'
import { beforeAll, describe, expect, test } from 'vitest'

const bob = { token: people.bob.token }
const nobody = { token: null }
const withoutSecrets = { token: 'pina_without_secrets_0000000' }
const withoutPins = { token: 'pina_without_pins_0000000000' }
const missing = '999999999999999'

describe.each(databases)('what the web app asks for, on $name', ({ open }) => {
  let server: TestServer
  const boards: Record<string, string> = {}
  const pins: Record<string, string> = {}
  let hue = 0

  const makeBoard = async (name: string, privacy: string, options = {}) => {
    boards[name] = (await server.post('/boards', { name, privacy }, options)).body.id
  }
  const makePin = async (on: string, title: string, options = {}, more = {}) => {
    const given = { board_id: boards[on], title, media_source: await base64Source(++hue), ...more }
    const { body, status } = await server.post('/pins', given, options)
    expect(status).toBe(201)
    pins[title] = body.id
  }
  const web = (path: string, options = {}) => server.get(`/_pinfold/web/${path}`, options)
  const titles = async (path: string, options = {}): Promise<string[]> => {
    const { status, body } = await web(path, options)
    expect(status, path).toBe(200)
    return body.items.map(({ title, board }: { title?: string; board?: { name: string } }) => title ?? board?.name)
  }

  beforeAll(async () => {
    const { discard, ...database } = await open()
    server = await startTestServer({
      ...database,
      tokens: [
        {
          text: withoutSecrets.token,
          scopes: allScopesBut('boards:read_secret', 'boards:write_secret', 'pins:read_secret', 'pins:write_secret'),
        },
        { text: withoutPins.token, scopes: allScopesBut('pins:read') },
      ],
    })
    await makeBoard('Open', 'PUBLIC')
    await makeBoard('By address', 'PROTECTED')
    await makeBoard('Hidden', 'SECRET')
    const { body: section } = await server.post(`/boards/${boards.Open}/sections`, { name: 'Shelf' })
    await makePin('Open', 'Cup')
    await makePin('Open', 'Bowl', {}, { board_section_id: section.id })
    await makePin('By address', 'Letter')
    await makePin('Hidden', 'Present')
    await makeBoard("Bob's", 'PUBLIC', bob)
    await makePin("Bob's", 'Rake', bob)
    const saved = await server.post(`/pins/${pins.Cup}/save`, { board_id: boards["Bob's"] }, bob)
    expect(saved.status).toBe(201)
    return async () => {
      await server.close()
      await discard()
    }
  })

  test('the newest public Pins are for everybody, page by page, without saves', async () => {
    for (const who of [nobody, bob, {}]) expect(await titles('feed', who)).toEqual(['Rake', 'Bowl', 'Cup'])
    const first = (await web('feed?page_size=2', nobody)).body
    expect(first.items).toHaveLength(2)
    expect(await titles(`feed?page_size=2&bookmark=${first.bookmark}`, nobody)).toEqual(['Cup'])
    expect((await web(`feed?feed=following&bookmark=${first.bookmark}`)).status).toBe(400)
  })

  test('the Pins of those whom one follows are theirs alone, until one stops', async () => {
    expect(await titles('feed?feed=following')).toEqual([])
    expect((await server.post('/user_account/following/bob', {})).status).toBe(200)
    expect(await titles('feed?feed=following')).toEqual(['Cup', 'Rake'])
    expect((await web('users/bob')).body).toMatchObject({ is_followed: true, follower_count: 1 })
    for (const _ of [1, 2]) expect((await server.delete('/_pinfold/web/users/bob/follow')).status).toBe(204)
    expect(await titles('feed?feed=following')).toEqual([])
    expect((await web('users/bob')).body).toMatchObject({ is_followed: false, follower_count: 0 })
    expect((await web('users/alice')).body).toMatchObject({ following_count: 0 })
    expect((await server.delete('/_pinfold/web/users/nobody_here/follow')).status).toBe(404)
  })

  test('what is like one’s own Pins is of others', async () => {
    expect(await titles('feed?feed=for_you', bob)).toEqual(expect.arrayContaining(['Bowl']))
    expect(await titles('feed?feed=for_you')).not.toEqual(expect.arrayContaining(['Bowl']))
    for (const feed of ['for_you', 'following']) expect((await web(`feed?feed=${feed}`, nobody)).status).toBe(401)
  })

  test('a Pin comes with its board, its section, its owner, and who saved it', async () => {
    for (const who of [nobody, bob, {}])
      expect((await web(`pins/${pins.Cup}`, who)).body).toMatchObject({
        pin: { title: 'Cup', is_owner: who !== nobody && who !== bob },
        board: { name: 'Open', privacy: 'PUBLIC', cover_url: expect.stringContaining('/media/400x300/') },
        section: null,
        owner: { username: 'alice', name: 'alice' },
        saved_by: { count: 1, people: [{ username: 'bob' }] },
      })
    expect((await web(`pins/${pins.Bowl}`, nobody)).body).toMatchObject({ section: { name: 'Shelf' } })
    expect((await server.get(`/_pinfold/pins/${pins.Cup}/related`, nobody)).status).toBe(200)
  })

  test('a board comes with its sections and its Pins', async () => {
    expect((await web(`boards/${boards.Open}`, nobody)).body).toMatchObject({
      board: { name: 'Open', pin_count: 2 },
      owner: { username: 'alice' },
      is_yours: false,
    })
    const { items } = (await web(`boards/${boards.Open}/sections`, nobody)).body
    expect(items).toMatchObject([{ name: 'Shelf', cover_url: expect.stringContaining('/media/150x150/') }])
    expect(await titles(`boards/${boards.Open}/pins`, nobody)).toEqual(['Bowl', 'Cup'])
    expect(await titles(`boards/${boards.Open}/pins?section_id=${items[0].id}`, nobody)).toEqual(['Bowl'])
    expect((await web(`boards/${boards.Open}/pins?section_id=${missing}`, nobody)).status).toBe(404)
  })

  test('a profile counts and lists what its visitor may see', async () => {
    const seen = async (who: object) => {
      const { board_count, pin_count, is_you } = (await web('users/Alice', who)).body
      const [boardNames, pinTitles] = [await titles('users/alice/boards', who), await titles('users/alice/pins', who)]
      expect([board_count, pin_count]).toEqual([boardNames.length, pinTitles.length])
      return { boardNames, is_you }
    }
    for (const who of [nobody, bob]) expect(await seen(who)).toEqual({ boardNames: ['Open'], is_you: false })
    expect(await seen({})).toEqual({ boardNames: ['By address', 'Hidden', 'Open'], is_you: true })
    expect(await seen(withoutSecrets)).toEqual({ boardNames: ['By address', 'Open'], is_you: true })
    for (const path of ['', '/boards', '/pins']) expect((await web(`users/nobody_here${path}`)).status).toBe(404)
  })

  test('what is secret or protected is to others as if it were not there', async () => {
    const inside = (board: string, pin: string) => [
      `pins/${pin}`,
      `boards/${board}`,
      `boards/${board}/sections`,
      `boards/${board}/pins`,
    ]
    const none = inside(missing, missing)
    for (const [board, pin] of [
      ['By address', 'Letter'],
      ['Hidden', 'Present'],
    ] as const) {
      const mine = inside(boards[board] ?? '', pins[pin] ?? '')
      for (const [i, path] of mine.entries()) {
        expect((await web(path)).status, path).toBe(200)
        for (const who of [nobody, bob, ...(board === 'Hidden' ? [withoutSecrets] : [])]) {
          const [answer, absent] = [await web(path, who), await web(none[i] ?? '', who)]
          expect([answer.status, answer.body], path).toEqual([404, absent.body])
        }
      }
    }
    expect((await web('feed', withoutPins)).status).toBe(401)
  })

  describe('a person signed in in a browser', () => {
    const fromApp = { 'x-pinfold-app': '1', 'sec-fetch-site': 'same-origin' }
    const signedIn = async (person: { username: string; password: string } = people.alice) => {
      const visitor = newVisitor(server.url)
      await visitor.signIn(person)
      return { cookie: `pinfold_session=${visitor.cookie('pinfold_session')}` }
    }

    test('acts with every scope, through the app’s pages alone', async () => {
      const cookie = await signedIn()
      const as = (headers: Record<string, string>) => ({ token: null, headers: { ...cookie, ...headers } })
      expect((await server.get('/boards', as(fromApp))).body.items).toHaveLength(3)
      expect((await web('session', as(fromApp))).body).toEqual({
        person: { username: 'alice', name: 'alice', profile_image: expect.stringContaining('/media/avatars/') },
        sign_up: 'open',
        is_demo: false,
      })
      expect(await titles('users/alice/boards', as(fromApp))).toContain('Hidden')
      for (const headers of [
        { 'sec-fetch-site': 'same-origin' }, // A form or a picture of another page cannot set our header.
        { ...fromApp, 'sec-fetch-site': 'same-site' },
        { ...fromApp, 'sec-fetch-site': 'cross-site' },
        { ...fromApp, origin: 'http://127.0.0.1:1' },
      ]) {
        expect((await server.get('/boards', as(headers))).status).toBe(401)
        expect((await server.post('/boards', { name: 'Forged' }, as(headers))).status).toBe(401)
        expect((await web('session', as(headers))).body.person).toBeNull()
        expect(await titles('users/alice/boards', as(headers))).toEqual(['Open'])
      }
      const forged = { token: null, headers: { ...fromApp, cookie: 'pinfold_session=guessed' } }
      expect((await server.get('/boards', forged)).status).toBe(401)
    })

    test('is told apart from a token, which decides if there is one', async () => {
      const headers = { ...(await signedIn()), ...fromApp }
      expect((await server.get('/user_account', { ...bob, headers })).body.username).toBe('bob')
      expect((await server.get('/user_account', { token: 'pina_wrong_000000000', headers })).status).toBe(401)
    })

    test('may send a creation again under its key, and gets no token of an app', async () => {
      const headers = { ...(await signedIn(people.bob)), ...fromApp, 'idempotency-key': 'only-once-please' }
      const make = () => server.post('/boards', { name: 'Once' }, { token: null, headers })
      const [first, second] = [await make(), await make()]
      expect([first.status, second.status]).toEqual([201, 201])
      expect(second.body.id).toBe(first.body.id)
      expect((await server.post('/oauth/conversion_token', {}, { token: null, headers })).status).toBe(403)
    })

    test('is gone with the session', async () => {
      const headers = { ...(await signedIn()), ...fromApp }
      expect((await server.get('/boards', { token: null, headers })).status).toBe(200)
      server.clock.advance(15 * 24 * 60 * 60 * 1000)
      expect((await server.get('/boards', { token: null, headers })).status).toBe(401)
    })
  })
})
