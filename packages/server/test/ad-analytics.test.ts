import { databases } from '@pinfold/test-support/databases'
import { onThisMachine, until } from '@pinfold/test-support/pace'
import { base64Source } from '@pinfold/test-support/pictures'
import { allScopesBut, people, startTestServer, type TestServer } from '@pinfold/test-support/server'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'

/** The number of stories of the law; more with `PINFOLD_MODEL_RUNS=200`. */
const runs = Number(process.env.PINFOLD_MODEL_RUNS ?? 5)

const dayMs = 86_400_000
const hourMs = 3_600_000
const bob = { token: people.bob.token }
/** A token of Alice's that must not write ads. */
const withoutAds = { text: 'pina_without_ads_0000000000', scopes: allScopesBut('ads:write') }

type Row = Record<string, string | number>

describe.each(databases)('analytics of ads on $name', ({ open }) => {
  let server: TestServer
  let account: string
  /** A Pin, its copy on a board of Bob's, and another Pin. */
  let pins: { shown: string; saved: string; other: string }
  let campaigns: string[]

  beforeAll(async () => {
    const { discard, ...database } = await open()
    const tokens = [withoutAds]
    server = await startTestServer({ ...database, tokens })
    account = (await server.get('/ad_accounts')).body.items[0].id
    const board = async (options?: { token: string }) =>
      (await server.post('/boards', { name: `Of ${options ? 'Bob' : 'Alice'}` }, options)).body.id
    const source = await base64Source(3)
    const [mine, bobs] = [await board(), await board(bob)]
    const pin = async () => (await server.post('/pins', { board_id: mine, media_source: source })).body.id
    const shown = await pin()
    const saved = (await server.post(`/pins/${shown}/save`, { board_id: bobs }, bob)).body.id
    pins = { shown, saved, other: await pin() }
    campaigns = [await campaign('Spring'), await campaign('Autumn')]
    return async () => {
      await server.close()
      await discard()
    }
  })

  async function campaign(name: string): Promise<string> {
    const made = { name, objective_type: 'CONSIDERATION', daily_spend_cap: 5_000_000 }
    return (await server.post(`/ad_accounts/${account}/campaigns`, [made])).body.items[0].data.id
  }
  const make = async (what: string, one: object): Promise<string> => {
    const { body, text } = await server.post(`/ad_accounts/${account}/${what}`, [one])
    expect(body.items[0].data, text).toBeDefined()
    return body.items[0].data.id
  }
  const adGroup = (campaign_id: string | undefined) =>
    make('ad_groups', {
      ...{ name: 'Everybody', campaign_id, billable_event: 'CLICKTHROUGH', bid_in_micro_currency: 1_000_000 },
    })
  const ad = (ad_group_id: string, pin_id = pins.shown) =>
    make('ads', { name: 'Cup', ad_group_id, pin_id, creative_type: 'REGULAR' })
  const date = (daysAgo: number) => new Date(server.clock.now() - daysAgo * dayMs).toISOString().slice(0, 10)
  const range = (daysAgo: number, until = 0) => `start_date=${date(daysAgo)}&end_date=${date(until)}`

  let events = 0
  const event = (adId: string | undefined, more: object = {}) => ({
    ...{ id: `event ${events++}`, type: 'impression', pin_id: pins.shown, viewer: `viewer ${events}` },
    ...{ at: new Date(server.clock.now()).toISOString(), ...(adId && { ad_id: adId }), ...more },
  })
  const send = async (sent: object[], token: string | null = people.alice.token) => {
    const { status, body } = await server.post('/_pinfold/events', { events: sent }, { token })
    expect([status, body.message]).toEqual([200, undefined])
    return body
  }
  const load = async (rows: object[], token: string = people.alice.token) =>
    (await server.post('/_pinfold/analytics/history', { rows }, { token })).body
  async function rows(path: string, query: string): Promise<Row[]> {
    const { status, body } = await server.get(`/ad_accounts/${account}/${path}analytics?${query}`)
    expect([status, body.message]).toEqual([200, undefined])
    return body
  }
  /** Returns the rows of a report. */
  async function reported(body: object): Promise<Row[]> {
    const path = `/ad_accounts/${account}/reports`
    const { token } = (await server.post(path, body)).body
    const { url } = await until(async () => {
      const found = (await server.get(`${path}?token=${encodeURIComponent(token)}`)).body
      return found.report_status === 'FINISHED' && found
    })
    return Object.values((await (await fetch(url)).json()) as Record<string, Row[]>).flat()
  }
  const columns = 'IMPRESSION_1,IMPRESSION_2,TOTAL_IMPRESSION,CLICKTHROUGH_1,ECTR'

  test('are of what was sent with an ad, which counts for its Pin as well', async () => {
    const group = await adGroup(campaigns[0])
    const one = await ad(group)
    const sent = [
      event(one),
      event(one),
      event(one, { type: 'pin_click' }),
      event(one, { pin_id: pins.saved }),
      // No copy of what the ad shows.
      event(one, { pin_id: pins.other }),
      event(undefined),
    ]
    expect(await send(sent)).toMatchObject({ received: 6, counted: 6, counted_for_ads: 4 })
    expect(await send(sent)).toMatchObject({ received: 6, counted: 0, counted_for_ads: 0, duplicates: 6 })
    const row = { IMPRESSION_1: 2, IMPRESSION_2: 1, TOTAL_IMPRESSION: 3, CLICKTHROUGH_1: 1, ECTR: 1 / 3 }
    const query = `${range(2)}&granularity=TOTAL&columns=${columns}`
    const close = { ...row, ECTR: expect.closeTo(1 / 3, 10) }
    expect(await rows('ads/', `ad_ids=${one}&${query}`)).toEqual([{ AD_ID: one, ...close }])
    expect(await rows('ad_groups/', `ad_group_ids=${group}&${query}`)).toEqual([{ AD_GROUP_ID: group, ...close }])
    const days = `${range(2)}&granularity=DAY&columns=${columns}`
    const [day] = await rows('campaigns/', `campaign_ids=${campaigns[0]}&${days}`)
    expect(day).toMatchObject({ CAMPAIGN_ID: campaigns[0], DATE: date(0), TOTAL_IMPRESSION: 3 })
    const [hour] = await rows('ads/', `ad_ids=${one}&${range(2)}&granularity=HOUR&columns=${columns}`)
    expect(hour).toMatchObject({ DATE: `${new Date(server.clock.now()).toISOString().slice(0, 13)}:00:00` })
    const ofPin = await server.get(`/pins/${pins.shown}/analytics?${range(0)}&metric_types=IMPRESSION,PIN_CLICK`)
    expect(ofPin.body.all.summary_metrics).toEqual({ IMPRESSION: 3, PIN_CLICK: 1 })
  })

  test('are written only by those who manage the ad account', async () => {
    const one = await ad(await adGroup(campaigns[0]))
    for (const token of [people.bob.token, withoutAds.text, null])
      expect(await send([event(one)], token)).toMatchObject({ counted: 1, counted_for_ads: 0 })
    const row = { date: date(1), ad_id: one, metric: 'SPEND_IN_MICRO_DOLLAR', value: 7 }
    expect(await load([row], people.bob.token)).toEqual({
      loaded: 0,
      errors: [{ row: 0, message: `'ad_id': ${one} is no ad in an ad account that you manage.` }],
    })
    const { errors } = await load([row], withoutAds.text)
    expect(errors[0].message).toContain('ads:write')
    expect(await rows('ads/', `ad_ids=${one}&${range(3)}&granularity=TOTAL&columns=${columns}`)).toEqual([])
  })

  test('take loaded numbers, which replace what was there', async () => {
    const group = await adGroup(campaigns[1])
    const one = await ad(group)
    const row = (metric: string, value: unknown, more = {}) => ({ date: date(1), ad_id: one, metric, value, ...more })
    const loaded = await load([
      row('SPEND_IN_MICRO_DOLLAR', 9_000_000),
      { date: date(1), pin_id: pins.shown, metric: 'SAVE', value: 3 },
      row('SPEND_IN_MICRO_DOLLAR', 12_340_000),
      row('IMPRESSION_1', 1000),
      row('TOTAL_IMPRESSION', 1),
      row('IMPRESSION_1', -1),
      row('IMPRESSION_1', 5, { ad_id: 7 }),
      row('REPIN_2', 4),
      row('IMPRESSION_1', 5, { date: date(-2) }),
    ])
    expect(loaded.loaded).toBe(5)
    expect(loaded.errors.map(({ row }: { row: number }) => row)).toEqual([4, 5, 6, 8])
    const query = `${range(89)}&granularity=DAY&columns=SPEND_IN_DOLLAR,CPM_IN_DOLLAR,IMPRESSION_1,REPIN_2,CAMPAIGN_NAME`
    const expected = { DATE: date(1), SPEND_IN_DOLLAR: 12.34, CPM_IN_DOLLAR: 12.34, IMPRESSION_1: 1000, REPIN_2: 4 }
    const ofAd = { AD_ID: one, ...expected, CAMPAIGN_NAME: 'Autumn' }
    expect(await rows('ads/', `ad_ids=${one}&${query}`)).toEqual([ofAd])
    await load([row('SPEND_IN_MICRO_DOLLAR', 1_000_000)])
    expect(await rows('ad_groups/', `ad_group_ids=${group}&${query}`)).toEqual([
      { ...expected, AD_GROUP_ID: group, SPEND_IN_DOLLAR: 1, CPM_IN_DOLLAR: 1, CAMPAIGN_NAME: 'Autumn' },
    ])
  })

  test('are added up, and tell of Pins in a campaign, by week and month too', async () => {
    const ids = [await campaign('One'), await campaign('Two')]
    const ads = await Promise.all(
      ids.flatMap(async (id) => ad(await adGroup(id), id === ids[0] ? pins.shown : pins.other)),
    )
    const row = (adId: string | undefined, daysAgo: number, value: number) => ({
      ...{ date: date(daysAgo), ad_id: adId, metric: 'IMPRESSION_1', value },
    })
    await load([row(ads[0], 1, 10), row(ads[0], 40, 20), row(ads[1], 40, 300)])
    const total = `${range(80)}&granularity=TOTAL&columns=IMPRESSION_1`
    const both = `campaign_ids=${ids.join('&campaign_ids=')}`
    expect(await rows('campaigns/', `${both}&${total}`)).toEqual([
      { CAMPAIGN_ID: ids[0], IMPRESSION_1: 30 },
      { CAMPAIGN_ID: ids[1], IMPRESSION_1: 300 },
    ])
    expect(await rows('campaigns/', `${both}&${total}&aggregate_report_rows=true`)).toEqual([{ IMPRESSION_1: 330 }])
    const month = (daysAgo: number) => `${date(daysAgo).slice(0, 7)}-01`
    expect(await rows('campaigns/', `campaign_ids=${ids[0]}&${total.replace('TOTAL', 'MONTH')}`)).toEqual([
      { CAMPAIGN_ID: ids[0], DATE: month(40), IMPRESSION_1: 20 },
      { CAMPAIGN_ID: ids[0], DATE: month(1), IMPRESSION_1: 10 },
    ])
    const weeks = await rows('campaigns/', `campaign_ids=${ids[0]}&${total.replace('TOTAL', 'WEEK')}`)
    expect(weeks.map(({ DATE }) => new Date(String(DATE)).getUTCDay())).toEqual([1, 1])
    const ofPins = await rows('pins/', `campaign_id=${ids[1]}&pin_ids=${pins.shown},${pins.other}&${total}`)
    expect(ofPins).toEqual([{ PIN_ID: pins.other, IMPRESSION_1: 300 }])
    const found = await rows(
      'ads/',
      `${both}&pin_ids=${pins.other}&${total},AD_NAME,AD_GROUP_NAME,CAMPAIGN_NAME,PIN_ID`,
    )
    expect(found).toEqual([
      {
        ...{ AD_ID: ads[1], IMPRESSION_1: 300, AD_NAME: 'Cup', AD_GROUP_NAME: 'Everybody', CAMPAIGN_NAME: 'Two' },
        PIN_ID: pins.other,
      },
    ])
  })

  test.each([
    ['', `start_date=2020-01-01&end_date=2020-01-02&granularity=DAY`, 'Invalid ad account analytics parameters.'],
    ['campaigns/', 'campaign_ids=1&HOURS', 'Invalid ad account campaign analytics parameters.'],
    ['ads/', 'NOW&granularity=DAY', 'Invalid ad account ads analytics parameters.'],
    ['pins/', 'campaign_id=1&pin_ids=1&NEVER&granularity=DAY', 'Invalid ad account pins analytics parameters.'],
  ])('%s refuse what is not kept', async (path, query, message) => {
    const filled = query
      .replace('HOURS', `${range(9, 8)}&granularity=HOUR`)
      .replace('NOW', range(0))
      .replace('NEVER', `start_date=2026-02-30&end_date=${date(0)}`)
    const { status, body } = await server.get(`/ad_accounts/${account}/${path}analytics?${filled}&columns=${columns}`)
    expect([status, body.code]).toEqual([400, 400])
    expect(body.message).toContain(message)
  })

  test('by the hour have three days more than the first, and eight for the whole ad account', async () => {
    const query = `${range(8)}&granularity=HOUR&columns=${columns}`
    expect((await server.get(`/ad_accounts/${account}/campaigns/analytics?campaign_ids=1&${query}`)).status).toBe(400)
    expect((await rows('', query)).length).toBeGreaterThan(0)
  })

  test(`agree: ads, ad groups, campaigns and the ad account, and days with their sum (${runs} stories)`, {
    timeout: onThisMachine(60_000 + runs * 20_000),
  }, async () => {
    const types = ['impression', 'pin_click', 'outbound_click', 'video_start', 'video_progress', 'reaction']
    const anEvent = fc.record({
      ...{ ad: fc.nat(7), type: fc.constantFrom('impression', 'impression', ...types), viewer: fc.nat(3) },
      ...{ age: fc.oneof(fc.nat(6 * hourMs), fc.nat(89 * dayMs)), isSaved: fc.boolean(), watched: fc.nat(25_000) },
    })
    const metrics = ['SPEND_IN_MICRO_DOLLAR', 'IMPRESSION_1', 'IMPRESSION_2', 'REPIN_1', 'VIDEO_MRC_VIEWS_1']
    const aStep = fc.oneof(
      fc.record({ send: fc.array(anEvent, { minLength: 1, maxLength: 12 }) }),
      fc.record({ again: fc.nat(40) }),
      fc.record({
        ...{ ad: fc.nat(7), daysAgo: fc.nat(89), metric: fc.constantFrom(...metrics), load: fc.nat(2_000_000) },
      }),
    )
    const aRange = fc.tuple(fc.nat(89), fc.nat(89))
    const asked = [
      ...metrics,
      'TOTAL_IMPRESSION',
      'CLICKTHROUGH_1',
      'ENGAGEMENT_1',
      'ENGAGEMENT_2',
      'TOTAL_VIDEO_P25_COMBINED',
    ]
    const sum = (found: Row[]) => asked.map((name) => found.reduce((all, row) => all + Number(row[name] ?? 0), 0))
    await fc.assert(
      fc.asyncProperty(fc.array(aStep, { minLength: 2, maxLength: 10 }), aRange, async (steps, [a, b]) => {
        const owned = [await campaign('A'), await campaign('B')]
        const groups = await Promise.all([owned[0], owned[0], owned[1], owned[1]].map(adGroup))
        const ads = await Promise.all([0, 0, 1, 1, 2, 2, 3, 3].map((group) => ad(String(groups[group]))))
        const days = `${range(Math.max(a, b), Math.min(a, b))}&columns=${asked.join()}`
        const before = sum(await rows('', `${days}&granularity=TOTAL`))
        const sent: object[] = []
        /** Spend by ad and day. */
        const spent = new Map<string, number>()
        for (const step of steps)
          if ('send' in step) {
            const batch = step.send.map(({ ad: i, type, viewer, age, isSaved, watched }) =>
              event(ads[i], {
                ...{ type, viewer: `regular ${viewer}`, pin_id: isSaved ? pins.saved : pins.shown },
                at: new Date(server.clock.now() - age).toISOString(),
                ...(type === 'video_progress' && {
                  ...{ watched_from_ms: 0, watched_to_ms: watched, duration_ms: 20_000 },
                }),
              }),
            )
            sent.push(...batch)
            const receipt = await send(batch)
            expect(receipt.counted_for_ads).toBe(receipt.counted)
          } else if ('again' in step) {
            const again = sent.slice(step.again, step.again + 10)
            // A repeated impression may count at last: its key was not noted then.
            if (again.length > 0) await send(again)
          } else {
            const row = { date: date(step.daysAgo), ad_id: ads[step.ad], metric: step.metric, value: step.load }
            expect(await load([row])).toEqual({ loaded: 1, errors: [] })
            if (step.metric === 'SPEND_IN_MICRO_DOLLAR') spent.set(`${ads[step.ad]} ${step.daysAgo}`, step.load)
          }
        const levels = await Promise.all([
          rows('ads/', `ad_ids=${ads.join('&ad_ids=')}&${days}&granularity=TOTAL`),
          rows('ads/', `ad_ids=${ads.join('&ad_ids=')}&${days}&granularity=DAY`),
          rows('ad_groups/', `ad_group_ids=${groups.join('&ad_group_ids=')}&${days}&granularity=TOTAL`),
          rows('ad_groups/', `ad_group_ids=${groups.join('&ad_group_ids=')}&${days}&granularity=WEEK`),
          rows('campaigns/', `campaign_ids=${owned.join('&campaign_ids=')}&${days}&granularity=DAY`),
          rows('campaigns/', `campaign_ids=${owned.join('&campaign_ids=')}&${days}&granularity=MONTH`),
          rows(
            'campaigns/',
            `campaign_ids=${owned.join('&campaign_ids=')}&${days}&granularity=TOTAL&aggregate_report_rows=true`,
          ),
        ])
        const account = [await rows('', `${days}&granularity=TOTAL`), await rows('', `${days}&granularity=DAY`)]
        const [first = [], ...others] = levels.map(sum)
        for (const other of others) expect(other).toEqual(first)
        for (const level of ['ADVERTISER', 'CAMPAIGN', 'AD_GROUP', 'PIN_PROMOTION']) {
          const [start_date, end_date] = [date(Math.max(a, b)), date(Math.min(a, b))]
          const body = { start_date, end_date, granularity: 'DAY', level, columns: asked }
          expect(sum(await reported({ ...body, campaign_ids: owned })), level).toEqual(first)
        }
        for (const found of account.map(sum)) expect(found.map((each, i) => each - (before[i] ?? 0))).toEqual(first)
        const inRange = [...spent].filter(([key]) => {
          const daysAgo = Number(key.split(' ')[1])
          return daysAgo <= Math.max(a, b) && daysAgo >= Math.min(a, b)
        })
        expect(first[0]).toBe(inRange.reduce((all, [, value]) => all + value, 0))
      }),
      { numRuns: runs },
    )
  })

  test('are gone with what is deleted, from the ad account too', async () => {
    const query = `${range(89)}&granularity=TOTAL&columns=IMPRESSION_1,SPEND_IN_DOLLAR`
    const one = await ad(await adGroup(campaigns[0]))
    await send([event(one)])
    expect((await rows('', query)).length).toBe(1)
    expect((await server.delete(`/ad_accounts/${account}/sandbox`)).status).toBeLessThan(300)
    for (const granularity of ['TOTAL', 'DAY', 'HOUR'])
      expect(await rows('', `${range(8)}&granularity=${granularity}&columns=IMPRESSION_1,SPEND_IN_DOLLAR`)).toEqual([])
    // What names one that is gone counts for the Pin alone.
    expect(await send([event(one)])).toMatchObject({ counted: 1, counted_for_ads: 0 })
  })
})
