import { randomUUID } from 'node:crypto'
import { base64Source } from '@pinfold/test-support/pictures'
import { allScopesBut, people, startTestServer, type TestServer } from '@pinfold/test-support/server'
import { beforeAll, describe, expect, test } from 'vitest'

// Somebody who may not see secrets finds them in no answer: neither by id, nor in a count or a sum.

const lacking = (scope: Parameters<typeof allScopesBut>[0]) => ({
  text: `pina_without_${scope.replace(':', '_')}_0000000000`,
  scopes: allScopesBut(scope),
})
const noRead = lacking('pins:read_secret')
const noWrite = lacking('pins:write_secret')
const yesterday = '2026-03-13'
const days = `start_date=${yesterday}&end_date=2026-03-14`

let server: TestServer
let secretBoard: string
let [secret, open] = ['', '']

async function newPin(privacy: string): Promise<{ board: string; pin: string }> {
  const board = (await server.post('/boards', { name: randomUUID(), privacy })).body.id as string
  const media_source = await base64Source(7)
  return { board, pin: (await server.post('/pins', { board_id: board, media_source })).body.id }
}

const row = (pin: string, value: number, metric = 'IMPRESSION') => ({ date: yesterday, pin_id: pin, metric, value })
const load = (rows: unknown[], token: string = people.alice.token) =>
  server.post('/_pinfold/analytics/history', { rows }, { token })

beforeAll(async () => {
  server = await startTestServer({ tokens: [noRead, noWrite] })
  open = (await newPin('PUBLIC')).pin
  ;({ pin: secret, board: secretBoard } = await newPin('SECRET'))
  const rows = [row(open, 100), row(open, 3, 'SAVE'), row(secret, 7000), row(secret, 500, 'SAVE')]
  expect((await load(rows)).body).toEqual({ loaded: 4, errors: [] })
})

describe('an event of a secret Pin', () => {
  const event = (pin: string, fields: object) => ({
    ...{ id: randomUUID(), type: 'impression', pin_id: pin, at: '2026-03-14T09:26:00Z', viewer: randomUUID() },
    ...fields,
  })

  test('is told from one of no Pin by nothing, whoever claims to be whom (12.6)', async () => {
    const { id: alice } = (await server.get('/user_account')).body
    const asEverybody = [
      { viewer: alice },
      { viewer: 'somebody' },
      { user_agent: 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)' },
      { viewer: alice, user_agent: 'Googlebot' },
    ]
    for (const token of [null, people.alice.token, people.bob.token]) {
      const receipts = []
      for (const pin of [secret, '12345']) {
        const events = asEverybody.map((fields) => event(pin, fields))
        const twice = [...events, ...events]
        receipts.push((await server.post('/_pinfold/events', { events: twice }, { token })).body)
      }
      expect(receipts[0]).toEqual(receipts[1])
      expect(receipts[0]).toMatchObject({ received: 8, unknown: 8, own: 0, crawlers: 0, duplicates: 0 })
    }
  })
})

describe('without the scope for secret Pins (12.7)', () => {
  const numbers = (token?: string) => ({
    async account(query = '') {
      return (await server.get(`/user_account/analytics?${days}${query}`, token ? { token } : {})).body
    },
    async top(order: string) {
      const path = `/user_account/analytics/top_pins?${days}&sort_by=${order}&num_of_pins=1`
      return (await server.get(path, token ? { token } : {})).body.pins.map((pin: { pin_id: string }) => pin.pin_id)
    },
    async views() {
      return (await server.get('/user_account', token ? { token } : {})).body.monthly_views
    },
  })

  test('account analytics and monthly views are sums over the others', async () => {
    const [all, some] = [numbers(), numbers(noRead.text)]
    const impressions = async (who: typeof all, query?: string) =>
      (await who.account(query)).all.summary_metrics.IMPRESSION
    for (const query of ['', '&from_claimed_content=OTHER', '&pin_format=ORGANIC_IMAGE', '&app_types=WEB']) {
      expect(await impressions(all, query)).toBe(7100)
      expect(await impressions(some, query)).toBe(100)
    }
    const split = await some.account('&split_field=OWNED_CONTENT')
    expect(split.OTHER.daily_metrics[0].metrics).toMatchObject({ IMPRESSION: 100, SAVE: 3, SAVE_RATE: 0.03 })
    expect([await all.views(), await some.views()]).toEqual([7100, 100])
  })

  test('top Pins are others', async () => {
    for (const order of ['IMPRESSION', 'SAVE', 'ENGAGEMENT']) {
      expect(await numbers().top(order)).toEqual([secret])
      expect(await numbers(noRead.text).top(order)).toEqual([open])
    }
  })

  test('its own analytics and metrics are not there', async () => {
    const token = noRead.text
    const query = `${days}&metric_types=IMPRESSION`
    const answers = await Promise.all(
      [secret, '12345'].flatMap((pin) => [
        server.get(`/pins/${pin}/analytics?${query}`, { token }),
        server.get(`/pins/analytics?${query}&pin_ids=${open},${pin}`, { token }),
        server.get(`/pins/${pin}?pin_metrics=true`, { token }),
      ]),
    )
    expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(404))
    const text = (answer?: { text: string }) => answer?.text.replaceAll(secret, '12345')
    for (const i of [0, 1, 2]) expect(text(answers[i])).toBe(text(answers[i + 3]))
    const { items } = (await server.get('/pins?pin_metrics=true', { token })).body
    expect(items.map(({ id }: { id: string }) => id)).toEqual([open])
  })

  test('history of it is not loaded, and tells no more than of no Pin', async () => {
    const { body } = await load([row(secret, 1), row('12345', 1), row(open, 100)], noRead.text)
    expect(body.loaded).toBe(1)
    expect(body.errors).toEqual([
      { row: 0, message: `'pin_id': ${secret} is no Pin of yours.` },
      { row: 1, message: `'pin_id': 12345 is no Pin of yours.` },
    ])
    const readOnly = (await load([row(secret, 1)], noWrite.text)).body
    expect([readOnly.loaded, readOnly.errors[0].message]).toEqual([0, expect.stringContaining('pins:write_secret')])
    expect((await numbers().account()).all.summary_metrics.IMPRESSION).toBe(7100)
  })

  test('numbers come and go with the privacy of a board, and of a Pin that moves', async () => {
    const some = async () => (await numbers(noRead.text).account()).all.summary_metrics
    await server.patch(`/boards/${secretBoard}`, { privacy: 'PUBLIC' })
    expect(await some()).toMatchObject({ IMPRESSION: 7100, SAVE: 503 })
    expect(await numbers(noRead.text).top('IMPRESSION')).toEqual([secret])
    await server.patch(`/boards/${secretBoard}`, { privacy: 'SECRET' })
    expect(await some()).toMatchObject({ IMPRESSION: 100, SAVE: 3 })
    await server.patch(`/pins/${open}`, { board_id: secretBoard })
    expect(await some()).toMatchObject({ IMPRESSION: 0, SAVE: 0 })
    expect(await numbers(noRead.text).top('IMPRESSION')).toEqual([])
    expect((await numbers().account()).all.summary_metrics).toMatchObject({ IMPRESSION: 7100, SAVE: 503 })
  })
})
