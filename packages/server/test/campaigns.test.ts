import { databases } from '@pinfold/test-support/databases'
import { people, startTestServer, type TestServer } from '@pinfold/test-support/server'
import { beforeAll, describe, expect, test } from 'vitest'

const bob = { token: people.bob.token }

describe.each(databases)('campaigns on $name', ({ open }) => {
  let server: TestServer
  let path: string

  beforeAll(async () => {
    const { discard, ...database } = await open()
    server = await startTestServer(database)
    path = `/ad_accounts/${(await server.get('/ad_accounts')).body.items[0].id}/campaigns`
    return async () => {
      await server.close()
      await discard()
    }
  })

  const now = () => Math.floor(server.clock.now() / 1000)
  const patch = async (...changes: object[]) => (await server.request('PATCH', path, { json: changes })).body.items
  async function create(...campaigns: object[]) {
    const { status, body } = await server.post(path, campaigns)
    expect([status, body.message]).toEqual([200, undefined])
    return body.items
  }
  async function one(campaign: object = {}) {
    const [{ data, exceptions }] = await create({
      ...{ name: 'Spring', objective_type: 'AWARENESS', daily_spend_cap: 5_000_000, ...campaign },
    })
    expect(exceptions).toEqual([])
    return data
  }
  const ids = async (query: string) => {
    const { status, body } = await server.get(`${path}?${query}`)
    expect([status, body.message]).toEqual([200, undefined])
    return body.items.map(({ id }: { id: string }) => id)
  }

  test('are made as real answers show them, paused ones too', async () => {
    const made = await one({ name: 'Autumn', status: 'PAUSED', is_campaign_budget_optimization: false })
    expect(made).toEqual({
      id: expect.stringMatching(/^\d+$/),
      ad_account_id: path.split('/')[2],
      ...{ name: 'Autumn', objective_type: 'AWARENESS', status: 'PAUSED', summary_status: 'PAUSED', type: 'campaign' },
      ...{ daily_spend_cap: 5_000_000, lifetime_spend_cap: 0, order_line_id: null, tracking_urls: null },
      ...{ is_flexible_daily_budgets: false, is_automated_campaign: false, is_performance_plus: false },
      // With this objective the campaign has the budget, whatever was sent.
      ...{ is_campaign_budget_optimization: true, is_top_of_search: false, bid_options: null, ext_features: null },
      ...{ intended_promotion_type: 'STANDARD_AD', start_time: now(), end_time: null },
      ...{ created_time: now(), updated_time: now() },
    })
    const shown = { ...made, summary_status: 'ADVERTISER_DISABLED' }
    expect((await server.get(`${path}/${made.id}`)).body).toEqual(shown)
    expect((await patch({ id: made.id, name: null }))[0]).toEqual({ data: shown, exceptions: [] })
  })

  test('that are refused harm none of the others, and say why', async () => {
    const items = await create(
      { name: 'Good', objective_type: 'WEB_CONVERSION', lifetime_spend_cap: 1_000_000 },
      { name: 'No cap', objective_type: 'CONSIDERATION', is_campaign_budget_optimization: false },
      { name: ' ', objective_type: 'AWARENESS', daily_spend_cap: 1, lifetime_spend_cap: 1 },
      { name: 'Video', objective_type: 'VIDEO_COMPLETION' },
    )
    expect(items.map((item: object) => Object.keys(item))).toEqual([
      ['data', 'exceptions'],
      ['exceptions'],
      ['exceptions'],
      ['data', 'exceptions'],
    ])
    expect(items[1].exceptions).toEqual([{ code: 2384, message: expect.stringContaining('lifetime_spend_cap') }])
    expect(items[2].exceptions.map(({ code }: { code: number }) => code)).toEqual([1, 1])
  })

  const longest = 'x'.repeat(256)
  test.each<[string, object]>([
    [`'name'`, { name: ' ' }],
    [`'name'`, { name: longest }],
    [
      'not be negative',
      { daily_spend_cap: -1, is_campaign_budget_optimization: false, objective_type: 'VIDEO_COMPLETION' },
    ],
    ['not both', { lifetime_spend_cap: 1 }],
    [`needs 'daily_spend_cap'`, { daily_spend_cap: 0 }],
    [`'end_time' must be after`, { start_time: 1_800_000_000, end_time: 1_800_000_000 }],
    ['not negative', { start_time: -2, end_time: -1 }],
    ['from 0 to 10', { bid_options: { gender_multipliers: { male: 11 }, update_mask: ['GENDER'] } }],
    ['no order line', { order_line_id: '1' }],
    [`'status' of something new`, { status: 'DELETED_DRAFT' }],
  ])('are refused for %s, alone and among good ones: %j', async (message, wrong) => {
    const good = { name: 'Good', objective_type: 'AWARENESS', daily_spend_cap: 1 }
    const bad = { ...good, ...wrong }
    const [alone] = await create(bad)
    const among = await create(good, bad, good)
    for (const item of [alone, among[1]])
      expect(item).toEqual({
        exceptions: [{ code: expect.any(Number), message: expect.stringContaining(message) }],
      })
    expect([among[0].data, among[2].data]).toMatchObject([good, good])
    // And a campaign that is there cannot become so; to name one cap takes the other away.
    if ('status' in wrong || 'lifetime_spend_cap' in wrong) return
    const [changed] = await patch({ id: among[0].data.id, ...wrong })
    expect(Object.keys(changed)).toEqual(['exceptions'])
    expect((await server.get(`${path}/${among[0].data.id}`)).body).toEqual(among[0].data)
  })

  test('run by their schedule and the clock', async () => {
    const later = await one({ start_time: now() + 3600, end_time: now() + 7200 })
    const status = async () => (await server.get(`${path}/${later.id}`)).body.summary_status
    expect(later.summary_status).toBe('NOT_STARTED')
    server.clock.advance(3_600_000)
    expect(await status()).toBe('RUNNING')
    server.clock.advance(3_600_000)
    expect(await status()).toBe('COMPLETED')
  })

  test('are changed, but for what is settled once', async () => {
    const { id } = await one({ tracking_urls: { click: ['nonsense', 'https://count.example/c'] } })
    const draft = await one({ status: 'DRAFT' })
    const changed = await patch(
      { id, lifetime_spend_cap: 9, name: 'Late spring' },
      { id, objective_type: 'CONSIDERATION' },
      { id: draft.id, objective_type: 'CONSIDERATION' },
      { id: '123', name: 'Nobody’s' },
      { id, bid_options: { update_mask: ['GENDER'], gender_multipliers: { female: 2 }, age_bucket_multipliers: {} } },
      { id, status: 'ARCHIVED' },
      { id, status: 'ACTIVE' },
    )
    expect(changed[0].data).toMatchObject({
      ...{ name: 'Late spring', daily_spend_cap: 0, lifetime_spend_cap: 9 },
      tracking_urls: { click: ['https://count.example/c'] },
    })
    expect(changed[4].data.bid_options).toEqual({ gender_multipliers: { female: 2 } })
    expect(changed.map((item: { data?: object }) => item.data !== undefined)).toEqual([
      ...[true, false, true, false, true, true, false],
    ])
    expect(changed[3].exceptions[0].message).toContain('no campaign 123')
    expect((await server.get(`${path}/C${id}`)).status).toBe(400)
    expect((await server.get(`${path}/${id}`)).body.summary_status).toBe('ARCHIVED')
  })

  test('are listed oldest first, in pages, by status or by their ids', async () => {
    const made = await create(
      ...Array.from({ length: 5 }, (_, i) => ({
        ...{
          name: `List ${i}`,
          objective_type: 'AWARENESS',
          daily_spend_cap: 1,
          status: i === 2 ? 'ARCHIVED' : 'ACTIVE',
        },
      })),
    )
    const all = made.map(({ data }: { data: { id: string } }) => data.id)
    const shown = all.filter((_: string, i: number) => i !== 2)
    expect((await ids('page_size=250')).slice(-4)).toEqual(shown)
    expect((await ids('order=DESCENDING')).slice(0, 4)).toEqual(shown.toReversed())
    expect(await ids(`campaign_ids=${all.join()}&entity_statuses=ARCHIVED`)).toEqual([all[2]])
    const first = (await server.get(`${path}?campaign_ids=${all.join()}&page_size=3`)).body
    expect(await ids(`campaign_ids=${all.join()}&page_size=3&bookmark=${first.bookmark}`)).toEqual([shown[3]])
    const elsewhere = await server.get(`${path}?page_size=3&bookmark=${first.bookmark}`)
    expect([elsewhere.status, elsewhere.body.code]).toEqual([400, 1])
  })

  test('are hidden from those without a role in the ad account', async () => {
    const { id } = await one()
    for (const [method, at, json] of [
      ['GET', path, undefined],
      ['GET', `${path}/${id}`, undefined],
      ['POST', path, [{ name: 'Mine', objective_type: 'AWARENESS', daily_spend_cap: 1 }]],
      ['PATCH', path, [{ id, name: 'Mine' }]],
    ] as const) {
      const { status, body } = await server.request(method, at, { ...bob, ...(json && { json }) })
      expect([status, body.code]).toEqual([403, 29])
    }
  })

  test('are made once for one Idempotency-Key', async () => {
    const send = () =>
      server.request('POST', path, {
        json: [{ name: 'Once', objective_type: 'AWARENESS', daily_spend_cap: 1 }],
        headers: { 'idempotency-key': 'campaign-once' },
      })
    const answers = [await send(), await send()]
    expect(answers[1]?.body).toEqual(answers[0]?.body)
  })
})
