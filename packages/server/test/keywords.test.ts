import { databases } from '@pinfold/test-support/databases'
import { base64Source } from '@pinfold/test-support/pictures'
import { people, startTestServer, type TestServer } from '@pinfold/test-support/server'
import { beforeAll, describe, expect, test } from 'vitest'

const bob = { token: people.bob.token }

describe.each(databases)('keywords on $name', ({ open }) => {
  let server: TestServer
  let account: string
  let campaign: string
  let path: string

  beforeAll(async () => {
    const { discard, ...database } = await open()
    server = await startTestServer(database)
    account = (await server.get('/ad_accounts')).body.items[0].id
    path = `/ad_accounts/${account}/keywords`
    const one = { name: 'Spring', objective_type: 'AWARENESS', daily_spend_cap: 5_000_000 }
    campaign = (await server.post(`/ad_accounts/${account}/campaigns`, [one])).body.items[0].data.id
    return async () => {
      await server.close()
      await discard()
    }
  })

  const not = (value: string, match_type: string | null = 'EXACT_NEGATIVE') => ({ value, match_type })
  async function create(parent_id: string, ...keywords: object[]) {
    const { status, body } = await server.post(path, { parent_id, keywords })
    expect([status, body.message]).toEqual([200, undefined])
    return body
  }
  const patch = async (...keywords: object[]) => (await server.request('PATCH', path, { json: { keywords } })).body
  const values = async (query = '') => {
    const { status, body } = await server.get(`${path}?${query}`)
    expect([status, body.message]).toEqual([200, undefined])
    return body.items.map(({ value }: { value: string }) => value)
  }

  test('are made for a campaign and for the ad account, as real answers show them', async () => {
    const { keywords, errors } = await create(`C${campaign}`, { ...not('cheap cups'), bid: 100 })
    expect(errors).toEqual([])
    expect(keywords).toEqual([
      {
        ...{ id: expect.stringMatching(/^\d+$/), parent_id: campaign, parent_type: 'CAMPAIGN', type: 'KEYWORD' },
        ...{ archived: false, bid: null, match_type: 'EXACT_NEGATIVE', value: 'cheap cups' },
      },
    ])
    const own = await create(account, not('free', 'PHRASE_NEGATIVE'))
    expect(own.keywords[0]).toMatchObject({ parent_id: account, parent_type: 'ADVERTISER' })
    // Without a filter only those of the ad account itself.
    expect(await values()).toEqual(['free'])
    expect(await values(`campaign_id=${campaign}`)).toEqual(['cheap cups'])
    expect(await values(`campaign_id=${campaign}&match_types=BROAD,PHRASE_NEGATIVE`)).toEqual([])
    expect(await values('ad_group_ids=1,2')).toEqual([])
  })

  test('of every match type are for ad groups', async () => {
    const one = { name: 'Cups', campaign_id: campaign, billable_event: 'IMPRESSION', bid_in_micro_currency: 1_000_000 }
    const made = await server.post(`/ad_accounts/${account}/ad_groups`, [
      { ...one, targeting_spec: { LOCATION: ['US'] } },
    ])
    const adGroup = made.body.items[0].data.id
    const types = ['BROAD', 'PHRASE', 'EXACT', 'EXACT_NEGATIVE', 'PHRASE_NEGATIVE']
    const { keywords, errors } = await create(`AG${adGroup}`, ...types.map((type) => not(type, type)))
    expect(errors).toEqual([])
    expect(keywords[0]).toMatchObject({ parent_id: adGroup, parent_type: 'AD_GROUP', match_type: 'BROAD' })
    expect(await values(`ad_group_ids=${adGroup}`)).toEqual(types)
    expect(await values(`ad_group_id=${adGroup}&match_types=BROAD,EXACT`)).toEqual(['BROAD', 'EXACT'])
  })

  const wrong: [string, object, string][] = [
    ['nothing but blanks', not(' \t '), 'characters'],
    ['no words', not(''), 'characters'],
    ['121 characters', not('x'.repeat(121)), '120 characters'],
    ['no match type', not('cups', null), `'match_type'`],
    ['a match type that only ad groups take', not('cups', 'BROAD'), 'negative keywords only'],
  ]

  test.each(wrong)('with %s is refused, alone and among good ones', async (_, bad, reason) => {
    const error = { data: { ...bad, parent_id: campaign }, error_messages: [expect.stringContaining(reason)] }
    expect(await create(campaign, bad)).toEqual({ keywords: [], errors: [error] })
    const among = await create(campaign, not('before'), bad, not('after'))
    expect(among.errors).toEqual([error])
    expect(among.keywords.map(({ value }: { value: string }) => value)).toEqual(['before', 'after'])
  })

  test('for nothing in the ad account are all refused, and so are others’', async () => {
    const other = (await server.get('/ad_accounts', bob)).body.items?.[0]?.id ?? '123'
    for (const parent of ['999', `AG${other}`, 'nonsense', other]) {
      const { keywords, errors } = await create(parent, not('a'), not('b'))
      expect([keywords, errors.length]).toEqual([[], 2])
      expect(errors[0].error_messages[0]).toContain(parent)
    }
    expect((await server.get(path, bob)).status).toBe(403)
    expect((await server.post(path, { parent_id: campaign, keywords: [not('a')] }, bob)).status).toBe(403)
  })

  test('are put away and taken out again, each for itself', async () => {
    const { keywords } = await create(account, not('put away'), not('stays'))
    const [{ id }, { id: other }] = keywords
    const changed = await patch(
      { id, archived: true },
      { id: '123', archived: true },
      { id: other, bid: 7 },
      { id: other },
    )
    expect(changed.keywords.map((each: { archived: boolean }) => each.archived)).toEqual([true, false, false])
    expect(changed.keywords[0]).toEqual({ ...keywords[0], archived: true })
    expect(changed.errors).toEqual([
      { data: { id: '123', archived: true }, error_messages: [expect.stringContaining('no keyword 123')] },
    ])
    expect(await values('match_types=EXACT_NEGATIVE')).toEqual(['stays'])
    await patch({ id, archived: false })
    expect(await values('match_types=EXACT_NEGATIVE')).toEqual(['put away', 'stays'])
    expect((await server.request('PATCH', path, { json: {} })).body).toEqual({ keywords: [], errors: [] })
  })

  test('are listed in pages, by one kind of ids', async () => {
    const one = { name: 'Pages', objective_type: 'AWARENESS', daily_spend_cap: 1 }
    const parent = (await server.post(`/ad_accounts/${account}/campaigns`, [one])).body.items[0].data.id
    await create(parent, ...Array.from({ length: 5 }, (_, i) => not(`word ${i}`)))
    const { items, bookmark } = (await server.get(`${path}?campaign_id=${parent}&page_size=3`)).body
    expect(items.map(({ value }: { value: string }) => value)).toEqual(['word 0', 'word 1', 'word 2'])
    expect(await values(`campaign_id=${parent}&page_size=3&bookmark=${bookmark}`)).toEqual(['word 3', 'word 4'])
    for (const query of [`campaign_id=${parent}&ad_group_id=1`, 'ad_group_id=1&ad_group_ids=1', 'match_types=FUZZY'])
      expect((await server.get(`${path}?${query}`)).status).toBe(400)
  })

  test('are made once for one Idempotency-Key', async () => {
    const json = { parent_id: campaign, keywords: [not('once'), not('')] }
    const send = () => server.request('POST', path, { json, headers: { 'idempotency-key': 'keywords-once' } })
    const answers = [await send(), await send()]
    expect(answers[1]?.body).toEqual(answers[0]?.body)
  })

  test('are as frequent as trends count them', async () => {
    const board_id = (await server.post('/boards', { name: 'Cups', privacy: 'PUBLIC' })).body.id
    const media_source = await base64Source()
    for (const title of ['Glazed cup', 'Cup']) await server.post('/pins', { board_id, title, media_source })
    await server.get('/search/pins?query=glazed')
    server.clock.advance(7 * 86_400_000)
    const metrics = (query: string) => server.get(`${path}/metrics?${query}`)
    const { body } = await metrics('country_code=US&keywords=cup,The%20Glazed%20Cup,sofa,the')
    const volumes = body.data.map(({ keyword, metrics: { KEYWORD_QUERY_VOLUME: volume } }: never) => [keyword, volume])
    expect(volumes).toEqual([
      ['cup', '2'],
      ['The Glazed Cup', '2'],
      ['sofa', '0'],
      ['the', '0'],
    ])
    expect(body.data[0].metrics.keyword_query_volume).toBe('2')
    expect((await metrics('country_code=GR&keywords=cup')).body.data).toEqual([body.data[0]])
    for (const query of ['country_code=ZZ&keywords=cup', 'country_code=US', 'keywords=cup'])
      expect((await metrics(query)).status).toBe(400)
  })
})
