import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { allScopes, businessAccessRoles } from '@pinfold/contract'
import { databases } from '@pinfold/test-support/databases'
import { base64Source } from '@pinfold/test-support/pictures'
import { allScopesBut, people, seedFile, startTestServer, type TestServer } from '@pinfold/test-support/server'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'

const shared = businessAccessRoles.filter((role) => role !== 'OWNER')
const tokenOf = (username: string) => `pina_${username.padEnd(24, '0')}`
const as = (username: string) => ({ token: tokenOf(username) })
const bob = { token: people.bob.token }
const withoutAds = 'pina_without_ads_000000000000'
const withoutSecrets = 'pina_admin_without_secrets_00'

/** Alice's business, somebody with each role in its ad account, and another business. */
function seed() {
  const { accounts, apps, tokens } = seedFile([
    { text: withoutAds, scopes: allScopesBut('ads:read', 'ads:write', 'user_accounts:read') },
  ])
  const [alice, ...others] = accounts
  const roles = shared.map((role) => ({ account: role.toLowerCase().slice(0, 30), role }))
  const helpers = roles.map(({ account }) => account)
  return {
    accounts: [
      { ...alice, ad_account_roles: [...roles, { account: 'admin', role: 'ANALYST' }] },
      ...others,
      ...helpers.map((username) => ({ username })),
      {
        username: 'rival',
        account_type: 'BUSINESS',
        business_name: 'Rival & Sons',
        ad_accounts: [
          { name: 'Abroad', country: 'PL', time_zone: 'Europe/Warsaw', roles: [{ account: 'admin', role: 'ANALYST' }] },
        ],
      },
    ],
    apps,
    tokens: [
      ...tokens,
      ...[...helpers, 'rival'].map((account) => ({ app: '1001', account, access_token: tokenOf(account) })),
      {
        app: '1001',
        account: 'admin',
        access_token: withoutSecrets,
        scopes: allScopes.filter((scope) => !scope.endsWith('_secret')),
      },
    ],
  }
}

describe.each(databases)('ad accounts on $name', ({ open }) => {
  let server: TestServer
  /** The ad account that Alice's business has from its beginning. */
  let first: string
  const boards: Record<string, string> = {}
  const pins: Record<string, string> = {}

  beforeAll(async () => {
    const { discard, ...database } = await open()
    const folder = await mkdtemp(join(tmpdir(), 'pinfold-ad-accounts-'))
    const path = join(folder, 'seed.json')
    await writeFile(path, JSON.stringify(seed()))
    server = await startTestServer({ ...database, seed: path })
    first = (await server.get('/ad_accounts')).body.items[0].id
    for (const privacy of ['PUBLIC', 'SECRET']) {
      boards[privacy] = (await server.post('/boards', { name: `Alice ${privacy}`, privacy })).body.id
      const body = { board_id: boards[privacy], title: privacy, media_source: await base64Source() }
      pins[privacy] = (await server.post('/pins', body)).body.id
    }
    return async () => {
      await server.close()
      await rm(folder, { recursive: true, force: true })
      await discard()
    }
  })

  const list = async (query = '', options = {}) => {
    const { status, body } = await server.get(`/ad_accounts${query}`, options)
    expect(status).toBe(200)
    return body
  }
  const names = async (query = '', options = {}): Promise<string[]> =>
    (await list(query, options)).items.map(({ name }: { name: string }) => name)

  test('a business has one from its beginning, as real answers show it', async () => {
    const { items, bookmark } = await list('', as('rival'))
    expect(bookmark).toBeNull()
    const { id } = (await server.get('/user_account', as('rival'))).body
    const time = Math.floor(server.clock.now() / 1000)
    expect(items[1]).toEqual({
      id: expect.stringMatching(/^\d+$/),
      name: 'Rival & Sons',
      owner: { username: 'rival', id },
      ...{ country: 'US', currency: 'USD', permissions: ['OWNER'] },
      created_time: expect.closeTo(time, -2),
      updated_time: items[1].created_time,
    })
    expect(items[0]).toMatchObject({ name: 'Abroad', country: 'PL', currency: 'PLN', time_zone: 'Europe/Warsaw' })
    expect((await server.get(`/ad_accounts/${items[0].id}`, as('rival'))).body).toEqual(items[0])
    expect(await names('', bob)).toEqual([])
  })

  test('a business makes more, up to 50, and lists them in pages', async () => {
    const given = { name: 'Studio', country: 'DE', currency: 'UNK', time_zone: 'Europe/Berlin' }
    const { status, body } = await server.post('/ad_accounts', given)
    expect(status).toBe(201)
    expect(body).toMatchObject({ ...given, currency: 'EUR', permissions: [], owner: { username: 'alice' } })
    expect((await server.get(`/ad_accounts/${body.id}`)).body).toEqual({ ...body, permissions: ['OWNER'] })

    const tooMany = await Promise.all(
      Array.from({ length: 52 }, (_, i) => server.post('/ad_accounts', { name: `${i}` })),
    )
    expect(tooMany.filter((answer) => answer.status === 201)).toHaveLength(48)
    const refused = tooMany.filter((answer) => answer.status !== 201)
    for (const answer of refused) {
      expect([answer.status, answer.body.code]).toEqual([403, 29])
      expect(answer.body.message).toContain('50 ad accounts at most')
    }
    const seen: string[] = []
    for (let bookmark: string | null = ''; bookmark !== null; ) {
      const page = await list(`?page_size=20&bookmark=${bookmark}`)
      expect(page.items.length).toBeLessThanOrEqual(20)
      seen.push(...page.items.map(({ id }: { id: string }) => id))
      bookmark = page.bookmark
    }
    expect(seen).toHaveLength(50)
    expect(seen.at(-1)).toBe(first)
    expect(seen).toEqual([...new Set(seen)].sort((a, b) => Number(b) - Number(a)))
  })

  test('made again under its key, it is there once', async () => {
    const headers = { 'idempotency-key': 'one ad account' }
    const [one, two] = [0, 1].map(() => server.post('/ad_accounts', { name: 'Once' }, { ...as('rival'), headers }))
    expect((await one)?.body).toEqual((await two)?.body)
    expect(await names('', as('rival'))).toEqual(['Once', 'Abroad', 'Rival & Sons'])
  })

  test.each([
    [{ name: ' ' }, 400, `'name'`],
    [{ name: 'x'.repeat(257) }, 400, 'name'],
    [{ time_zone: 'Mars/Olympus' }, 400, 'Europe/Berlin'],
    [{ time_zone: '+01:00' }, 400, 'time_zone'],
    [{ country: 'XX' }, 400, 'country'],
    [{ currency: 'EURO' }, 400, 'currency'],
    [{ owner_user_id: '1' }, 403, 'owner_user_id'],
  ])('%j is refused', async (body, status, said) => {
    const answer = await server.post('/ad_accounts', body, as('rival'))
    expect(answer.status).toBe(status)
    expect(answer.body.message).toContain(said)
  })

  test('only a business makes one, for itself', async () => {
    const { id } = (await server.get('/user_account', as('rival'))).body
    const own = await server.post('/ad_accounts', { name: 'Own', owner_user_id: id }, as('rival'))
    expect(own.status).toBe(201)
    const foreign = await server.post('/ad_accounts', { owner_user_id: id }, as('admin'))
    const person = await server.post('/ad_accounts', {}, bob)
    for (const { status, body } of [foreign, person]) expect([status, body.code]).toEqual([403, 29])
    expect(person.body.message).toContain('business')
  })

  test('whoever has a role sees it with that role, and can leave those of others out', async () => {
    expect((await list('', as('admin'))).items.map(({ name, permissions }: never) => [name, permissions])).toEqual([
      ['Abroad', ['ANALYST']],
      ['alice', ['ADMIN', 'ANALYST']],
    ])
    const page = await list('?page_size=1', as('admin'))
    expect(page.items.map(({ name }: { name: string }) => name)).toEqual(['Abroad'])
    expect((await list(`?page_size=1&bookmark=${page.bookmark}`, as('admin'))).items[0].id).toBe(first)
    expect(await names('?include_shared_accounts=false', as('admin'))).toEqual([])
    expect((await server.get('/ad_accounts?include_shared_accounts=perhaps', as('admin'))).status).toBe(400)
    expect(await names('?include_shared_accounts=false', as('rival'))).toContain('Abroad')
  })

  test('of others it is not told whether they exist', async () => {
    const answers = await Promise.all([
      server.get(`/ad_accounts/${first}`, bob),
      server.get('/ad_accounts/1', bob),
      server.get(`/ad_accounts/${'9'.repeat(18)}`, bob),
      server.get(`/ad_accounts/${first}`, as('rival')),
    ])
    const told = answers.map(({ status, body: { code, message } }) => [status, code, message.replace(/\d+/g, '')])
    expect(new Set(told.map(String)).size).toBe(1)
    expect(told[0]?.slice(0, 2)).toEqual([403, 29])
  })

  test('each scope is needed', async () => {
    const token = { token: withoutAds }
    for (const path of ['/ad_accounts', `/ad_accounts/${first}`, '/resources/ad_account_countries'])
      expect([path, (await server.get(path, token)).status]).toEqual([path, 401])
    expect((await server.post('/ad_accounts', {}, token)).status).toBe(401)
    expect((await server.get('/user_account/businesses', token)).status).toBe(401)
  })

  test('countries come with what is paid with there', async () => {
    const { items } = (await server.get('/resources/ad_account_countries')).body
    expect(items[0]).toEqual({ code: 'AR', currency: 'ARS', index: 1, name: 'Argentina' })
    expect(items.find(({ code }: { code: string }) => code === 'DE')).toMatchObject({
      currency: 'EUR',
      name: 'Germany',
    })
    expect(items.map(({ index }: { index: number }) => index)).toEqual(items.map((_: unknown, i: number) => i + 1))
  })

  test('businesses are those that gave one a role', async () => {
    const businesses = (await server.get('/user_account/businesses', as('admin'))).body
    expect(businesses.map(({ username }: { username: string }) => username)).toEqual(['alice', 'rival'])
    for (const size of ['small', 'medium', 'large', 'xlarge']) {
      const picture = await fetch(businesses[0][`image_${size}_url`])
      expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/png'])
      await picture.arrayBuffer()
    }
    expect((await server.get('/user_account/businesses')).body).toEqual([])
  })

  describe('acting as their owner', () => {
    const mayPin = ['admin', 'analyst', 'campaign_manager', 'profile_manager', 'profile_publisher']
    const mayAnalyse = ['admin', 'analyst', 'profile_manager']
    const seesSecrets = ['admin']
    const everybody = shared.map((role) => role.toLowerCase().slice(0, 30))
    const acting = (path: string) => `${path}${path.includes('?') ? '&' : '?'}ad_account_id=${first}`
    const days = 'start_date=2026-03-01&end_date=2026-03-10'

    test.each(everybody)('%s may do what the role allows, and no more', async (username) => {
      const pinStatus = mayPin.includes(username) ? 200 : 403
      const get = (path: string) => server.get(acting(path), as(username))
      const user = await get('/user_account')
      expect([user.status, user.body.username]).toEqual([pinStatus, pinStatus === 200 ? 'alice' : undefined])
      expect((await get(`/pins/${pins.PUBLIC}`)).status).toBe(pinStatus)
      expect((await get('/search/pins?query=public')).status).toBe(pinStatus)
      const analytics = mayAnalyse.includes(username) ? 200 : 403
      expect((await get(`/user_account/analytics?${days}`)).status).toBe(analytics)
      expect((await get(`/pins/${pins.PUBLIC}/analytics?${days}&metric_types=SAVE`)).status).toBe(analytics)
      for (const path of ['/pins', `/boards/${boards.PUBLIC}/pins`, `/pins/${pins.PUBLIC}`])
        expect((await get(`${path}?pin_metrics=true`)).status).toBe(analytics)
      const hidden = pinStatus === 403 ? 403 : seesSecrets.includes(username) ? 200 : 404
      expect((await get(`/pins/${pins.SECRET}`)).status).toBe(hidden)
      expect((await get(`/boards/${boards.SECRET}`)).status).toBe(hidden)
      if (pinStatus !== 200) return
      const count = hidden === 200 ? 2 : 1
      expect(user.body).toMatchObject({ board_count: count, pin_count: count })
      const shown = (await get('/boards')).body.items.map(({ name }: { name: string }) => name)
      expect(shown).toEqual(hidden === 200 ? ['Alice PUBLIC', 'Alice SECRET'] : ['Alice PUBLIC'])
      expect(JSON.stringify((await get('/search/pins?query=secret')).body).includes(pins.SECRET ?? '')).toBe(
        hidden === 200,
      )
    })

    test('boards and Pins that are made are the owner’s', async () => {
      const options = as('profile_publisher')
      const board = (await server.post(acting('/boards'), { name: 'By another' }, options)).body
      expect(board.owner).toEqual({ username: 'alice' })
      const media_source = await base64Source()
      const made = await server.post(acting('/pins'), { board_id: board.id, title: 'For Alice', media_source }, options)
      expect(made.body).toMatchObject({ board_owner: { username: 'alice' }, is_owner: true })
      expect((await server.get(`/pins/${made.body.id}`)).body.is_owner).toBe(true)
      expect((await server.get(`/pins/${made.body.id}`, options)).status).toBe(403)
      const hidden = await server.post(acting('/boards'), { name: 'Hidden', privacy: 'SECRET' }, options)
      expect(hidden.status).toBe(401)
      expect(hidden.body.message).toContain('OWNER or ADMIN')
      expect((await server.get('/user_account', options)).body).toMatchObject({ board_count: 0, pin_count: 0 })
      expect((await server.delete(acting(`/boards/${board.id}`), options)).status).toBe(204)
    })

    test('a video that the helper has uploaded goes on the owner’s Pins', async () => {
      const options = as('profile_publisher')
      const { media_id } = (await server.post('/media', { media_type: 'video' }, options)).body
      const pin = (token: object) =>
        server.post(
          acting('/pins'),
          {
            board_id: boards.PUBLIC,
            media_source: { source_type: 'video_id', media_id, cover_image_url: 'https://a.example/b.jpg' },
          },
          token,
        )
      expect((await pin(options)).body.message).toContain('not been uploaded')
      expect((await pin(as('admin'))).status).toBe(404)
      expect((await pin({})).status).toBe(404)
    })

    test('a token shows no more than its own scopes allow', async () => {
      const options = { token: withoutSecrets }
      expect((await server.get(acting(`/pins/${pins.PUBLIC}`), options)).status).toBe(200)
      expect((await server.get(acting(`/pins/${pins.SECRET}`), options)).status).toBe(404)
      expect((await server.get(acting(`/pins/${pins.SECRET}`), as('admin'))).status).toBe(200)
    })

    test('bookmarks and keys of one account are not those of the other', async () => {
      const options = as('admin')
      const { bookmark } = (await server.get(acting('/pins?page_size=1'), options)).body
      expect((await server.get(`/pins?page_size=1&bookmark=${bookmark}`, options)).status).toBe(400)
      expect((await server.get(acting(`/pins?page_size=1&bookmark=${bookmark}`), options)).status).toBe(200)
      const keyed = { ...options, headers: { 'idempotency-key': 'acting' } }
      expect((await server.post('/boards', { name: 'Whose' }, keyed)).body.owner.username).toBe('admin')
      expect((await server.post(acting('/boards'), { name: 'Whose' }, keyed)).status).toBe(409)
    })

    test('the owner’s own ad account changes nothing', async () => {
      for (const path of ['/user_account', '/boards', '/pins'])
        expect((await server.get(acting(path))).body).toEqual((await server.get(path)).body)
    })
  })
})

test('requests for the owner count against the limits of who sends them', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pinfold-ad-account-limits-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  await writeFile(join(folder, 'seed.json'), JSON.stringify(seed()))
  await writeFile(join(folder, 'limits.json'), JSON.stringify({ org_read: { limit: 2, windowSeconds: 60 } }))
  const server = await startTestServer({ seed: join(folder, 'seed.json'), rateLimits: join(folder, 'limits.json') })
  const { id } = (await server.get('/ad_accounts')).body.items[0]
  const statuses = []
  for (let i = 0; i < 3; i++) statuses.push((await server.get(`/boards?ad_account_id=${id}`, as('admin'))).status)
  expect(statuses).toEqual([200, 200, 429])
  expect((await server.get('/boards')).status).toBe(200)
})
