import { databases } from '@pinfold/test-support/databases'
import { until } from '@pinfold/test-support/pace'
import { base64Source } from '@pinfold/test-support/pictures'
import { people, startTestServer, type TestServer } from '@pinfold/test-support/server'
import { beforeAll, describe, expect, test } from 'vitest'

const bob = { token: people.bob.token }
/** What is answered as JSON. */
// biome-ignore lint/suspicious/noExplicitAny: answers are looked at as they are
type Json = any

describe.each(databases)('ads on $name', ({ open }) => {
  let server: TestServer
  let account: string
  let path: string
  let board: string
  let campaign: string
  let adGroup: string
  let pin: string

  beforeAll(async () => {
    const { discard, ...database } = await open()
    server = await startTestServer(database)
    account = `/ad_accounts/${(await server.get('/ad_accounts')).body.items[0].id}`
    path = `${account}/ads`
    board = (await server.post('/boards', { name: 'Cups' })).body.id
    campaign = await made('campaigns', { name: 'Spring', objective_type: 'CONSIDERATION', daily_spend_cap: 5_000_000 })
    adGroup = await group(campaign)
    pin = await newPin()
    return async () => {
      await server.close()
      await discard()
    }
  })

  const newPin = async (pinned: object = { link: 'https://alice.example/cup' }, options = {}): Promise<string> =>
    (await server.post('/pins', { board_id: board, media_source: await base64Source(), ...pinned }, options)).body.id
  async function made(what: string, one: object): Promise<string> {
    const { body, text } = await server.post(`${account}/${what}`, [one])
    expect(body.items?.[0]?.data, text).toBeDefined()
    return body.items[0].data.id
  }
  const group = (campaign_id: string, more: object = {}) =>
    made('ad_groups', {
      ...{ name: 'Cups', campaign_id, billable_event: 'CLICKTHROUGH', bid_in_micro_currency: 1_000_000, ...more },
    })
  async function create(...ads: object[]): Promise<Json[]> {
    const { status, body } = await server.post(path, ads)
    expect([status, body.message]).toEqual([200, undefined])
    return body.items
  }
  const patch = async (...changes: object[]): Promise<Json[]> => {
    const { status, body } = await server.request('PATCH', path, { json: changes })
    expect([status, body.message]).toEqual([200, undefined])
    return body.items
  }
  async function one(ad: object = {}): Promise<Json> {
    const [item] = await create({ ad_group_id: adGroup, pin_id: pin, creative_type: 'REGULAR', ...ad })
    expect(item.exceptions).toBeUndefined()
    return item.data
  }
  const get = async (id: string): Promise<Json> => (await server.get(`${path}/${id}`)).body
  const ids = async (query: string): Promise<string[]> => {
    const { status, body } = await server.get(`${path}?${query}`)
    expect([status, body.message]).toEqual([200, undefined])
    return body.items.map(({ id }: { id: string }) => id)
  }
  const now = () => Math.floor(server.clock.now() / 1000)
  /** Returns an ad once it is reviewed, a little later. */
  async function reviewed(id: string): Promise<Json> {
    server.clock.advance(10_000)
    return until(async () => {
      const ad = await get(id)
      return ad.review_status !== 'PENDING' && ad
    })
  }

  test('are made with all that is unset, and are pending until they are reviewed', async () => {
    const ad = await one({ name: 'Cup', ad_group_id: `AG${adGroup}`, grid_click_type: null })
    const unset = [
      ...['android_deep_link', 'carousel_android_deep_links', 'carousel_destination_urls', 'carousel_ios_deep_links'],
      ...['click_tracking_url', 'collection_items_destination_url_template', 'collections_header_type'],
      ...['customizable_cta_type', 'destination_url', 'disclosure_type', 'disclosure_url', 'ios_deep_link'],
      ...['lead_form_id', 'quiz_pin_data', 'tracking_urls', 'view_tracking_url'],
    ]
    expect(ad).toEqual({
      id: expect.stringMatching(/^\d+$/),
      ad_account_id: account.split('/')[2],
      ...{ campaign_id: campaign, ad_group_id: adGroup, pin_id: pin, creative_type: 'REGULAR', name: 'Cup' },
      ...{ status: 'ACTIVE', review_status: 'PENDING', summary_status: 'PENDING', type: 'pinpromotion' },
      ...{ rejected_reasons: [], rejection_labels: [], grid_click_type: 'DIRECT_TO_DESTINATION' },
      ...{ is_pin_deleted: false, is_removable: false, is_carting: false },
      ...{ created_time: now(), updated_time: now() },
      ...Object.fromEntries(unset.map((name) => [name, null])),
    })
    expect(await get(ad.id)).toEqual(ad)
    expect(await reviewed(ad.id)).toEqual({ ...ad, review_status: 'APPROVED', summary_status: 'APPROVED' })
  })

  test('that are refused harm none of the others, and say why in one object', async () => {
    const secret = (await server.post('/boards', { name: 'Secret', privacy: 'SECRET' })).body.id
    const hidden = await newPin({ board_id: secret })
    const bobs = (await server.post('/boards', { name: 'Bob’s' }, bob)).body.id
    const ad = { ad_group_id: adGroup, pin_id: pin, creative_type: 'REGULAR' }
    const items = await create(
      ad,
      { ...ad, ad_group_id: '123' },
      { ...ad, pin_id: '123' },
      { ...ad, pin_id: hidden },
      { ...ad, pin_id: await newPin({ board_id: bobs }, bob) },
      { ...ad, creative_type: 'VIDEO' },
      { ...ad, creative_type: 'CAROUSEL' },
      { ...ad, creative_type: 'QUIZ' },
      { ...ad, collections_header_type: 'NO_HEADER' },
      { ...ad, carousel_destination_urls: ['https://alice.example'] },
      { ...ad, disclosure_url: 'http://alice.example' },
      { ...ad, name: ' ', destination_url: `https://alice.example/${'x'.repeat(2000)}` },
      { ...ad, status: 'DELETED_DRAFT' },
      { ...ad, lead_form_id: '1'.repeat(21) },
      { ...ad, creative_type: 'COLLECTION', collections_header_type: 'NO_HEADER' },
    )
    const last = items.length - 1
    for (const [index, item] of items.entries())
      expect(Object.keys(item)).toEqual([index === 0 || index === last ? 'data' : 'exceptions'])
    expect(items[1].exceptions).toEqual({ code: 1, message: 'There is no ad group 123 in this ad account.' })
    // Of a secret Pin nobody is told that it is there.
    expect(items[3].exceptions.message.replace(hidden, '123')).toBe(items[2].exceptions.message)
    expect(items[11].exceptions.message).toMatch(/'name' must .* 'destination_url'/)
  })

  test('are reviewed by where they lead, and again when that changes', async () => {
    const bare = await newPin({})
    const { id } = await one({ pin_id: bare })
    expect(await reviewed(id)).toMatchObject({
      ...{ review_status: 'REJECTED', summary_status: 'REJECTED', rejected_reasons: ['LANDING_PAGE'] },
      ...{ rejection_labels: [expect.stringContaining('needs a link')], grid_click_type: 'CLOSEUP' },
    })
    // A new name is nothing to review.
    expect((await patch({ id, name: 'Cup' }))[0].data.review_status).toBe('REJECTED')
    for (const broken of ['cups', 'ftp://alice.example', 'http://10.0.0.1/cup', 'http://localhost', 'https://cups/'])
      await (async () => {
        const [{ data }] = await patch({ id, destination_url: broken })
        expect(data).toMatchObject({ review_status: 'PENDING', rejected_reasons: [], rejection_labels: [] })
        const after = await reviewed(id)
        expect([broken, after.review_status, after.rejected_reasons]).toEqual([
          ...[broken, 'REJECTED', ['LANDING_PAGE_BROKEN']],
        ])
        expect(after.rejection_labels[0]).toContain(broken)
      })()
    await patch({ id, destination_url: 'https://alice.example/cups' })
    expect(await reviewed(id)).toMatchObject({ review_status: 'APPROVED', rejected_reasons: [], rejection_labels: [] })

    // For who only wants to be seen, a link is not needed.
    const seen = await group(
      await made('campaigns', { name: 'Seen', objective_type: 'AWARENESS', daily_spend_cap: 5_000_000 }),
      { billable_event: 'IMPRESSION' },
    )
    const { id: aware } = await one({ pin_id: bare, ad_group_id: seen })
    expect((await reviewed(aware)).review_status).toBe('APPROVED')
  })

  test('say in their summary what they are in, and the clock', async () => {
    const own = await made('campaigns', {
      ...{ name: 'Summer', objective_type: 'CONSIDERATION', daily_spend_cap: 5_000_000, end_time: now() + 7200 },
    })
    const inside = await group(own)
    const { id } = await one({ ad_group_id: inside })
    const summary = async () => (await get(id)).summary_status
    await reviewed(id)
    const change = async (what: string, json: object) =>
      expect((await server.request('PATCH', `${account}/${what}`, { json: [json] })).body.items[0].data).toBeDefined()
    expect(await summary()).toBe('APPROVED')
    await change('ad_groups', { id: inside, status: 'PAUSED' })
    expect(await summary()).toBe('ADVERTISER_DISABLED')
    await change('ad_groups', { id: inside, status: 'ACTIVE' })
    await change('campaigns', { id: own, status: 'PAUSED' })
    expect(await summary()).toBe('ADVERTISER_DISABLED')
    await change('campaigns', { id: own, status: 'ACTIVE' })
    await change('ads', { id, status: 'PAUSED' })
    expect(await summary()).toBe('ADVERTISER_DISABLED')
    await change('ads', { id, status: 'ACTIVE' })
    server.clock.advance(7_200_000)
    expect(await summary()).toBe('PAUSED')
    await change('campaigns', { id: own, status: 'ARCHIVED' })
    expect(await summary()).toBe('ARCHIVED')
    const paused = await one({ status: 'PAUSED' })
    expect([paused.summary_status, (await get(paused.id)).summary_status]).toEqual(['PAUSED', 'ADVERTISER_DISABLED'])
  })

  test('are changed, but for what is settled once', async () => {
    const other = await newPin({ link: 'https://alice.example/other' })
    const { id } = await one({ tracking_urls: { click: ['nonsense', 'https://count.example/c'] }, name: 'Cup' })
    const draft = await one({ status: 'DRAFT' })
    const items = await patch(
      { id, name: null, is_removable: true, status: null },
      { id, pin_id: other },
      { id, pin_id: pin, ad_group_id: `AG${adGroup}` },
      { id, ad_group_id: '123' },
      { id: draft.id, pin_id: other },
      { id: draft.id, pin_id: '123' },
      { id: '123', name: 'Nobody’s' },
      { id, tracking_urls: null },
      { id, status: 'DRAFT' },
    )
    expect(items.map(({ data }) => data !== undefined)).toEqual([
      ...[true, false, true, false, true, false, false, true, false],
    ])
    expect(items[0].data).toMatchObject({
      ...{ name: null, is_removable: true, status: 'ACTIVE', tracking_urls: { click: ['https://count.example/c'] } },
    })
    expect(items[4].data).toMatchObject({ pin_id: other, summary_status: 'DRAFT' })
    expect(items[7].data.tracking_urls).toBeNull()
    expect(items[6].exceptions).toEqual({ code: 1, message: 'There is no ad 123 in this ad account.' })
    // A draft is reviewed once it is none.
    await reviewed(id)
    expect((await get(draft.id)).review_status).toBe('PENDING')
    await patch({ id: draft.id, status: 'ACTIVE' })
    expect((await reviewed(draft.id)).review_status).toBe('APPROVED')
    await patch({ id, status: 'ARCHIVED' })
    expect((await get(id)).summary_status).toBe('ARCHIVED')
  })

  test('stay when their Pin is deleted, and say so', async () => {
    const gone = await newPin()
    const approved = await one({ pin_id: gone })
    await reviewed(approved.id)
    const pending = await one({ pin_id: gone, name: 'Late' })
    expect((await server.request('DELETE', `/pins/${gone}`)).status).toBe(204)
    expect(await get(approved.id)).toMatchObject({
      ...{ is_pin_deleted: true, review_status: 'APPROVED', summary_status: 'PAUSED', pin_id: gone },
    })
    expect(await reviewed(pending.id)).toMatchObject({
      ...{ is_pin_deleted: true, review_status: 'REJECTED', rejected_reasons: ['OTHER'] },
      rejection_labels: ['The Pin of the ad is gone.'],
    })
    const [renamed, again] = await patch({ id: approved.id, name: 'Gone' }, { id: pending.id, status: 'ARCHIVED' })
    expect([renamed.data.name, again.data.summary_status]).toEqual(['Gone', 'ARCHIVED'])
  })

  test('are listed oldest first, by campaigns, ad groups or ads, one of them', async () => {
    const own = await made('campaigns', { name: 'List', objective_type: 'AWARENESS', daily_spend_cap: 1_000_000 })
    const groups = [
      await group(own, { billable_event: 'IMPRESSION' }),
      await group(own, { billable_event: 'IMPRESSION' }),
    ]
    const all: string[] = []
    for (let i = 0; i < 5; i++)
      all.push((await one({ ad_group_id: groups[i % 2], status: i === 2 ? 'ARCHIVED' : 'ACTIVE' })).id)
    const shown = all.filter((_, i) => i !== 2)
    expect(await ids(`campaign_ids=${own}`)).toEqual(shown)
    expect(await ids(`campaign_ids=${own}&order=DESCENDING`)).toEqual(shown.toReversed())
    expect(await ids(`ad_group_ids=${groups[0]}&entity_statuses=ARCHIVED,ACTIVE`)).toEqual([all[0], all[2], all[4]])
    expect(await ids(`ad_ids=${all.join()}&entity_statuses=ARCHIVED`)).toEqual([all[2]])
    expect((await ids('page_size=250')).slice(-4)).toEqual(shown)
    const first = (await server.get(`${path}?campaign_ids=${own}&page_size=3`)).body
    expect(await ids(`campaign_ids=${own}&page_size=3&bookmark=${first.bookmark}`)).toEqual([shown[3]])
    const two = await server.get(`${path}?campaign_ids=${own}&ad_ids=${all[0]}`)
    expect([two.status, two.body.code]).toEqual([400, 1])
    expect((await server.get(`${path}/123`)).status).toBe(404)
  })

  test('go on as those who test want it: after a time, by hand, or all rejected', async () => {
    const rule = (json: object) => server.request('PUT', '/_pinfold/transitions/ad.review', { json })
    const trigger = (event: string, json: object) => server.post(`/_pinfold/trigger/${event}`, json)
    await rule({ mode: 'manual' })
    const [first, second] = [await one(), await one()]
    server.clock.advance(86_400_000)
    const waiting = await rule({ mode: 'manual' })
    expect(waiting.body).toMatchObject({ kind: 'ad.review', mode: 'manual' })
    expect(waiting.body.waiting).toBeGreaterThanOrEqual(2)
    expect((await trigger('ad.approve', { ad_id: first.id })).status).toBe(204)
    expect((await get(first.id)).review_status).toBe('APPROVED')
    const problem = 'The picture shows a weapon.'
    expect((await trigger('ad.reject', { ad_id: second.id, problem })).status).toBe(204)
    expect(await get(second.id)).toMatchObject({ review_status: 'REJECTED', rejection_labels: [problem] })
    expect((await trigger('ad.approve', { ad_id: first.id })).status).toBe(400)
    expect((await trigger('ad.approve', { ad_id: '123' })).status).toBe(404)

    await rule({ mode: 'time', after: '1h' })
    const slow = await one()
    server.clock.advance(3_500_000)
    await rule({ mode: 'fail', problem })
    const failing = await one()
    const failed = await until(async () => (await get(failing.id)).review_status === 'REJECTED' && get(failing.id))
    expect(failed.rejection_labels).toEqual([problem])
    expect((await get(slow.id)).rejection_labels).toEqual([problem])
    await rule({ mode: 'immediate' })
  })

  test('are hidden from those without a role in the ad account', async () => {
    const { id } = await one()
    for (const [method, at, json] of [
      ['GET', path, undefined],
      ['GET', `${path}/${id}`, undefined],
      ['POST', path, [{ ad_group_id: adGroup, pin_id: pin, creative_type: 'REGULAR' }]],
      ['PATCH', path, [{ id, name: 'Mine' }]],
    ] as const) {
      const { status, body } = await server.request(method, at, { ...bob, ...(json && { json }) })
      expect([status, body.code]).toEqual([403, 29])
    }
  })

  test('are made once for one Idempotency-Key', async () => {
    const send = () =>
      server.request('POST', path, {
        json: [{ ad_group_id: adGroup, pin_id: pin, creative_type: 'REGULAR' }],
        headers: { 'idempotency-key': 'one-ad-only' },
      })
    const answers = [await send(), await send()]
    expect(answers[1]?.body).toEqual(answers[0]?.body)
  })
})
