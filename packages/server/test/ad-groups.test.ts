import { databases } from '@pinfold/test-support/databases'
import { startTestServer, type TestServer } from '@pinfold/test-support/server'
import { beforeAll, describe, expect, test } from 'vitest'

/** The campaigns that the rules are tried in, by what is special in each. */
const campaignKinds = {
  withBudget: { objective_type: 'CONSIDERATION', daily_spend_cap: 50_000_000 },
  withoutBudget: { objective_type: 'VIDEO_COMPLETION', is_campaign_budget_optimization: false },
  conversions: { objective_type: 'WEB_CONVERSION', daily_spend_cap: 50_000_000 },
  sessions: { objective_type: 'WEB_SESSIONS', is_campaign_budget_optimization: false },
  awareness: { objective_type: 'AWARENESS', daily_spend_cap: 50_000_000 },
  plus: { objective_type: 'CONSIDERATION', daily_spend_cap: 50_000_000, is_performance_plus: true },
} as const
type Kind = keyof typeof campaignKinds

const later = 4_000_000_000
const tag = { conversion_tag_v3_goal_metadata: { conversion_event: 'CHECKOUT', conversion_tag_id: '1' } }
/** An ad group that each of them takes. */
const good: Record<Kind, object> = {
  withBudget: { billable_event: 'CLICKTHROUGH', bid_in_micro_currency: 1_000_000 },
  withoutBudget: { billable_event: 'IMPRESSION', budget_in_micro_currency: 5_000_000 },
  conversions: { billable_event: 'CLICKTHROUGH', optimization_goal_metadata: tag },
  sessions: {
    ...{ billable_event: 'CLICKTHROUGH', budget_in_micro_currency: 5_000_000, budget_type: 'LIFETIME' },
    end_time: later,
  },
  awareness: { billable_event: 'IMPRESSION', bid_in_micro_currency: 1_000_000 },
  plus: { billable_event: 'CLICKTHROUGH', bid_strategy_type: 'AUTOMATIC_BID' },
}

/** What breaks each rule alone: the campaign, what differs from what it takes, and words of the refusal. */
const broken: [kind: Kind, differs: object, refusal: string][] = [
  ['withBudget', { name: ' ' }, `'name' must`],
  ['withBudget', { name: 'x'.repeat(256) }, `'name' must`],
  ['withBudget', { bid_in_micro_currency: 0 }, 'above 0'],
  ['withoutBudget', { budget_in_micro_currency: -1 }, 'above 0'],
  ['withoutBudget', { budget_in_micro_currency: null }, `'budget_in_micro_currency' is needed`],
  ['withoutBudget', { budget_type: 'CBO_ADGROUP' }, 'must be DAILY or LIFETIME'],
  ['withoutBudget', { budget_type: 'LIFETIME' }, `'end_time' is needed with the 'budget_type'`],
  ['sessions', { budget_type: 'DAILY' }, 'must be LIFETIME'],
  ['withBudget', { budget_in_micro_currency: 5_000_000 }, `'budget_in_micro_currency' must be left out`],
  ['withBudget', { budget_type: 'LIFETIME', end_time: later }, 'must be CBO_ADGROUP'],
  ['withBudget', { pacing_delivery_type: 'ACCELERATED' }, 'must be STANDARD'],
  ['withBudget', { bid_in_micro_currency: null }, `this 'billable_event'`],
  ['awareness', { bid_in_micro_currency: null }, `this 'billable_event'`],
  ['conversions', { bid_strategy_type: 'MAX_BID' }, `the 'bid_strategy_type' MAX_BID`],
  ['withoutBudget', { bid_strategy_type: 'TARGET_AVG' }, 'the objective VIDEO_COMPLETION'],
  ['withBudget', { bid_multiplier: 0.05, bid_strategy_type: 'AUTOMATIC_BID' }, 'from 0.1 to 10'],
  ['withBudget', { bid_multiplier: 2 }, `'bid_multiplier' is for ad groups with`],
  ['plus', { bid_multiplier: 2 }, 'Performance+'],
  ['withBudget', { end_time: -1, start_time: -2 }, 'not negative'],
  ['withBudget', { start_time: later, end_time: later }, `after 'start_time'`],
  ['withBudget', { start_time: 1000 }, 'within those of the campaign'],
  ['conversions', { optimization_goal_metadata: null }, `needs 'conversion_tag_v3_goal_metadata'`],
  [
    'conversions',
    {
      optimization_goal_metadata: {
        conversion_tag_v3_goal_metadata: { conversion_event: 'SIGNUP', is_roas_optimized: true },
      },
    },
    `'is_roas_optimized' needs`,
  ],
  ['awareness', { lifetime_frequency_cap: 0, end_time: later }, 'above 0, or -1'],
  ['withBudget', { lifetime_frequency_cap: 3, end_time: later }, `the 'billable_event' IMPRESSION`],
  ['awareness', { lifetime_frequency_cap: 3 }, `'end_time' is needed with 'lifetime`],
  ['withBudget', { targeting_spec: { AGE_BUCKET: ['65+'], MINIMUM_AGE: '20', MAXIMUM_AGE: '30' } }, `'AGE_BUCKET'`],
  ['withBudget', { targeting_spec: { MINIMUM_AGE: '20' } }, 'there together'],
  ['withBudget', { targeting_spec: { MINIMUM_AGE: '40', MAXIMUM_AGE: '30' } }, 'from there to 65'],
  ['withBudget', { targeting_spec: { MINIMUM_AGE: '17', MAXIMUM_AGE: '65+' } }, 'from 18 to 65'],
  ['withBudget', { targeting_spec: { gender: ['robot'] } }, 'cannot have the value "robot"'],
  ['withBudget', { targeting_spec: { location: 'US' } }, 'must be a list'],
  ['withBudget', { targeting_spec: { minimum_age: 20 } }, 'must be an age'],
  ['withBudget', { targeting_template_ids: ['7'] }, 'no targeting template 7'],
  ['withBudget', { promotion_ids: ['7'] }, 'no promotion 7'],
  ['withBudget', { promotion_ids: Array.from({ length: 51 }, (_, i) => String(i + 1)) }, 'at most 50'],
  ['withBudget', { campaign_id: '7' }, 'no campaign 7'],
  ['withBudget', { status: 'DELETED_DRAFT' }, 'something new'],
]

describe.each(databases)('ad groups on $name', ({ open }) => {
  let server: TestServer
  let account: string
  let path: string

  beforeAll(async () => {
    const { discard, ...database } = await open()
    server = await startTestServer(database)
    account = `/ad_accounts/${(await server.get('/ad_accounts')).body.items[0].id}`
    path = `${account}/ad_groups`
    return async () => {
      await server.close()
      await discard()
    }
  })

  const now = () => Math.floor(server.clock.now() / 1000)
  async function send(method: 'POST' | 'PATCH', to: string, items: object[]) {
    const { status, body } = await server.request(method, to, { json: items })
    expect([status, body.message]).toEqual([200, undefined])
    return body.items
  }
  async function campaignOf(kind: Kind, more: object = {}): Promise<string> {
    const [{ data }] = await send('POST', `${account}/campaigns`, [{ name: kind, ...campaignKinds[kind], ...more }])
    return data.id
  }
  const changeCampaign = async (id: string, change: object) =>
    (await send('PATCH', `${account}/campaigns`, [{ id, ...change }]))[0]
  const create = (...adGroups: object[]) => send('POST', path, adGroups)
  const patch = (...changes: object[]) => send('PATCH', path, changes)
  const inCampaign = (kind: Kind, campaign_id: string, more: object = {}) => ({
    ...{ name: 'Cups', campaign_id, ...good[kind], ...more },
  })
  async function one(kind: Kind, campaign_id: string, more: object = {}) {
    const [item] = await create(inCampaign(kind, campaign_id, more))
    expect(item.exceptions).toBeUndefined()
    return item.data
  }
  const read = async (id: string) => (await server.get(`${path}/${id}`)).body
  async function ids(query: string) {
    const { status, body } = await server.get(`${path}?${query}`)
    expect([status, body.message]).toEqual([200, undefined])
    return body.items.map(({ id }: { id: string }) => id)
  }

  test('are made as real answers show them, paused ones too', async () => {
    const campaign = await campaignOf('awareness')
    const made = await one('awareness', `C${campaign}`, { status: 'PAUSED', targeting_spec: { GEO: ['US'] } })
    expect(made).toEqual({
      id: expect.stringMatching(/^\d+$/),
      ...{
        ad_account_id: account.split('/')[2],
        campaign_id: campaign,
        name: 'Cups',
        enabled_catalog_expansion: false,
        type: 'adgroup',
      },
      ...{ status: 'PAUSED', summary_status: 'PAUSED', start_time: null, end_time: null },
      ...{ bid_in_micro_currency: 1_000_000, bid_strategy_type: 'MAX_BID', bid_multiplier: null },
      // DAILY is the default, but the campaign has the budget.
      ...{ budget_type: 'CBO_ADGROUP', budget_in_micro_currency: null, pacing_delivery_type: 'STANDARD' },
      ...{ billable_event: 'IMPRESSION', lifetime_frequency_cap: -1, optimization_goal_metadata: {} },
      ...{ auto_targeting_enabled: true, targeting_spec: { GEO: ['US'] }, targeting_template_ids: null },
      ...{ placement_group: 'ALL', placement_traffic_type: null, tracking_urls: null, feed_profile_id: '0' },
      ...{ promotion_id: null, promotion_ids: [], promotion_application_level: null, ext_features: null },
      ...{ conversion_learning_mode_type: null, is_creative_optimization: null },
      ...{ created_time: now(), updated_time: now() },
    })
    const shown = { ...made, summary_status: 'ADVERTISER_DISABLED' }
    expect(await read(made.id)).toEqual(shown)
    expect(await patch({ id: `${made.id}`, name: null })).toEqual([{ data: shown }])
  })

  test.each(broken)('in a campaign %s are refused for %j, without harm to others', async (kind, differs, refusal) => {
    const campaign = await campaignOf(kind)
    const items = await create(
      inCampaign(kind, campaign),
      inCampaign(kind, campaign, differs),
      inCampaign(kind, campaign, { name: 'Neighbour' }),
    )
    expect(items.map((item: object) => Object.keys(item))).toEqual([['data'], ['exceptions'], ['data']])
    expect(items[1].exceptions).toEqual([{ code: 1, message: expect.stringContaining(refusal) }])
    expect(await ids(`campaign_ids=${campaign}`)).toEqual([items[0].data.id, items[2].data.id])
  })

  test('have what clients in Python send: fields in lower case, no place, nulls', async () => {
    const campaign = await campaignOf('awareness')
    const spec = { age_bucket: ['35-44'], location: ['US'], gender: null }
    const made = await one('awareness', campaign, {
      targeting_spec: spec,
      end_time: null,
      auto_targeting_enabled: false,
    })
    expect(Object.entries(made.targeting_spec)).toEqual([
      ['AGE_BUCKET', ['35-44']],
      ['LOCATION', ['US']],
    ])
    const [{ data }] = await patch({ id: made.id, targeting_spec: { GENDER: ['male'] }, auto_targeting_enabled: true })
    expect(data).toMatchObject({ targeting_spec: { GENDER: ['male'] }, auto_targeting_enabled: true })
    expect(data.targeting_spec).not.toHaveProperty('LOCATION')
  })

  test('have single fields of their targeting changed', async () => {
    const { id } = await one('withBudget', await campaignOf('withBudget'), {
      targeting_spec: { LOCATION: ['US', 'GB'], GENDER: ['female'], AGE_BUCKET: ['18-24'] },
    })
    const change = (...targeting_spec_operations: object[]) => ({ id, targeting_spec_operations })
    const items = await patch(
      change(
        { field: 'LOCATION', operation: 'ADD', values: ['CA', 'US'] },
        { field: 'LOCATION', operation: 'REMOVE', values: ['GB'] },
        { field: 'GENDER', operation: 'SET', values: null },
        { field: 'AGE_BUCKET', operation: 'SET', values: [] },
        { field: 'MINIMUM_AGE', operation: 'SET', value: '21' },
        { field: 'MAXIMUM_AGE', operation: 'SET', value: '65+' },
      ),
      change({ field: 'MINIMUM_AGE', operation: 'SET', value: null }),
      { ...change({ field: 'LOCALE', operation: 'SET', values: ['de'] }), targeting_spec: {} },
    )
    const targeting_spec = { LOCATION: ['US', 'CA'], MINIMUM_AGE: '21', MAXIMUM_AGE: '65+' }
    expect(items[0].data.targeting_spec).toEqual(targeting_spec)
    expect(items[1].exceptions[0].message).toContain('there together')
    expect(items[2].exceptions[0].message).toContain('either')
    expect((await read(id)).targeting_spec).toEqual(targeting_spec)
  })

  test('are changed, but for what is settled once', async () => {
    const campaign = await campaignOf('withBudget')
    const { id } = await one('withBudget', campaign, { tracking_urls: { click: ['URL1', 'https://count.example/c'] } })
    const draft = await one('withBudget', campaign, { status: 'DRAFT' })
    const items = await patch(
      {
        id,
        name: 'Large cups',
        end_time: later,
        promotion_id: '0',
        bid_strategy_type: 'AUTOMATIC_BID',
        bid_multiplier: 2,
      },
      { id, billable_event: 'IMPRESSION' },
      { id: draft.id, billable_event: 'IMPRESSION', campaign_id: campaign },
      { id, campaign_id: await campaignOf('withBudget') },
      { id: '123', name: 'Nobody’s' },
      { id, bid_multiplier: 0, tracking_urls: {}, end_time: null },
      { id, status: 'ARCHIVED' },
      { id, status: 'ACTIVE' },
    )
    expect(items[0].data).toMatchObject({
      ...{ name: 'Large cups', end_time: later, bid_multiplier: 2, promotion_id: null },
      tracking_urls: { click: ['https://count.example/c'] },
    })
    expect(items[5].data).toMatchObject({ bid_multiplier: null, tracking_urls: null, end_time: null })
    expect(items.map((item: { data?: object }) => item.data !== undefined)).toEqual([
      ...[true, false, true, false, false, true, true, false],
    ])
    expect(items[1].exceptions[0].message).toContain('DRAFT')
    expect(items[4].exceptions[0].message).toContain('no ad group 123')
    expect((await read(id)).summary_status).toBe('ARCHIVED')
    expect((await server.get(`${path}/123`)).status).toBe(404)
  })

  test('run by their own times, those of their campaign, and the clock', async () => {
    const campaign = await campaignOf('withBudget', { start_time: now() + 60, end_time: now() + 240 })
    const { id } = await one('withBudget', campaign, { start_time: now() + 120, end_time: now() + 180 })
    const open = await one('withBudget', campaign)
    const both = async () => [(await read(id)).summary_status, (await read(open.id)).summary_status]
    expect(await both()).toEqual(['NOT_STARTED', 'NOT_STARTED'])
    server.clock.advance(60_000)
    expect(await both()).toEqual(['NOT_STARTED', 'RUNNING'])
    server.clock.advance(60_000)
    expect(await both()).toEqual(['RUNNING', 'RUNNING'])
    await changeCampaign(campaign, { status: 'PAUSED' })
    expect(await both()).toEqual(['ADVERTISER_DISABLED', 'ADVERTISER_DISABLED'])
    await changeCampaign(campaign, { status: 'ACTIVE' })
    server.clock.advance(60_000)
    expect(await both()).toEqual(['COMPLETED', 'RUNNING'])
    server.clock.advance(60_000)
    expect(await both()).toEqual(['COMPLETED', 'COMPLETED'])
    expect((await create(inCampaign('withBudget', campaign, { start_time: now() + 1 })))[0].exceptions).toHaveLength(1)
    await changeCampaign(campaign, { status: 'ARCHIVED' })
    expect(await both()).toEqual(['COMPLETED', 'ARCHIVED'])
    expect((await create(inCampaign('withBudget', campaign)))[0].exceptions[0].message).toContain('ARCHIVED')
  })

  test('lose their budget when the campaign gets it, and hold its changes to what suits them', async () => {
    const campaign = await campaignOf('withoutBudget', { end_time: later })
    const { id } = await one('withoutBudget', campaign, { pacing_delivery_type: 'ACCELERATED', end_time: later - 10 })
    const change = (more: object) => changeCampaign(campaign, more)
    expect((await change({ end_time: later - 20 })).exceptions[0].message).toContain(`ad group ${id}`)
    expect((await read(id)).budget_in_micro_currency).toBe(5_000_000)
    await change({ is_campaign_budget_optimization: true, lifetime_spend_cap: 9_000_000 })
    expect(await read(id)).toMatchObject({
      ...{ budget_in_micro_currency: null, budget_type: 'CBO_ADGROUP', pacing_delivery_type: 'STANDARD' },
    })
    const back = await change({ is_campaign_budget_optimization: false })
    expect(back.exceptions[0].message).toContain(`'budget_in_micro_currency' is needed`)
    await patch({ id, status: 'ARCHIVED' })
    expect((await change({ is_campaign_budget_optimization: false, end_time: later - 20 })).data).toBeDefined()
  })

  test('are 70 in a campaign at most', async () => {
    const campaign = await campaignOf('withBudget')
    const some = (count: number) => create(...Array.from({ length: count }, () => inCampaign('withBudget', campaign)))
    await some(30)
    await some(30)
    const last = await some(12)
    expect(last.filter((item: { data?: object }) => item.data)).toHaveLength(10)
    expect(last[11].exceptions[0].message).toContain('70')
  })

  test('are listed oldest first, in pages, by status, campaign or their ids, with names of interests', async () => {
    const [first, second] = [await campaignOf('withBudget'), await campaignOf('withBudget')]
    const targeting_spec = { INTEREST: ['9160000000', 'unknown'] }
    const made = await create(
      inCampaign('withBudget', first, { targeting_spec }),
      inCampaign('withBudget', second),
      inCampaign('withBudget', first, { status: 'ARCHIVED' }),
      inCampaign('withBudget', first),
    )
    const all = made.map(({ data }: { data: { id: string } }) => data.id)
    expect(await ids(`campaign_ids=${first}`)).toEqual([all[0], all[3]])
    expect(await ids(`campaign_ids=${first},${second}&order=DESCENDING`)).toEqual([all[3], all[1], all[0]])
    expect(await ids(`ad_group_ids=${all.join()}&entity_statuses=ARCHIVED`)).toEqual([all[2]])
    expect((await ids('page_size=250')).slice(-3)).toEqual([all[0], all[1], all[3]])
    const page = (await server.get(`${path}?campaign_ids=${first},${second}&page_size=2`)).body
    expect(await ids(`campaign_ids=${first},${second}&page_size=2&bookmark=${page.bookmark}`)).toEqual([all[3]])
    const both = await server.get(`${path}?campaign_ids=${first}&ad_group_ids=${all[0]}`)
    expect([both.status, both.body.message]).toEqual([400, expect.stringContaining('one kind')])
    const named = (await server.get(`${path}?ad_group_ids=${all[0]}&translate_interests_to_names=True`)).body.items[0]
    expect(named.targeting_spec.INTEREST).toEqual([expect.stringMatching(/[a-z]/), 'unknown'])
    expect((await read(all[0])).targeting_spec).toEqual(targeting_spec)
  })

  test('are sized, and told the least bids, before they are made', async () => {
    const size = async (body: object) => (await server.post(`${path}/audience_sizing`, body)).body
    const women = await size({ targeting_spec: { LOCATION: ['US'], gender: ['female'] } })
    const inSearch = await size({ targeting_spec: { LOCATION: ['US'], GENDER: ['female'] }, placement_group: 'SEARCH' })
    expect(women.audience_size_lower_bound).toBeGreaterThan(1_000_000)
    expect(women.audience_size_upper_bound).toBeGreaterThan(women.audience_size_lower_bound)
    expect(inSearch.audience_size_upper_bound).toBeLessThan(women.audience_size_lower_bound)
    const wrong = await server.post(`${path}/audience_sizing`, { targeting_spec: { gender: ['robot'] } })
    expect([wrong.status, wrong.body]).toEqual([400, { code: 1, message: expect.stringContaining('robot') }])
    const bid_floor_specs = [
      { billable_event: 'CLICKTHROUGH', currency: 'USD', countries: ['US'] },
      { billable_event: 'IMPRESSION', currency: 'EUR', countries: ['DE'], objective_type: 'AWARENESS' },
    ]
    const floors = await server.post(`${account}/bid_floor`, { bid_floor_specs })
    expect(floors.body).toEqual({ bid_floors: [100_000, 1_350_000], type: 'bidfloor' })
  })

  test('are found by the promotions that they show', async () => {
    const promotion = async () => {
      const made = await server.post(`${account}/promotions`, [{ promotion_title: 'Less', promotion_type: 'SITEWIDE' }])
      return made.body.promotions[0].data.id
    }
    const [first, second] = [await promotion(), await promotion()]
    const campaign = await campaignOf('withBudget')
    const items = await create(
      inCampaign('withBudget', campaign, { promotion_id: first }),
      inCampaign('withBudget', campaign, { promotion_ids: [first, second] }),
      inCampaign('withBudget', campaign),
      inCampaign('withBudget', campaign, { promotion_ids: [second] }),
    )
    const made = items.map(({ data }: { data: { id: string } }) => data.id)
    const showing = async (query: string) => {
      const { body } = await server.get(`${account}/promotion_applied_entities?promotion_ids=${query}`)
      return { ids: body.items.map(({ id }: { id: string }) => id), bookmark: body.bookmark }
    }
    expect((await showing(first)).ids).toEqual([made[0], made[1]])
    expect((await showing(`${first},${second}&order=DESCENDING`)).ids).toEqual([made[3], made[1], made[0]])
    const { bookmark } = await showing(`${first},${second}&page_size=2`)
    expect((await showing(`${first},${second}&page_size=2&bookmark=${bookmark}`)).ids).toEqual([made[3]])
    await patch({ id: made[0], promotion_id: null }, { id: made[2], promotion_ids: [first] })
    expect((await showing(first)).ids).toEqual([made[1], made[2]])
    expect((await showing('7')).ids).toEqual([])
  })

  test('name no promotion any more that was deleted, and can be changed as before', async () => {
    const promotions = [{ promotion_title: 'Less', promotion_type: 'SITEWIDE' }]
    const promotion = async () => (await server.post(`${account}/promotions`, promotions)).body.promotions[0].data.id
    const [gone, kept] = [await promotion(), await promotion()]
    const campaign = await campaignOf('withBudget')
    const both = { promotion_id: gone, promotion_ids: [gone, kept] }
    const [{ data: adGroup }] = await create(inCampaign('withBudget', campaign, both))
    expect(adGroup).toMatchObject(both)
    expect((await server.delete(`${account}/promotions/${gone}`)).status).toBe(204)
    const left = { promotion_id: null, promotion_ids: [kept] }
    expect((await server.get(`${account}/ad_groups/${adGroup.id}`)).body).toMatchObject(left)
    const listed = await server.get(`${account}/ad_groups?campaign_ids=${campaign}`)
    expect(listed.body.items).toMatchObject([left])
    const showing = await server.get(`${account}/promotion_applied_entities?promotion_ids=${gone},${kept}`)
    expect(showing.body.items).toMatchObject([left])
    const [renamed, refused] = await patch(
      { id: adGroup.id, name: 'Renamed' },
      { id: adGroup.id, promotion_ids: [gone] },
    )
    expect(renamed.data).toMatchObject({ name: 'Renamed', ...left })
    expect(refused.exceptions[0].message).toContain(`no promotion ${gone}`)
    await server.delete(`${account}/promotions/${kept}`)
    expect((await server.get(`${account}/ad_groups/${adGroup.id}`)).body.promotion_ids).toEqual([])
  })

  test('have a targeting template in place of a spec, tracking and a place, until it is cleared', async () => {
    const template = { name: 'Everybody', targeting_attributes: { LOCATION: ['US'] } }
    const targeting_template_ids = [(await server.post(`${account}/targeting_templates`, template)).body.id]
    const campaign = await campaignOf('withBudget')
    const templated = (more: object) => inCampaign('withBudget', campaign, { targeting_template_ids, ...more })
    const items = await create(
      templated({}),
      templated({ targeting_spec: { LOCATION: ['GB'] } }),
      templated({ tracking_urls: { click: ['https://count.example/c'] } }),
      templated({ placement_group: 'SEARCH' }),
      templated({ name: 'Neighbour' }),
    )
    expect(items.map((item: object) => Object.keys(item).join())).toEqual([
      ...['data', 'exceptions', 'exceptions', 'exceptions', 'data'],
    ])
    for (const [i, field] of [...['targeting_spec', 'tracking_urls', 'placement_group'].entries()])
      expect(items[i + 1].exceptions).toEqual([
        { code: 1, message: expect.stringContaining(`'${field}' must be left`) },
      ])
    const { id } = items[0].data
    expect(items[0].data).toMatchObject({ targeting_template_ids, targeting_spec: {} })
    const changes = await patch(
      { id, targeting_spec: { GENDER: ['male'] } },
      { id, targeting_template_ids: ['0'], targeting_spec: { GENDER: ['male'] } },
      { id, targeting_template_ids },
    )
    expect(changes[0].exceptions).toHaveLength(1)
    expect(changes[1].data).toMatchObject({ targeting_template_ids: null, targeting_spec: { GENDER: ['male'] } })
    // What it says now is what the template says.
    expect(changes[2].data).toMatchObject({ targeting_template_ids, targeting_spec: {} })
  })
})
