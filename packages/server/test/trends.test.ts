import { demoCredentials } from '@pinfold/server'
import { databases } from '@pinfold/test-support/databases'
import { base64Source } from '@pinfold/test-support/pictures'
import { allScopesBut, people, startTestServer, type TestServer } from '@pinfold/test-support/server'
import { beforeAll, describe, expect, test } from 'vitest'

const dayMs = 86_400_000
const bob = { token: people.bob.token }
const withoutUser = 'pina_without_user_0000000000'
const paths = [
  '/trends/keywords/US/top/monthly',
  '/trends/topics/featured?region=US',
  '/trends/product_categories/trending?region=US',
  '/trends/product_categories/details?region=US&product_categories=TABLEWARE',
  '/trends/editorial_articles?region=US',
]

interface Keyword {
  keyword: string
  pct_growth_wow: number
  pct_growth_mom: number
  pct_growth_yoy: number
  time_series: Record<string, number>
  demographics: unknown
}

describe.each(databases)('trends on $name', ({ open }) => {
  let server: TestServer
  const boards: Record<string, string> = {}
  const pins: Record<string, string> = {}

  const pin = async (board: string, words: { title: string; description?: string }): Promise<void> => {
    const media_source = await base64Source()
    const { body, status } = await server.post('/pins', { board_id: boards[board], ...words, media_source })
    expect(status).toBe(201)
    pins[words.title] = body.id
  }
  const search = (words: string, options = {}) => server.get(`/search/pins?query=${words}`, options)
  const happens = async (type: string, title: string, times: number): Promise<void> => {
    const at = new Date(server.clock.now()).toISOString()
    const events = Array.from({ length: times }, (_, i) => ({
      ...{ id: `${type} ${title} ${at} ${i}`, type, pin_id: pins[title], at },
      viewer: `visitor ${i}`,
    }))
    const { body } = await server.post('/_pinfold/events', { events }, bob)
    expect(body.counted).toBe(times)
  }
  const keywords = async (type: string, query = ''): Promise<Keyword[]> => {
    const { body, status } = await server.get(`/trends/keywords/US/top/${type}?${query}`, bob)
    expect(status).toBe(200)
    return body.trends
  }
  const words = async (type: string, query = '') => (await keywords(type, query)).map(({ keyword }) => keyword)

  // The clock stands on Saturday, 2026-03-14.
  beforeAll(async () => {
    const { discard, ...database } = await open()
    server = await startTestServer({
      ...database,
      tokens: [{ text: withoutUser, scopes: allScopesBut('user_accounts:read') }],
    })
    for (const [name, privacy] of [
      ['Kiln & wheel', 'PUBLIC'],
      ['Plans', 'SECRET'],
    ] as const)
      boards[name] = (await server.post('/boards', { name, privacy, description: 'From clay' })).body.id
    await pin('Kiln & wheel', { title: 'Glazed cup', description: 'Tableware for breakfast' })
    await pin('Kiln & wheel', { title: 'Cup with saucer' })
    await pin('Kiln & wheel', { title: 'Wool coat' })
    await pin('Plans', { title: 'Unannounced teapot' })
    return async () => {
      await server.close()
      await discard()
    }
  })

  test('knows nothing before the first week is over', async () => {
    expect((await server.get('/trends/keywords/US/top/monthly')).body).toEqual({ trends: [] })
    for (const path of paths.slice(1)) expect((await server.get(path)).body).toEqual([])
  })

  test('counts searches, new Pins and what is done with Pins, when the week is over', async () => {
    await search('cup saucer')
    await search('breakfast', bob)
    for (let i = 0; i < 5; i++) await search('saucer', bob)
    await search('xylophone')
    await search('zither', bob)
    await search('zither')
    await happens('outbound_click', 'Glazed cup', 4)
    await happens('pin_click', 'Wool coat', 2)
    server.clock.advance(dayMs)

    // Two Pins, four clicks and a search of one account for "cup"; one Pin and two accounts for "saucer".
    const found = await keywords('monthly')
    expect(found.map(({ keyword }) => keyword)).toEqual([
      ...['cup', 'breakfast', 'glazed', 'tableware', 'coat', 'saucer', 'wool', 'zither'],
    ])
    expect(found[0]).toMatchObject({ pct_growth_wow: 10_001, pct_growth_mom: 10_001, pct_growth_yoy: 10_001 })
    expect(Object.keys(found[0]?.time_series ?? {})).toHaveLength(52)
    expect(found.find(({ keyword }) => keyword === 'saucer')?.time_series).toMatchObject({
      '2026-03-07': 0,
      '2026-03-14': 100,
    })
  })

  test('tells what one account searched for to nobody, and nothing of secret Pins', async () => {
    const told = await words('yearly')
    expect(told).not.toContain('xylophone')
    expect(told).not.toContain('unannounced')
    expect(told).toContain('zither')
  })

  test('compares keywords with each other when asked to', async () => {
    const [cup, breakfast] = await keywords('monthly', 'normalize_against_group=true')
    expect([cup?.time_series['2026-03-14'], breakfast?.time_series['2026-03-14']]).toEqual([100, 86])
    expect(await words('monthly', 'limit=1')).toEqual(['cup'])
    expect(await words('monthly', 'include_keywords=Coat,cups')).toEqual(['coat'])
    expect(await words('monthly', 'interests=art')).toEqual([])
    expect((await keywords('monthly', 'limit=1&include_demographics=true'))[0]?.demographics).toBeNull()
  })

  test.each(['GB+IE', 'GB%2BIE', 'GB%20IE'])('takes %s for a region', async (region) => {
    expect((await server.get(`/trends/keywords/${region}/top/monthly`)).body.trends).toHaveLength(8)
    const { body } = await server.get(`/trends/topics/featured?region=${region}`)
    expect(body).toMatchObject([{ interest: 'ALL', market: 'GB+IE' }])
  })

  test('features topics with public Pins', async () => {
    const { body } = await server.get('/trends/topics/featured?region=CA', bob)
    expect(body).toMatchObject([{ interest: 'ALL', market: 'CA' }])
    const [cup, ...others] = body[0].trends
    expect(others).toHaveLength(4)
    expect(cup).toMatchObject({ title: 'Cup', related_interests: [], percent_growth_mom: 10_001 })
    expect(cup.related_searches).toContain('saucer')
    expect(cup.pins.map(({ id }: { id: string }) => id)).toEqual([pins['Cup with saucer'], pins['Glazed cup']])
    expect(Object.keys(cup.time_series)).toHaveLength(13)
    const { src, ...picture } = cup.pins[0]
    expect(picture).toEqual({
      id: pins['Cup with saucer'],
      color: expect.stringMatching(/^#/),
      width: 40,
      height: 60,
    })
    expect((await fetch(src)).status).toBe(200)
  })

  test('lists product categories, those that grew most first', async () => {
    const { body } = await server.get('/trends/product_categories/trending?region=US')
    expect(body).toMatchObject([
      { product_category: 'TABLEWARE', percent_relative_volume: 100, verticals: ['HOME_DECOR'] },
      { product_category: 'COATS_AND_JACKETS', percent_relative_volume: 50, verticals: ['FASHION'] },
    ])
    const ofFashion = await server.get('/trends/product_categories/trending?region=US&verticals=FASHION')
    expect(ofFashion.body).toMatchObject([{ product_category: 'COATS_AND_JACKETS', percent_relative_volume: 100 }])
    const clicks = '/trends/product_categories/trending?region=US&engagement_type=OUTBOUND_CLICK'
    expect((await server.get(clicks)).body).toMatchObject([{ product_category: 'TABLEWARE' }])
  })

  test('gives the details of product categories, and leaves out those of which nothing is known', async () => {
    const query = 'region=US&product_categories=TABLEWARE,SOFAS&lookback_window=90'
    const { body } = await server.get(`/trends/product_categories/details?${query}`)
    expect(body).toMatchObject([
      {
        product_category: 'TABLEWARE',
        metrics_highlights: { engagement: { pct_change_mom: 10_001 }, pin_saves: { pct_change_mom: 0 } },
        has_prediction: false,
      },
    ])
    expect(Object.keys(body[0].time_series)).toHaveLength(12)
    expect(body[0].time_series['2026-03-14']).toBe(100)
    expect(body[0].related_searches).toContain('breakfast')
  })

  test('makes articles of public boards', async () => {
    const { body } = await server.get('/trends/editorial_articles?region=US', bob)
    expect(body).toMatchObject([
      {
        title: 'Kiln & wheel',
        description: 'From clay',
        board_url: `${server.url}/alice/kiln-wheel/`,
        pins_url: ['Wool coat', 'Cup with saucer', 'Glazed cup'].map((title) => `${server.url}/pin/${pins[title]}/`),
      },
    ])
    expect(body[0].related_keywords[0]).toEqual({ name: 'cup', pct_growth_mom: 10_001 })
  })

  test('measures growth by week, month and year', async () => {
    for (let week = 0; week < 3; week++) {
      server.clock.advance(7 * dayMs)
      await happens('outbound_click', 'Wool coat', 3 + week)
    }
    server.clock.advance(7 * dayMs)
    const [coat] = await keywords('monthly', 'include_keywords=coat')
    // In the weeks from 2026-03-15 on: 0, 3, 4 and 5, after 3 of the Pin and two clicks.
    expect(coat).toMatchObject({ pct_growth_wow: 25, pct_growth_mom: 300, pct_growth_yoy: 10_001 })
    expect((await words('growing'))[0]).toBe('coat')
    expect(await words('seasonal')).toEqual([])
  })

  test('forgets a Pin that is hidden, in a minute', async () => {
    await server.patch(`/pins/${pins['Wool coat']}`, { board_id: boards.Plans })
    server.clock.advance(60_000)
    expect(await words('yearly')).not.toContain('wool')
    const { text } = await server.get('/trends/topics/featured?region=US', bob)
    expect(text).not.toContain(pins['Wool coat'])
  })

  test('needs user_accounts:read', async () => {
    for (const path of paths)
      expect(await server.get(path, { token: withoutUser })).toMatchObject({ status: 401, body: { code: 3 } })
  })

  test.each([
    ['/trends/keywords/GB/top/monthly', 400],
    ['/trends/keywords/US/top/weekly', 400],
    ['/trends/keywords/US/top/monthly?limit=51', 400],
    [`/trends/keywords/US/top/monthly?include_keywords=${'a'.repeat(101)}`, 400],
    [`/trends/keywords/US/top/monthly?include_keywords=${'a,'.repeat(51)}`, 400],
    ['/trends/topics/featured', 1],
    ['/trends/topics/featured?region=DE', 1],
    ['/trends/topics/featured?region=US&interest=QUOTES', 1],
    ['/trends/product_categories/trending?region=US&engagement_type=CLICK', 1],
    ['/trends/product_categories/details?region=US', 1],
    ['/trends/product_categories/details?region=US&product_categories=CUPS', 1],
    [`/trends/product_categories/details?region=US&product_categories=${'RUGS,'.repeat(21)}`, 1],
    ['/trends/product_categories/details?region=US&product_categories=RUGS&lookback_window=91', 1],
    ['/trends/editorial_articles', 1],
  ])('refuses %s', async (path, code) => {
    expect(await server.get(path)).toMatchObject({ status: 400, body: { code } })
  })

  test('forgets what is two years old', async () => {
    expect(await words('yearly')).toContain('zither')
    server.clock.advance(105 * 7 * dayMs)
    expect(await words('yearly')).toEqual([])
  })
})

test('has seasons of its own in the demo, the same every time', async () => {
  const server = await startTestServer({ seed: 'demo' })
  const demo = { token: demoCredentials.accessToken }
  const { body } = await server.get(
    '/trends/keywords/US/top/seasonal?interests=gardening&include_demographics=true',
    demo,
  )
  expect(body.trends[0]).toMatchObject({
    keyword: 'seedlings',
    demographics: { age_distribution: { '65+': 0.05 }, gender_distribution: { female: 0.6, unspecified: 0.06 } },
  })
  const young = await server.get('/trends/keywords/US/top/yearly?include_keywords=sandals&include_demographics=1', demo)
  expect(young.body.trends[0].demographics.age_distribution).toMatchObject({ '50-54': 0.04, '65+': 0.04 })
  const topics = await server.get('/trends/topics/featured?region=US', demo)
  expect(topics.body[0].trends).toHaveLength(5)
  server.clock.advance(200 * dayMs)
  const autumn = await server.get('/trends/keywords/US/top/seasonal', demo)
  expect(autumn.body.trends.map(({ keyword }: { keyword: string }) => keyword)).toContain('pumpkin')
})
