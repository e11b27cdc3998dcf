import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TestClock } from '@pinfold/server'
import { ownServer } from '@pinfold/test-support/own-server'
import { base64Source } from '@pinfold/test-support/pictures'
import {
  type Answer,
  people,
  type RequestOptions,
  startTestServer,
  type TestServer,
} from '@pinfold/test-support/server'
import { serverState } from '@pinfold/test-support/server-state'
import { expectSound } from '@pinfold/test-support/soundness'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
/** The day on which the servers' clocks begin, at 09:26:53. */
const today = '2026-03-14'
const iPhone =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 ' +
  'Mobile/15E148 Safari/604.1'
const iPad = iPhone.replaceAll('iPhone', 'iPad')
const desktop = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36'
const googlebot = 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)'

/** Returns an event of a moment ago, by a viewer unlike every one before. */
const event = (pin: string, fields: Record<string, unknown> = {}) => ({
  id: randomUUID(),
  type: 'impression',
  pin_id: pin,
  at: `${today}T09:26:00Z`,
  viewer: randomUUID(),
  user_agent: desktop,
  ...fields,
})
const times = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make)

async function newBoard(server: TestServer, fields = {}, token: string = people.alice.token): Promise<string> {
  return (await server.post('/boards', { name: randomUUID(), ...fields }, { token })).body.id
}

async function newPin(server: TestServer, board: string, fields = {}, token: string = people.alice.token) {
  const media_source = await base64Source(7)
  return (await server.post('/pins', { board_id: board, media_source, ...fields }, { token })).body.id as string
}

/** Signs in on the page, and returns the session's cookie. */
async function visitorOf(server: TestServer, { username, password }: { username: string; password: string }) {
  const answer = await fetch(`${server.url}/oauth/sign-in`, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: server.url },
    body: new URLSearchParams({ username, password, return_to: '/' }),
  })
  return answer.headers.getSetCookie()[0]?.split(';')[0] ?? ''
}

/** Sends events anonymously. */
async function send(server: TestServer, events: unknown[], options: RequestOptions = {}): Promise<Answer> {
  const answer = await server.post('/_pinfold/events', { events }, { token: null, ...options })
  expect(answer.status, answer.text).toBe(200)
  return answer
}

const load = (server: TestServer, rows: unknown[], token: string = people.alice.token) =>
  server.post('/_pinfold/analytics/history', { rows }, { token })

const days = (first: string, last: string = today) => `start_date=${first}&end_date=${last}`
const sumsOf = async (server: TestServer, pin: string, metrics: string, query = days(today)) =>
  (await server.get(`/pins/${pin}/analytics?${query}&metric_types=${metrics}`)).body.all.summary_metrics
const top = async (server: TestServer, query: string, operation = 'top_pins') =>
  (await server.get(`/user_account/analytics/${operation}?${query}`)).body

describe('the analytics of a Pin', () => {
  let server: TestServer
  let board: string
  beforeAll(async () => {
    server = await startTestServer()
    board = await newBoard(server)
  })

  test('tell what happened to it day by day, in the shape of the guide', async () => {
    const pin = await newPin(server, board)
    const sent = await send(server, [
      event(pin),
      event(pin, { user_agent: iPhone }),
      event(pin, { at: '2026-03-13T23:59:59Z' }),
      event(pin, { type: 'pin_click' }),
      event(pin, { type: 'outbound_click' }),
    ])
    expect(sent.body).toEqual({ received: 5, counted: 5, duplicates: 0, repeated: 0, own: 0, crawlers: 0, unknown: 0 })

    const query = `${days('2026-03-12')}&metric_types=IMPRESSION,SAVE,PIN_CLICK`
    expect((await server.get(`/pins/${pin}/analytics?${query}`)).body).toEqual({
      all: {
        daily_metrics: [
          { date: '2026-03-12', data_status: 'BEFORE_PIN_CREATED', metrics: { IMPRESSION: 0, SAVE: 0, PIN_CLICK: 0 } },
          { date: '2026-03-13', data_status: 'READY', metrics: { IMPRESSION: 1, SAVE: 0, PIN_CLICK: 0 } },
          { date: today, data_status: 'PROCESSING', metrics: { IMPRESSION: 2, SAVE: 0, PIN_CLICK: 1 } },
        ],
        summary_metrics: { IMPRESSION: 3, SAVE: 0, PIN_CLICK: 1 },
        lifetime_metrics: {},
      },
    })
  })

  test('take rates and averages from the sums', async () => {
    const pin = await newPin(server, board)
    await load(server, [
      { date: '2026-03-12', pin_id: pin, metric: 'IMPRESSION', value: 10 },
      { date: '2026-03-12', pin_id: pin, metric: 'SAVE', value: 5 },
      { date: '2026-03-13', pin_id: pin, metric: 'IMPRESSION', value: 90 },
      { date: '2026-03-13', pin_id: pin, metric: 'SAVE', value: 5 },
      { date: '2026-03-13', pin_id: pin, metric: 'VIDEO_START', value: 4 },
      { date: '2026-03-13', pin_id: pin, metric: 'VIDEO_V50_WATCH_TIME', value: 10_031 },
    ])
    const metrics = 'SAVE_RATE,VIDEO_AVG_WATCH_TIME'
    const query = `${days('2026-03-12', '2026-03-13')}&metric_types=${metrics}`
    const { all } = (await server.get(`/pins/${pin}/analytics?${query}`)).body
    expect(all.daily_metrics.map((day: { metrics: unknown }) => day.metrics)).toEqual([
      { SAVE_RATE: 0.5, VIDEO_AVG_WATCH_TIME: 0 },
      { SAVE_RATE: 5 / 90, VIDEO_AVG_WATCH_TIME: 2507.75 },
    ])
    expect(all.summary_metrics).toEqual({ SAVE_RATE: 0.1, VIDEO_AVG_WATCH_TIME: 2507.75 })
  })

  test('are told for each kind of device', async () => {
    const pin = await newPin(server, board)
    const agents = [iPhone, iPhone, iPhone, iPad, desktop, desktop, 'python-requests/2.31.0']
    await send(
      server,
      agents.map((user_agent) => event(pin, { user_agent })),
    )
    const query = `/pins/${pin}/analytics?${days(today)}&metric_types=IMPRESSION`
    const split = (await server.get(`${query}&split_field=APP_TYPE`)).body
    const impressions = Object.entries(split).map(([name, part]) => [
      name,
      (part as { summary_metrics: { IMPRESSION: number } }).summary_metrics.IMPRESSION,
    ])
    expect(impressions).toEqual([
      ['all', 7],
      ['MOBILE', 3],
      ['TABLET', 1],
      ['WEB', 3],
    ])
    expect((await server.get(`${query}&app_types=MOBILE`)).body.all.summary_metrics).toEqual({ IMPRESSION: 3 })
  })

  test('follow a video from its start to its end', async () => {
    const pin = await newPin(server, board)
    const viewer = randomUUID()
    const watched = (from: number, to: number) =>
      event(pin, {
        type: 'video_progress',
        viewer,
        watched_from_ms: from,
        watched_to_ms: to,
        duration_ms: 20_000,
      })
    await send(server, [
      event(pin, { type: 'video_start', viewer }),
      watched(0, 1500),
      watched(12_000, 20_000),
      watched(1500, 12_000),
    ])
    const metrics = 'VIDEO_START,VIDEO_MRC_VIEW,VIDEO_10S_VIEW,QUARTILE_95_PERCENT_VIEW,VIDEO_V50_WATCH_TIME'
    expect(await sumsOf(server, pin, `${metrics},VIDEO_AVG_WATCH_TIME`)).toEqual({
      VIDEO_START: 1,
      VIDEO_MRC_VIEW: 1,
      VIDEO_10S_VIEW: 1,
      QUARTILE_95_PERCENT_VIEW: 1,
      VIDEO_V50_WATCH_TIME: 20_000,
      VIDEO_AVG_WATCH_TIME: 20_000,
    })
  })

  test('give comments and reactions over its whole life', async () => {
    const pin = await newPin(server, board)
    await send(server, [
      ...times(3, () => event(pin, { type: 'reaction' })),
      event(pin, { type: 'comment', at: '2026-01-02T00:00:00Z' }),
    ])
    const query = `${days(today)}&metric_types=TOTAL_COMMENTS,TOTAL_REACTIONS,PROFILE_VISIT`
    const { all } = (await server.get(`/pins/${pin}/analytics?${query}`)).body
    expect(all.lifetime_metrics).toEqual({ TOTAL_COMMENTS: 1, TOTAL_REACTIONS: 3 })
    expect(all.summary_metrics).toEqual({ PROFILE_VISIT: 0 })
  })

  test('count a save by somebody else, on the Pin that was saved', async () => {
    const pin = await newPin(server, board)
    const bobs = await newBoard(server, {}, people.bob.token)
    await server.post(
      `/pins/${pin}/save`,
      { board_id: bobs },
      { token: people.bob.token, headers: { 'user-agent': iPad } },
    )
    await server.post(`/pins/${pin}/save`, { board_id: board })
    const query = `${days(today)}&app_types=TABLET`
    expect(await sumsOf(server, pin, 'SAVE', query)).toEqual({ SAVE: 1 })
    expect(await sumsOf(server, pin, 'SAVE')).toEqual({ SAVE: 1 })
  })

  test('stand beside the Pin when it is read with pin_metrics', async () => {
    const other = await newBoard(server)
    const pin = await newPin(server, other)
    await load(server, [
      { date: '2025-11-30', pin_id: pin, metric: 'IMPRESSION', value: 1000 },
      { date: '2025-12-15', pin_id: pin, metric: 'IMPRESSION', value: 100 },
      { date: today, pin_id: pin, metric: 'OUTBOUND_CLICK', value: 3 },
      { date: today, pin_id: pin, metric: 'TOTAL_REACTIONS', value: 7 },
    ])
    const expected = {
      '90d': { impression: 100, pin_click: 0, clickthrough: 3, save: 0 },
      lifetime_metrics: { impression: 1100, pin_click: 0, clickthrough: 3, save: 0, reaction: 7, comment: 0 },
    }
    expect((await server.get(`/pins/${pin}?pin_metrics=true`)).body.pin_metrics).toEqual(expected)
    expect((await server.get(`/boards/${other}/pins?pin_metrics=true`)).body.items[0].pin_metrics).toEqual(expected)
    expect((await server.get(`/pins/${pin}`)).body).toHaveProperty('pin_metrics', null)
  })

  test('are for its owner alone, whatever is asked along with it', async () => {
    const pin = await newPin(server, board)
    const query = `${days(today)}&metric_types=IMPRESSION`
    const asBob = { token: people.bob.token }
    const forbidden = await server.get(`/pins/${pin}/analytics?${query}`, asBob)
    expect([forbidden.status, forbidden.body.code]).toEqual([403, 403])
    expect(forbidden.body.message).toContain('Not authorized to access board or Pin.')
    const missing = await server.get(`/pins/12345/analytics?${query}`)
    expect([missing.status, missing.body]).toEqual([404, { code: 404, message: 'Pin not found.' }])
    const many = await server.get(`/pins/analytics?pin_ids=${pin}&${query}`, asBob)
    expect([many.status, many.body.code]).toEqual([401, 7])
  })

  test('come for up to 100 Pins at once', async () => {
    const pins = await Promise.all([newPin(server, board), newPin(server, board)])
    await send(server, [event(pins[0] ?? ''), event(pins[0] ?? ''), event(pins[1] ?? '')])
    const query = `pin_ids=${pins.join()}&${days(today)}&metric_types=IMPRESSION`
    const { body } = await server.get(`/pins/analytics?${query}`)
    expect(pins.map((pin) => body[pin].all.summary_metrics.IMPRESSION)).toEqual([2, 1])
  })

  test('need not be sent again while nothing has changed', async () => {
    const pin = await newPin(server, board)
    const path = `/pins/${pin}/analytics?${days('2026-03-12', '2026-03-13')}&metric_types=IMPRESSION`
    const first = await server.get(path)
    const etag = first.headers.get('etag') ?? ''
    expect(first.headers.get('cache-control')).toBe('private, no-cache')
    const again = () => server.get(path, { headers: { 'if-none-match': `W/"other", ${etag}` } })
    expect([(await again()).status, (await again()).text]).toEqual([304, ''])
    await send(server, [event(pin, { at: '2026-03-13T12:00:00Z' })])
    const late = await again()
    expect([late.status, late.body.all.summary_metrics]).toEqual([200, { IMPRESSION: 1 }])
  })
})

describe('an event', () => {
  let server: TestServer
  let pin: string
  beforeAll(async () => {
    server = await startTestServer()
    pin = await newPin(server, await newBoard(server))
  })
  const impressions = async () => (await sumsOf(server, pin, 'IMPRESSION')).IMPRESSION

  test('that is sent twice counts once, also when it comes in another batch', async () => {
    const before = await impressions()
    const once = event(pin)
    const sent = await send(server, [once, event(pin), once])
    expect(sent.body).toMatchObject({ received: 3, counted: 2, duplicates: 1 })
    expect((await send(server, [once])).body).toMatchObject({ counted: 0, duplicates: 1 })
    expect(await impressions()).toBe(before + 2)
  })

  test('counts on its day in UTC, wherever it was', async () => {
    const other = await newPin(server, await newBoard(server))
    await send(server, [
      event(other, { at: '2026-03-13T23:30:00-01:00' }),
      event(other, { at: '2026-03-14T00:30:00+01:00' }),
      event(other, { at: '2026-03-13T12:00:00' }),
    ])
    const { all } = (await server.get(`/pins/${other}/analytics?${days('2026-03-13')}&metric_types=IMPRESSION`)).body
    expect(all.daily_metrics.map((day: { metrics: unknown }) => day.metrics)).toEqual([
      { IMPRESSION: 2 },
      { IMPRESSION: 1 },
    ])
  })

  test('of a viewer who saw the Pin in the same half hour does not count again', async () => {
    const before = await impressions()
    const viewer = randomUUID()
    const at = (time: string) => event(pin, { viewer, at: `${today}T${time}Z` })
    const sent = await send(server, [at('08:00:00'), at('08:29:59'), at('08:30:00'), at('08:10:00')])
    expect(sent.body).toMatchObject({ counted: 2, repeated: 2 })
    expect(await impressions()).toBe(before + 2)
    // A click is not an impression.
    const clicks = times(3, () => event(pin, { viewer, type: 'pin_click' }))
    expect((await send(server, clicks)).body).toMatchObject({ counted: 3 })
  })

  test('of its owner, or of a crawler, or of a Pin that is not there, does not count', async () => {
    const before = await impressions()
    const secret = await newPin(server, await newBoard(server, { privacy: 'SECRET' }))
    const own = { ...event(pin), viewer: undefined }
    expect((await send(server, [own], { token: people.alice.token })).body).toMatchObject({ counted: 0, own: 1 })
    expect((await send(server, [own], { token: people.bob.token })).body).toMatchObject({ counted: 1, own: 0 })
    const others = [event(pin, { user_agent: googlebot }), event('12345'), event(secret), event('9'.repeat(30))]
    expect((await send(server, others)).body).toMatchObject({ counted: 0, crawlers: 1, unknown: 3 })
    expect(await impressions()).toBe(before + 1)
  })

  test('that is wrong keeps the whole batch from counting, and the answer names it', async () => {
    const before = await impressions()
    const wrong = event(pin, { id: 'the-wrong-one', at: '2026-03-14T10:00:00Z' })
    const answer = await server.post('/_pinfold/events', { events: [event(pin), wrong] }, { token: null })
    expect(answer.status).toBe(400)
    expect(answer.body.message).toContain(`'events.1' (id 'the-wrong-one') is from the future`)
    expect(await impressions()).toBe(before)
  })

  test('a thousand are the most in one request', async () => {
    const before = await impressions()
    expect(
      (
        await send(
          server,
          times(1000, () => event(pin)),
        )
      ).body,
    ).toMatchObject({ counted: 1000 })
    const more = { events: times(1001, () => event(pin)) }
    const answer = await server.post('/_pinfold/events', more, { token: null })
    expect([answer.status, answer.body.message]).toEqual([400, expect.stringContaining('maxItems=1000')])
    expect(await impressions()).toBe(before + 1000)
  })

  test('is known for at least a day', async () => {
    const own = await ownServer()
    const seen = await newPin(own, await newBoard(own))
    const once = event(seen)
    const counted = async () => (await send(own, [once])).body.counted
    expect(await counted()).toBe(1)
    for (let hours = 0; hours < 24; hours += 4) {
      expect(await counted()).toBe(0)
      own.clock.advance(4 * hourMs)
    }
    expect(await counted()).toBe(0)
    own.clock.advance(2 * dayMs)
    expect(await counted()).toBe(1)
  })

  test('of a sender who sends too much is refused until the minute is over', async () => {
    const own = await ownServer({ rateLimits: 'pinterest' })
    const seen = await newPin(own, await newBoard(own))
    const tryOne = () => own.post('/_pinfold/events', { events: [event(seen)] }, { token: null })
    const statuses = []
    for (let i = 0; i < 601; i++) {
      statuses.push((await tryOne()).status)
      if (i % 100 === 99 && i < 600) own.clock.advance(1000)
    }
    expect(statuses.filter((status) => status === 200)).toHaveLength(600)
    const refused = await tryOne()
    expect([refused.status, refused.body.code]).toEqual([429, 8])
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    const asBob = await own.post('/_pinfold/events', { events: [event(seen)] }, { token: people.bob.token })
    expect(asBob.status).toBe(200)
  })
})

describe('a visit of a link', () => {
  let server: TestServer
  let board: string
  beforeAll(async () => {
    server = await startTestServer()
    board = await newBoard(server)
  })
  const visit = (pin: string, headers: Record<string, string> = {}, method = 'GET') =>
    fetch(`${server.url}/pin/${pin}/visit`, {
      method,
      redirect: 'manual',
      headers: { 'user-agent': desktop, ...headers },
    })
  const clicks = async (pin: string) => (await sumsOf(server, pin, 'OUTBOUND_CLICK')).OUTBOUND_CLICK

  test('counts as an outbound click and leads there, each time', async () => {
    const pin = await newPin(server, board, { link: 'https://example.com/caf\u00e9?a=1&b=%20' })
    for (let i = 1; i <= 2; i++) {
      const answer = await visit(pin)
      expect([answer.status, answer.headers.get('location')]).toEqual([302, 'https://example.com/caf%C3%A9?a=1&b=%20'])
      expect(answer.headers.get('cache-control')).toBe('no-store')
      expect(await clicks(pin)).toBe(i)
    }
  })

  test('counts for people alone who mean it', async () => {
    const pin = await newPin(server, board, { link: 'https://example.com/' })
    const alice = await visitorOf(server, people.alice)
    for (const answer of [
      await visit(pin, {}, 'HEAD'),
      await visit(pin, { 'sec-purpose': 'prefetch' }),
      await visit(pin, { 'user-agent': googlebot }),
      await visit(pin, { cookie: alice }),
    ])
      expect([answer.status, answer.headers.get('location')]).toEqual([302, 'https://example.com/'])
    expect(await clicks(pin)).toBe(0)
  })

  test('goes nowhere where there is nothing to see', async () => {
    const secret = await newBoard(server, { privacy: 'SECRET' })
    const pins = [
      await newPin(server, board),
      await newPin(server, secret, { link: 'https://example.com/' }),
      '123',
      'x',
    ]
    for (const pin of pins) {
      const answer = await visit(pin)
      expect([answer.status, answer.headers.get('location')]).toEqual([404, null])
      expect(await answer.text()).toContain('<h1>')
    }
    const alice = await visitorOf(server, people.alice)
    expect((await visit(pins[1] ?? '', { cookie: alice })).status).toBe(302)
  })
})

describe('the analytics of an account', () => {
  let server: TestServer
  let shop: string
  let blog: string
  beforeAll(async () => {
    server = await startTestServer()
    const board = await newBoard(server)
    shop = await newPin(server, board, { link: 'https://www.alice.example/cups' })
    blog = await newPin(server, board, { link: 'https://blog.example/' })
    await load(server, [
      { date: '2026-03-13', pin_id: shop, metric: 'IMPRESSION', value: 80 },
      { date: '2026-03-13', pin_id: shop, metric: 'PIN_CLICK', value: 8 },
      { date: '2026-03-13', pin_id: shop, metric: 'OUTBOUND_CLICK', value: 4 },
      { date: '2026-03-13', pin_id: blog, metric: 'IMPRESSION', value: 20, app_type: 'MOBILE' },
      { date: '2026-03-13', pin_id: blog, metric: 'SAVE', value: 3, app_type: 'MOBILE' },
    ])
  })
  const ask = async (query = '') =>
    (await server.get(`/user_account/analytics?${days('2026-03-13', '2026-03-13')}${query}`)).body

  test('are the sums over its Pins, all of them unless some are named', async () => {
    const metrics = {
      ENGAGEMENT: 15,
      ENGAGEMENT_RATE: 0.15,
      IMPRESSION: 100,
      OUTBOUND_CLICK: 4,
      OUTBOUND_CLICK_RATE: 0.04,
      PIN_CLICK: 8,
      PIN_CLICK_RATE: 0.08,
      SAVE: 3,
      SAVE_RATE: 0.03,
    }
    expect(await ask()).toEqual({
      all: {
        daily_metrics: [{ date: '2026-03-13', data_status: 'READY', metrics }],
        summary_metrics: metrics,
      },
    })
    const named = await ask('&metric_types=SAVE,PIN_CLICK_RATE')
    expect(named.all.summary_metrics).toEqual({ SAVE: 3, PIN_CLICK_RATE: 0.08 })
  })

  test.each([
    ['', 100],
    ['&from_claimed_content=CLAIMED', 80],
    ['&from_claimed_content=OTHER', 20],
    ['&from_claimed_content=BOTH&app_types=MOBILE', 20],
    ['&from_claimed_content=CLAIMED&app_types=MOBILE', 0],
    ['&pin_format=ORGANIC_IMAGE', 100],
    ['&pin_format=ORGANIC_VIDEO', 0],
    ['&pin_format=ADS_STANDARD', 0],
    ['&content_type=PAID', 0],
    ['&content_type=ORGANIC&source=YOUR_PINS', 100],
    ['&source=OTHER_PINS', 0],
  ])('%s leaves %i impressions', async (query, impressions) => {
    expect((await ask(query)).all.summary_metrics.IMPRESSION).toBe(impressions)
    const { pins } = await top(server, `${days('2026-03-13')}&sort_by=IMPRESSION${query}`)
    const sum = pins.reduce((all: number, pin: { metrics: { IMPRESSION: number } }) => all + pin.metrics.IMPRESSION, 0)
    expect(sum).toBe(impressions)
  })

  test.each([
    ['APP_TYPE', { MOBILE: 20, TABLET: 0, WEB: 80 }],
    ['OWNED_CONTENT', { CLAIMED: 80, OTHER: 20 }],
    ['SOURCE', { YOUR_PINS: 100, OTHER_PINS: 0 }],
    ['PIN_FORMAT', { ORGANIC_IMAGE: 100, ORGANIC_VIDEO: 0 }],
  ])('are split by %s', async (field, parts) => {
    const body = await ask(`&split_field=${field}&metric_types=IMPRESSION`)
    const found = Object.entries(body).map(([name, part]) => [
      name,
      (part as { summary_metrics: { IMPRESSION: number } }).summary_metrics.IMPRESSION,
    ])
    expect(Object.fromEntries(found)).toEqual({ all: 100, ...parts })
  })

  test('name the Pins with the most', async () => {
    const query = days('2026-03-13', '2026-03-13')
    const body = await top(server, `${query}&sort_by=IMPRESSION&metric_types=IMPRESSION,SAVE`)
    expect(body).toEqual({
      date_availability: { is_realtime: true, latest_available_timestamp: Date.UTC(2026, 2, 13, 23, 59, 59) },
      pins: [
        { pin_id: shop, data_status: { IMPRESSION: 'READY', SAVE: 'READY' }, metrics: { IMPRESSION: 80, SAVE: 0 } },
        { pin_id: blog, data_status: { IMPRESSION: 'READY', SAVE: 'READY' }, metrics: { IMPRESSION: 20, SAVE: 3 } },
      ],
      sort_by: 'IMPRESSION',
    })
    const bySave = await top(server, `${query}&sort_by=SAVE&num_of_pins=1`)
    expect(bySave.pins.map((pin: { pin_id: string }) => pin.pin_id)).toEqual([blog])
    const asBob = await server.get(`/user_account/analytics/top_pins?${query}&sort_by=SAVE`, {
      token: people.bob.token,
    })
    expect(asBob.body.pins).toEqual([])
    expect((await top(server, `${query}&sort_by=VIDEO_START`, 'top_video_pins')).pins).toEqual([])
  })

  test('go into the monthly views of the account', async () => {
    expect((await server.get('/user_account')).body.monthly_views).toBe(100)
  })
})

describe('what Pinterest answers', () => {
  let server: TestServer
  let pin: string
  beforeAll(async () => {
    server = await startTestServer()
    pin = await newPin(server, await newBoard(server))
  })
  const paths = () => [
    `/pins/${pin}/analytics?metric_types=IMPRESSION`,
    `/pins/analytics?pin_ids=${pin}&metric_types=IMPRESSION`,
    '/user_account/analytics?metric_types=IMPRESSION',
    '/user_account/analytics/top_pins?sort_by=SAVE',
    '/user_account/analytics/top_video_pins?sort_by=SAVE',
  ]

  test('to days more than 90 days ago is that there are none (12.18)', async () => {
    for (const path of paths()) {
      expect((await server.get(`${path}&${days('2025-12-14')}`)).status, path).toBe(200)
      const { status, body } = await server.get(`${path}&${days('2025-12-13', '2025-12-20')}`)
      expect([status, body], path).toEqual([400, { code: 1, message: 'You can only get data from the last 90 days.' }])
    }
  })

  test('to an unknown metric names it, and those that there are (12.18)', async () => {
    for (const path of paths()) {
      const wrong = `${path.replace(/&?metric_types=IMPRESSION/, '')}&metric_types=IMPRESSION,GLANCE&${days(today)}`
      const { status, body } = await server.get(wrong.replace('?&', '?'))
      expect([status, body.code], path).toEqual([400, 1])
      for (const part of ['metric_types', 'GLANCE', 'OUTBOUND_CLICK']) expect(body.message, path).toContain(part)
    }
  })

  test('of days before there was an account is nothing, and not zeros (12.18)', async () => {
    const ask = async (first: string, last: string) =>
      (await server.get(`/user_account/analytics?${days(first, last)}&metric_types=SAVE`)).body.all
    const before = { data_status: 'BEFORE_BUSINESS_CREATED', metrics: {} }
    expect(await ask('2026-03-12', '2026-03-13')).toEqual({
      daily_metrics: [
        { date: '2026-03-12', ...before },
        { date: '2026-03-13', ...before },
      ],
      summary_metrics: {},
    })
    expect(await ask('2026-03-13', today)).toEqual({
      daily_metrics: [
        { date: '2026-03-13', ...before },
        { date: today, data_status: 'PROCESSING', metrics: { SAVE: 0 } },
      ],
      summary_metrics: { SAVE: 0 },
    })
  })

  test('about top Pins, where there are none, has no date either (12.18)', async () => {
    expect(await top(server, `${days(today)}&sort_by=SAVE`)).toEqual({
      date_availability: {},
      pins: [],
      sort_by: 'SAVE',
    })
    const videos = await top(server, `${days(today)}&sort_by=VIDEO_START`, 'top_video_pins')
    expect(videos).toEqual({ date_availability: {}, pins: [], sort_by: 'VIDEO_START' })
  })
})

test('only Pins of the last 30 days are among the top ones if that is asked for', async () => {
  const server = await ownServer()
  const board = await newBoard(server)
  const old = await newPin(server, board)
  server.clock.advance(31 * dayMs)
  const young = await newPin(server, board)
  const at = new Date(server.clock.now()).toISOString()
  await send(server, [event(old, { at }), event(old, { at }), event(young, { at })])
  const query = `${days(at.slice(0, 10), at.slice(0, 10))}&sort_by=IMPRESSION`
  const ids = async (more = '') => (await top(server, query + more)).pins.map((pin: { pin_id: string }) => pin.pin_id)
  expect(await ids()).toEqual([old, young])
  expect(await ids('&created_in_last_n_days=30')).toEqual([young])
})

test('what is true of a Pin now is what its numbers are found by, and with it they go', async () => {
  const server = await ownServer()
  const board = await newBoard(server)
  const pin = await newPin(server, board, { link: 'https://alice.example/a' })
  const other = await newPin(server, board)
  await send(server, [event(pin), event(pin), event(other)])
  const impressions = async (query = '') =>
    (await server.get(`/user_account/analytics?${days(today)}${query}`)).body.all.summary_metrics.IMPRESSION
  expect(await impressions('&from_claimed_content=CLAIMED')).toBe(2)

  await server.patch(`/pins/${pin}`, { link: 'https://elsewhere.example/' })
  expect([await impressions(), await impressions('&from_claimed_content=CLAIMED')]).toEqual([3, 0])
  expect(await impressions('&from_claimed_content=OTHER')).toBe(3)
  const others = await top(server, `${days(today)}&sort_by=IMPRESSION&from_claimed_content=OTHER`)
  expect(others.pins.map((each: { pin_id: string }) => each.pin_id)).toEqual([pin, other])

  await server.delete(`/pins/${pin}`)
  expect(await impressions()).toBe(1)
  await server.delete(`/boards/${board}`)
  expect(await impressions()).toBe(0)
  expect((await top(server, `${days(today)}&sort_by=IMPRESSION`)).pins).toEqual([])
})

test('what is too old to be kept by day counts on over the life of a Pin', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'pinfold-old-'))
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }))
  const clock = new TestClock()
  const open = () => ownServer({ ephemeral: false, dataDir, clock, analyticsDays: 130 })
  let server = await open()
  const board = await newBoard(server)
  const pin = await newPin(server, board)
  const rows = ['2025-11-15', '2025-12-20', today].flatMap((date) =>
    (['MOBILE', 'WEB'] as const).map((app_type) => ({ date, pin_id: pin, metric: 'IMPRESSION', value: 10, app_type })),
  )
  expect((await load(server, rows)).body.loaded).toBe(6)
  await server.close()

  clock.advance(60 * dayMs)
  server = await open()
  const state = serverState(dataDir)
  onTestFinished(() => state.close())
  await expect.poll(() => state.all('SELECT DISTINCT day FROM pin_days')).toHaveLength(1)
  await expect.poll(() => state.all('SELECT DISTINCT day FROM account_days')).toHaveLength(1)
  expect(state.all('SELECT block FROM pin_blocks WHERE block < 0')).toHaveLength(2)
  const { pin_metrics } = (await server.get(`/pins/${pin}?pin_metrics=true`)).body
  expect([pin_metrics['90d'].impression, pin_metrics.lifetime_metrics.impression]).toEqual([20, 60])
  const refused = await load(server, [{ date: '2025-12-20', pin_id: pin, metric: 'IMPRESSION', value: 1 }])
  expect(refused.body.errors[0].message).toContain('from which on days are kept')
  await server.delete(`/boards/${board}`)
  await server.close()
  await expectSound(dataDir)
})

describe('history', () => {
  let server: TestServer
  let pin: string
  beforeAll(async () => {
    server = await startTestServer()
    pin = await newPin(server, await newBoard(server))
  })

  test('replaces what was there, so that loading it again changes nothing', async () => {
    await send(server, [event(pin, { at: '2026-03-10T12:00:00Z' })])
    const rows = [
      { date: '2026-03-10', pin_id: pin, metric: 'IMPRESSION', value: 500 },
      { date: '2026-03-10', pin_id: pin, metric: 'IMPRESSION', value: 5, app_type: 'MOBILE' },
    ]
    const sum = () => sumsOf(server, pin, 'IMPRESSION', days('2026-03-10'))
    for (let i = 0; i < 2; i++) {
      expect((await load(server, rows)).body).toEqual({ loaded: 2, errors: [] })
      expect(await sum()).toEqual({ IMPRESSION: 505 })
    }
    await load(server, [{ ...rows[0], value: 0 }])
    expect(await sum()).toEqual({ IMPRESSION: 5 })
    const { pins } = await top(server, `${days('2026-03-10')}&sort_by=IMPRESSION&app_types=WEB`)
    expect(pins).toEqual([])
  })

  test('with wrong rows tells of each, and loads the rest', async () => {
    const right = { date: '2026-03-01', pin_id: pin, metric: 'SAVE', value: 2 }
    const bobs = await newPin(server, await newBoard(server, {}, people.bob.token), {}, people.bob.token)
    const { body } = await load(server, [
      { ...right, metric: 'SAVE_RATE' },
      right,
      { ...right, date: '2026-02-30' },
      { ...right, date: '2026-03-15' },
      { ...right, date: '2020-01-01' },
      { ...right, pin_id: bobs },
      { ...right, value: -1 },
      { ...right, value: 1.5 },
      { ...right, app_type: 'FRIDGE' },
      'nothing',
      null,
    ])
    expect(body.loaded).toBe(1)
    expect(body.errors.map(({ row }: { row: number }) => row)).toEqual([0, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    const messages = body.errors.map(({ message }: { message: string }) => message).join('\n')
    for (const part of [
      'SAVE_RATE',
      '2026-02-30',
      'in the future',
      'from which on days are kept',
      bobs,
      '-1',
      'FRIDGE',
    ])
      expect(messages).toContain(part)
    expect(await sumsOf(server, pin, 'SAVE', days('2026-03-01', '2026-03-01'))).toEqual({ SAVE: 2 })
  })
})
