import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type OperationId, operations } from '@pinfold/contract'
import { demoCredentials } from '@pinfold/server'
import { type AdBelongings, makeAdBelongings } from '@pinfold/test-support/ads'
import { differencesFrom, readShapes, type Shape } from '@pinfold/test-support/observed'
import { until } from '@pinfold/test-support/pace'
import { base64Source, webServer } from '@pinfold/test-support/pictures'
import { type Answer, people, startTestServer, type TestServer } from '@pinfold/test-support/server'
import { beforeAll, describe, expect, test } from 'vitest'

// Shapes of answers of the real service, gathered elsewhere: read where the variable says, as `.ci/run` does.
const file = process.env.PINFOLD_OBSERVED
const shapes: ReadonlyMap<string, Shape> = file ? readShapes(await readFile(file, 'utf8')) : new Map()
const served = operations.map(({ id }) => id)
const observed = served.filter((id) => shapes.has(id))

/** What an operation is asked for here, and how the answer differs on purpose, as docs/differences.md says. */
interface Example {
  ask: () => Promise<Answer>
  differs?: readonly string[]
}

let server: TestServer
/** A board of Alice's with a section, a Pin with everything that it can say, and a save of it. */
let board: string
let section: string
let pin: string
let ads: AdBelongings

const newBoard = async (name: string): Promise<string> => (await server.post('/boards', { name })).body.id
const newPin = async (board_id: string): Promise<string> =>
  (await server.post('/pins', { board_id, media_source: await base64Source() })).body.id
const newSection = async (name: string): Promise<string> =>
  (await server.post(`/boards/${board}/sections`, { name })).body.id

beforeAll(async () => {
  if (!file) return
  server = await startTestServer()
  ads = await makeAdBelongings(server)
  board = (await server.post('/boards', { name: 'Cups', description: 'All of them' })).body.id
  section = await newSection('Grey')
  const words = { title: 'Cup', description: 'Salt-glazed', link: 'https://example.com/cup', alt_text: 'A grey cup' }
  const media_source = await base64Source()
  const place = { board_id: board, board_section_id: section }
  pin = (await server.post('/pins', { ...place, ...words, media_source })).body.id
  await server.post(`/pins/${pin}/save`, { board_id: board })
  await server.post('/user_account/following/bob')
  await server.post('/user_account/following/alice', undefined, { token: people.bob.token })
})

/** Claims a website of Alice's, and returns its name. */
async function claimSite(): Promise<string> {
  const { metatag } = (await server.get('/user_account/websites/verification')).body
  const site = await webServer((_, response) => void response.end(`<html><head>${metatag}</head></html>`))
  const website = new URL(site.url).host
  const { status, text } = await server.post('/user_account/websites', { website })
  await site.close()
  expect(status, text).toBe(200)
  return website
}

/** Asks a server with the demo's data, which have weeks to count. */
const ofDemo = async (path: string): Promise<Answer> => {
  const demo = await startTestServer({ seed: 'demo' })
  const answer = await demo.get(path, { token: demoCredentials.accessToken })
  expect(answer.text.length).toBeGreaterThan(20)
  return answer
}

const adPath = () => `/ad_accounts/${ads.ad_account_id}`
const inAds = (path: string): Promise<Answer> => server.get(`${adPath()}/${path}`)
const adDays = 'start_date=2026-03-01&end_date=2026-03-02&granularity=DAY&columns=IMPRESSION_1'
const pausedCampaign = { name: 'Cups', objective_type: 'AWARENESS', daily_spend_cap: 5_000_000, status: 'PAUSED' }
const newAdGroup = async (): Promise<Answer> => {
  const { body } = await server.post(`${adPath()}/campaigns`, [{ ...pausedCampaign, status: 'ACTIVE' }])
  return server.post(`${adPath()}/ad_groups`, [
    {
      ...{ name: 'Everybody', campaign_id: body.items[0].data.id, billable_event: 'IMPRESSION', status: 'PAUSED' },
      ...{ bid_in_micro_currency: 5_000_000, targeting_spec: { GEO: ['US'] } },
    },
  ])
}

const newTemplate = (): Promise<Answer> =>
  server.post(`${adPath()}/targeting_templates`, { name: 'Us', targeting_attributes: { GEO: ['US'] } })
const newPromotion = (path: string): Promise<Answer> =>
  server.post(`${path}/promotions`, [
    {
      ...{ promotion_title: 'A tenth off', promotion_type: 'SITEWIDE', template_values: [{ percent: 10 }] },
      ...{ start_time: 1772323200, end_time: 1772409600 },
    },
  ])
const newKeyword = async (match_type: string): Promise<Answer> => {
  const parent_id = (await newAdGroup()).body.items[0].data.id
  return server.post(`${adPath()}/keywords`, { parent_id, keywords: [{ match_type, value: 'coffee', bid: null }] })
}

const originals = (place: string) => [`${place}media.images.originals: was not observed`]
const lastDays = 'start_date=2026-03-01&end_date=2026-03-14'

const examples: Partial<Record<string, Example>> = {
  'ad_account_countries/get': { ask: () => server.get('/resources/ad_account_countries') },
  'ad_accounts/create': { ask: () => server.post('/ad_accounts', { name: 'Cups' }) },
  'ad_accounts/get': {
    ask: async () => server.get(`/ad_accounts/${(await server.get('/ad_accounts')).body.items[0].id}`),
  },
  'ad_accounts/list': { ask: () => server.get('/ad_accounts') },
  'ad_groups/analytics': { ask: () => inAds(`ad_groups/analytics?ad_group_ids=${ads.ad_group_id}&${adDays}`) },
  'ad_groups/audience_sizing': {
    ask: () => server.post(`${adPath()}/ad_groups/audience_sizing`, { targeting_spec: { GEO: ['US'] } }),
  },
  'ad_groups/create': { ask: () => newAdGroup() },
  'ad_groups/get': { ask: async () => inAds(`ad_groups/${(await newAdGroup()).body.items[0].data.id}`) },
  'ad_groups_bid_floor/get': {
    ask: () =>
      server.post(`${adPath()}/bid_floor`, {
        bid_floor_specs: [
          { countries: ['US'], currency: 'USD', objective_type: 'AWARENESS', billable_event: 'IMPRESSION' },
        ],
        targeting_spec: { GEO: ['US'] },
      }),
  },
  // Seen was one that was refused.
  'ads/create': {
    ask: () =>
      server.post(`${adPath()}/ads`, [{ ad_group_id: ads.ad_group_id, creative_type: 'REGULAR', pin_id: '1' }]),
  },
  'ads/list': { ask: () => inAds(`ads?ad_ids=1`) },
  'analytics/create_report': {
    ask: async () => {
      const body = { start_date: '2026-03-01', end_date: '2026-03-14', granularity: 'TOTAL' }
      const ask = () => server.post(`${adPath()}/reports`, body)
      await until(async () => (await ask()).body.report_status === 'FINISHED')
      return ask()
    },
  },
  'campaigns/analytics': { ask: () => inAds(`campaigns/analytics?campaign_ids=${ads.campaign_id}&${adDays}`) },
  'campaigns/create': { ask: () => server.post(`${adPath()}/campaigns`, [pausedCampaign]) },
  'campaigns/list': {
    ask: async () => {
      const { body } = await server.post(`${adPath()}/campaigns`, [pausedCampaign])
      return inAds(`campaigns?campaign_ids=${body.items[0].data.id}`)
    },
  },
  'campaigns/update': {
    ask: async () => {
      const { body } = await server.post(`${adPath()}/campaigns`, [pausedCampaign])
      return server.patch(`${adPath()}/campaigns`, [{ id: body.items[0].data.id, name: 'Later' }] as object)
    },
  },
  'delivery_metrics/get': { ask: () => server.get('/resources/delivery_metrics') },
  'interest_targeting_options/get': {
    ask: async () => {
      const { body } = await server.get('/resources/targeting/INTEREST')
      return server.get(`/resources/targeting/interests/${Object.keys(body[0])[0]}`)
    },
  },
  'country_keywords_metrics/get': {
    ask: () => inAds('keywords/metrics?country_code=US&keywords=coffee,tea'),
    differs: ['data[].metrics.keyword_query_volume: was not observed'],
  },
  'keywords/create': { ask: () => newKeyword('EXACT') },
  'keywords/get': {
    ask: async () => {
      const { body } = await newKeyword('BROAD')
      return inAds(`keywords?ad_group_id=${body.keywords[0].parent_id}`)
    },
  },
  'metrics_ready_state/get': { ask: () => server.get('/resources/metrics_ready_state?date=2026-03-01') },
  'order_lines/list': { ask: () => inAds('order_lines') },
  'promotions/delete': {
    ask: async () =>
      server.delete(`${adPath()}/promotions/${(await newPromotion(adPath())).body.promotions[0].data.id}`),
  },
  'promotions/list': {
    ask: async () => {
      const path = `/ad_accounts/${(await server.post('/ad_accounts', { name: 'Jugs' })).body.id}`
      await newPromotion(path)
      return server.get(`${path}/promotions`)
    },
  },
  'targeting_template/create': { ask: () => newTemplate(), differs: ['valid: was not observed'] },
  'targeting_template/update': {
    ask: async () => {
      const { id } = (await newTemplate()).body
      return server.patch(`${adPath()}/targeting_templates`, { id, operation_type: 'REMOVE' })
    },
  },
  'targeting_options/get': { ask: () => server.get('/resources/targeting/GENDER') },
  'board_sections/create': { ask: () => server.post(`/boards/${board}/sections`, { name: 'New' }) },
  'board_sections/delete': {
    ask: async () => server.delete(`/boards/${board}/sections/${await newSection('Short-lived')}`),
  },
  'board_sections/list_pins': { ask: () => server.get(`/boards/${board}/sections/${section}/pins`) },
  'board_sections/update': { ask: () => server.patch(`/boards/${board}/sections/${section}`, { name: 'Greyish' }) },
  'boards/create': { ask: () => server.post('/boards', { name: 'Jugs' }) },
  'boards/delete': { ask: async () => server.delete(`/boards/${await newBoard('Short-lived')}`) },
  'boards/get': { ask: () => server.get(`/boards/${board}`) },
  'boards/list': { ask: () => server.get('/boards') },
  'boards/list_pins': { ask: () => server.get(`/boards/${board}/pins`), differs: originals('items[].') },
  'boards_user_follows/list': { ask: () => server.get('/user_account/following/boards') },
  'followers/list': { ask: () => server.get('/user_account/followers') },
  'linked_business_accounts/get': { ask: () => server.get('/user_account/businesses') },
  'media/create': { ask: () => server.post('/media', { media_type: 'video' }) },
  'media/get': {
    ask: async () => server.get(`/media/${(await server.post('/media', { media_type: 'video' })).body.media_id}`),
  },
  'pins/delete': { ask: async () => server.delete(`/pins/${await newPin(board)}`) },
  'pins/get': { ask: () => server.get(`/pins/${pin}`), differs: originals('') },
  'pins/list': { ask: () => server.get('/pins'), differs: originals('items[].') },
  'search_user_pins/list': { ask: () => server.get('/search/pins?query=cup'), differs: originals('items[].') },
  'terms_related/list': { ask: () => server.get('/terms/related?terms=cup') },
  'trending_keywords/list': { ask: () => ofDemo('/trends/keywords/US/top/growing') },
  'trends_featured_topics/list': { ask: () => ofDemo('/trends/topics/featured?region=US') },
  'trends_product_categories_details/list': {
    ask: () => ofDemo('/trends/product_categories/details?region=US&product_categories=PLANTS'),
    differs: ['[].demographics: is missing'],
  },
  'unverify_website/delete': {
    ask: async () => server.delete(`/user_account/websites?website=${encodeURIComponent(await claimSite())}`),
  },
  'user_account/analytics': { ask: () => server.get(`/user_account/analytics?${lastDays}`) },
  'user_account/analytics/top_pins': {
    ask: () => server.get(`/user_account/analytics/top_pins?${lastDays}&sort_by=ENGAGEMENT`),
  },
  'user_account/followed_interests': { ask: () => server.get('/users/bob/interests/follow') },
  'user_account/get': { ask: () => server.get('/user_account') },
  'user_websites/get': { ask: () => server.get('/user_account/websites') },
}

describe.skipIf(!file)('answers are as the real service’s were seen (needs their shapes: PINFOLD_OBSERVED)', () => {
  test('each operation that was seen and is served has an example here', () => {
    expect(observed.length).toBeGreaterThan(20)
    expect(observed.filter((id) => !(id in examples))).toEqual([])
  })

  test.each(observed)('%s', async (id: OperationId) => {
    const { ask, differs = [] } = examples[id] ?? {}
    const answer = await ask?.()
    expect(answer?.status, answer?.text).toBeLessThan(300)
    expect(differencesFrom(shapes.get(id) ?? '', answer?.body ?? answer?.text)).toEqual(differs)
  })

  test('what differs stands in the documents', async () => {
    const page = await readFile(join(import.meta.dirname, '../../../docs/differences.md'), 'utf8')
    for (const { differs = [] } of Object.values(examples).filter((each) => each !== undefined))
      for (const [field] of differs.flatMap((each) => [...each.matchAll(/[a-z_]+(?=: )/g)]))
        expect(page).toContain(`\`${field}\``)
  })
})

describe('a comparison with a shape', () => {
  const line = 'shelves/get {"id":"string(digits)","tags":[{"name":"string"}],"size?":"integer","note":"string | null"}'
  const shape = readShapes(`# Shapes\n\n${line}\n`).get('shelves/get') ?? ''
  const right = { id: '12', tags: [{ name: 'Cup' }], note: null }

  test.each<[string, object, string[]]>([
    ['is silent when all is as it was', right, []],
    ['knows what may be missing', { ...right, size: 3 }, []],
    ['finds what is missing', { id: '12', tags: [] }, ['note: is missing']],
    ['finds what is new', { ...right, colour: 'red' }, ['colour: was not observed']],
    [
      'finds another kind',
      { ...right, id: 12, size: '3' },
      ['id: is 12, not string(digits)', 'size: is "3", not integer'],
    ],
    ['looks into lists', { ...right, tags: [{ name: null }] }, ['tags[].name: is null, not string']],
    ['tells lists from objects', { ...right, tags: {} }, ['tags: is {}, no list']],
  ])('%s', (_, answer, wanted) => expect(differencesFrom(shape, answer)).toEqual(wanted))

  test('takes names that are days for a series', () => {
    const series = { series: { '2026-04-11': 'integer' } }
    expect(differencesFrom(series, { series: { '2026-05-01': 1, '2026-05-08': 2 } })).toEqual([])
    expect(differencesFrom(series, { series: { '2026-05-01': 'x' } })).toEqual(['series{}: is "x", not integer'])
  })
})
