import { asyncColumns, reportLevels } from '@pinfold/contract'
import { databases } from '@pinfold/test-support/databases'
import { until } from '@pinfold/test-support/pace'
import { base64Source } from '@pinfold/test-support/pictures'
import { people, startTestServer, type TestServer } from '@pinfold/test-support/server'
import { beforeAll, describe, expect, test } from 'vitest'

const [minuteMs, hourMs, dayMs] = [60_000, 3_600_000, 86_400_000]
const bob = { token: people.bob.token }

type Row = Record<string, string | number>
type Rows = Record<string, Row[]>

describe.each(databases)('reports on $name', ({ open }) => {
  let server: TestServer
  let reports: string
  let account: string
  let pin: string
  /** Two campaigns, each with two ad groups, each with an ad that has numbers of two days. */
  const made = { campaigns: [] as string[], groups: [] as string[], ads: [] as string[] }

  beforeAll(async () => {
    const { discard, ...database } = await open()
    server = await startTestServer(database)
    account = `/ad_accounts/${(await server.get('/ad_accounts')).body.items[0].id}`
    reports = `${account}/reports`
    const board = (await server.post('/boards', { name: 'Shop' })).body.id
    pin = (await server.post('/pins', { board_id: board, media_source: await base64Source(1) })).body.id
    for (const [name, objective_type] of [
      ['=Spring, "1"', 'CONSIDERATION'],
      ['Autumn', 'AWARENESS'],
    ]) {
      const campaign_id = await make('campaigns', { name, objective_type, daily_spend_cap: 5_000_000 })
      made.campaigns.push(campaign_id)
      for (const group of ['A', 'B']) {
        const billable_event = objective_type === 'AWARENESS' ? 'IMPRESSION' : 'CLICKTHROUGH'
        const bid = { billable_event, bid_in_micro_currency: 2_000_000 }
        const ad_group_id = await make('ad_groups', { name: group, campaign_id, ...bid })
        made.groups.push(ad_group_id)
        made.ads.push(await make('ads', { name: 'Cup', ad_group_id, pin_id: pin, creative_type: 'REGULAR' }))
      }
    }
    const rows = made.ads.flatMap((ad_id, i) =>
      [1, 2].flatMap((daysAgo) => [
        { date: date(daysAgo), ad_id, metric: 'SPEND_IN_MICRO_DOLLAR', value: 1_000_000 * (i + daysAgo) },
        { date: date(daysAgo), ad_id, metric: 'IMPRESSION_1', value: 100 * 2 ** i },
      ]),
    )
    expect(await server.post('/_pinfold/analytics/history', { rows })).toMatchObject({ body: { errors: [] } })
    return async () => {
      await server.close()
      await discard()
    }
  })

  const make = async (what: string, one: object): Promise<string> => {
    const { body, text } = await server.post(`${account}/${what}`, [one])
    expect(body.items[0].data, text).toBeDefined()
    return body.items[0].data.id
  }
  const date = (daysAgo: number) => new Date(server.clock.now() - daysAgo * dayMs).toISOString().slice(0, 10)
  const asked = (more: object = {}) => ({
    ...{ start_date: date(30), end_date: date(0), granularity: 'DAY', level: 'CAMPAIGN' },
    ...{ columns: ['SPEND_IN_DOLLAR', 'IMPRESSION_1'], ...more },
  })
  const get = async (token: string, path = reports, options = {}) =>
    (await server.get(`${path}?token=${encodeURIComponent(token)}`, options)).body
  /** Asks for a report, waits until it is done, and returns its token and how it is read. */
  async function finished(body: object) {
    const { status, body: answer, text } = await server.post(reports, body)
    expect(status, text).toBe(200)
    expect(answer).toEqual({
      report_status: expect.stringMatching(/^(IN_PROGRESS|FINISHED)$/),
      token: expect.stringMatching(/=$/),
      message: expect.any(String),
    })
    const done = await until(async () => {
      const found = await get(answer.token)
      return found.report_status === 'IN_PROGRESS' ? undefined : found
    })
    expect(done).toMatchObject({ report_status: 'FINISHED', size: expect.any(Number) })
    return { token: answer.token as string, url: done.url as string, size: done.size as number }
  }
  /** Returns the text of a report, read as programs do: without a header. */
  async function text(body: object): Promise<string> {
    const { url, size } = await finished(body)
    const answer = await fetch(url)
    expect(answer.status).toBe(200)
    const found = await answer.text()
    expect(Buffer.byteLength(found)).toBe(size)
    return found
  }
  const json = async (body: object): Promise<Rows> => JSON.parse(await text(body))
  const sync = async (path: string, query: string): Promise<Row[]> => {
    const { body } = await server.get(`${account}/${path}analytics?start_date=${date(30)}&end_date=${date(0)}&${query}`)
    return body
  }

  test('have the numbers of analytics, for each level and granularity', async () => {
    const columns = ['SPEND_IN_DOLLAR', 'IMPRESSION_1', 'CPM_IN_DOLLAR']
    const numbers = ({ SPEND_IN_DOLLAR, IMPRESSION_1, CPM_IN_DOLLAR, DATE }: Row) => ({
      ...{ SPEND_IN_DOLLAR, IMPRESSION_1, CPM_IN_DOLLAR, DATE },
    })
    for (const granularity of ['TOTAL', 'DAY', 'WEEK', 'MONTH'])
      for (const [level, label, path, ids] of [
        ['ADVERTISER', 'ADVERTISER_ID', '', ''],
        ['CAMPAIGN', 'CAMPAIGN_ID', 'campaigns/', `campaign_ids=${made.campaigns}`],
        ['AD_GROUP', 'AD_GROUP_ID', 'ad_groups/', `ad_group_ids=${made.groups}`],
        ['PIN_PROMOTION', 'PIN_PROMOTION_ID', 'ads/', `ad_ids=${made.ads}`],
      ] as const) {
        const found = await json(asked({ level, granularity, columns }))
        for (const [key, rows] of Object.entries(found)) for (const row of rows) expect(row[label]).toBe(key)
        const expected = await sync(path, `granularity=${granularity}&columns=${columns}&${ids}`)
        expect(Object.values(found).flat().map(numbers), `${level} ${granularity}`).toEqual(expected.map(numbers))
        expect(expected.length).toBeGreaterThan(0)
      }
  }, 60_000)

  test('are made as Airbyte asks for them: 112 columns of each level, far back', async () => {
    const columns = [...asyncColumns().slice(0, 109), 'SPEND_IN_DOLLAR', 'CAMPAIGN_ID', 'ADVERTISER_ID']
    for (const level of reportLevels) {
      const range = level === 'PRODUCT_ITEM' ? [31, 0] : [185, 0]
      const days = { start_date: date(range[0] ?? 0), end_date: date(range[1] ?? 0) }
      const named =
        level === 'PRODUCT_ITEM'
          ? columns.filter((name) => !/^(AD|PIN|VIDEO|STANDARD)_/.test(name) && name !== 'VIDEO_LENGTH')
          : columns
      const found = await json(asked({ level, columns: named, ...days, report_format: 'JSON' }))
      const isCounted = ['ADVERTISER', 'CAMPAIGN', 'AD_GROUP', 'PIN_PROMOTION'].includes(level)
      expect(Object.keys(found).length > 0, level).toBe(isCounted)
      for (const row of Object.values(found).flat()) {
        expect(row).toMatchObject({
          DATE: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
          SPEND_IN_DOLLAR: expect.any(Number),
        })
      }
    }
  }, 60_000)

  test('are CSV for tables, with the zeros', async () => {
    const columns = ['CAMPAIGN_NAME', 'SPEND_IN_DOLLAR', 'CLICKTHROUGH_1', 'TOTAL_CHECKOUT', 'ORDER_LINE_ID']
    const csv = await text(asked({ report_format: 'CSV', columns, granularity: 'TOTAL' }))
    expect(csv.split('\r\n')).toEqual([
      'CAMPAIGN_ID,CAMPAIGN_NAME,SPEND_IN_DOLLAR,CLICKTHROUGH_1,TOTAL_CHECKOUT,ORDER_LINE_ID',
      `${made.campaigns[0]},"=Spring, ""1""",8,0,0,`,
      `${made.campaigns[1]},Autumn,16,0,0,`,
      '',
    ])
    const { url } = await finished(asked({ report_format: 'CSV', columns, granularity: 'TOTAL' }))
    const answer = await fetch(url)
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="report.csv"')
    const none = { columns: ['TOTAL_CHECKOUT'], report_format: 'CSV' }
    expect(await text(asked(none))).toBe('CAMPAIGN_ID,DATE,TOTAL_CHECKOUT\r\n')
    expect(await json(asked({ columns: ['TOTAL_CHECKOUT'] }))).toEqual({})
    expect(await json(asked({ columns: ['CLICKTHROUGH_1', 'CTR'] }))).toEqual({})
  })

  test('are sorted by date where that is asked for', async () => {
    const found = await json(asked({ primary_sort: 'BY_DATE', level: 'PIN_PROMOTION' }))
    expect(Object.keys(found)).toEqual([date(2), date(1)])
    for (const rows of Object.values(found)) expect(rows.map((row) => row.PIN_PROMOTION_ID)).toEqual(made.ads)
    const csv = await text(asked({ primary_sort: 'BY_DATE', report_format: 'CSV' }))
    expect(
      csv
        .split('\r\n')
        .slice(1, -1)
        .map((line) => line.split(',')[1]),
    ).toEqual([date(2), date(2), date(1), date(1)])
  })

  test('are narrowed by ids, statuses, objectives, labels and numbers', async () => {
    const [first = '', second = ''] = made.campaigns
    const total = (more: object) => json(asked({ granularity: 'TOTAL', columns: ['SPEND_IN_DOLLAR'], ...more }))
    const spent = async (more: object) =>
      Object.fromEntries(Object.entries(await total(more)).map(([key, [row]]) => [key, row?.SPEND_IN_DOLLAR]))
    expect(await spent({ campaign_ids: [second, '7'] })).toEqual({ [second]: 16 })
    expect(await spent({ campaign_objective_types: ['CONSIDERATION'] })).toEqual({ [first]: 8 })
    // What is narrowed to something below has the numbers of that alone.
    expect(await spent({ ad_group_ids: [made.groups[0], made.groups[3]] })).toEqual({ [first]: 3, [second]: 9 })
    expect(await spent({ ad_ids: [made.ads[2]], campaign_ids: [first] })).toEqual({})
    const advertiser = account.split('/')[2] ?? ''
    expect(await spent({ level: 'ADVERTISER', ad_ids: [made.ads[1], made.ads[2]] })).toEqual({ [advertiser]: 12 })
    expect(await spent({ level: 'AD_GROUP', campaign_ids: [first] })).toEqual({
      [made.groups[0] ?? '']: 3,
      [made.groups[1] ?? '']: 5,
    })
    const paused = { items: [{ id: made.groups[1], status: 'PAUSED' }] }
    expect((await server.request('PATCH', `${account}/ad_groups`, { json: paused.items })).status).toBe(200)
    const groups = { level: 'AD_GROUP' }
    expect(await spent({ ...groups, ad_group_statuses: ['PAUSED'] })).toEqual({ [made.groups[1] ?? '']: 5 })
    expect(await spent({ ...groups, ad_group_statuses: ['ADVERTISER_DISABLED'] })).toEqual({
      [made.groups[1] ?? '']: 5,
    })
    expect(Object.keys(await spent({ ...groups, ad_group_statuses: ['RUNNING'] }))).toHaveLength(3)
    expect(await spent({ level: 'PIN_PROMOTION', ad_statuses: ['ADVERTISER_DISABLED'] })).toEqual({
      [made.ads[1] ?? '']: 5,
    })
    const statuses = ['CAMPAIGN_STATUS', 'AD_GROUP_STATUS', 'PIN_PROMOTION_STATUS', 'IMPRESSION_1']
    const told = await json(
      asked({ level: 'PIN_PROMOTION', granularity: 'TOTAL', columns: statuses, ad_ids: [made.ads[1]] }),
    )
    expect(told[made.ads[1] ?? '']).toMatchObject([
      {
        CAMPAIGN_STATUS: 'RUNNING',
        AD_GROUP_STATUS: 'ADVERTISER_DISABLED',
        PIN_PROMOTION_STATUS: 'ADVERTISER_DISABLED',
        IMPRESSION_1: 400,
      },
    ])
    const labels = {
      labels: [
        { label_type: 'BRAND', value: 'Cups & Co' },
        { label_type: 'CUSTOM', value: 'Warm' },
      ],
    }
    const [brand, custom] = (await server.post(`${account}/labels`, labels)).body.labels.map(
      ({ id }: { id: string }) => id,
    )
    await server.post(`${account}/labels/${brand}/apply`, { entity_ids: [first, second] })
    await server.post(`${account}/labels/${custom}/apply`, { entity_ids: [second] })
    expect(await spent({ campaign_brand_label: 'Cups & Co' })).toEqual({ [first]: 8, [second]: 16 })
    expect(await spent({ campaign_brand_label: 'Cups & Co', campaign_custom_label: 'Warm' })).toEqual({ [second]: 16 })
    expect(await spent({ campaign_custom_label: 'Cups & Co' })).toEqual({})
    const more = (field: string, operator: string, values: number[]) => ({
      metrics_filters: [{ field, operator, values }],
    })
    expect(await spent(more('SPEND_IN_DOLLAR', 'GREATER_THAN', [8]))).toEqual({ [second]: 16 })
    expect(await spent(more('TOTAL_IMPRESSION', 'LESS_THAN', [601, 700]))).toEqual({ [first]: 8 })
    expect(await spent({ product_group_ids: ['7'] })).toEqual({})
  }, 60_000)

  test('are the same for who asks for the same again, until they expire', async () => {
    const body = asked({ campaign_ids: made.campaigns })
    const { token, url } = await finished(body)
    const again = await server.post(reports, {
      ...body,
      campaign_ids: made.campaigns.toReversed(),
      click_window_days: 7,
    })
    expect(again.body).toMatchObject({ report_status: 'FINISHED', token })
    expect((await server.post(reports, { ...body, report_format: 'CSV' })).body.token).not.toBe(token)
    server.clock.advance(5 * minuteMs - 1)
    expect((await fetch(url)).status).toBe(200)
    server.clock.advance(1)
    expect((await fetch(url)).status).toBe(404)
    const later = (await get(token)).url
    expect((await fetch(later)).status).toBe(200)
    expect((await fetch(later.replace('?of=', '?of=A'))).status).toBe(404)
    server.clock.advance(hourMs)
    expect(await get(token)).toEqual({ report_status: 'EXPIRED', url: null, size: null })
    expect((await fetch(later)).status).toBe(404)
    const { token: next } = await finished(body)
    expect(next).not.toBe(token)
    expect(await get(token)).toMatchObject({ report_status: 'EXPIRED' })
  })

  test('are nobody else’s: neither another ad account’s nor another account’s', async () => {
    const { token, url } = await finished(asked())
    const other = await server.post('/ad_accounts', { name: 'Other', country: 'US', currency: 'USD' })
    const gone = { report_status: 'DOES_NOT_EXIST', url: null, size: null }
    expect(await get(token, `/ad_accounts/${other.body.id}/reports`)).toEqual(gone)
    expect((await server.get(`${reports}?token=${encodeURIComponent(token)}`, bob)).status).toBe(403)
    expect((await server.post(reports, asked(), bob)).status).toBe(403)
    for (const none of ['', 'x', `${'A'.repeat(22)}==`, "' or 1=1"]) expect(await get(none)).toEqual(gone)
    expect((await server.get(reports)).status).toBe(400)
    // A permit for a preview, a token: neither reads a report.
    expect((await fetch(url.replace(/\?.*/, `?of=${encodeURIComponent(token)}`))).status).toBe(404)
    expect((await fetch(url.replace(/\?.*/, ''))).status).toBe(404)
  })

  test('are refused with the reason', async () => {
    const bad: [object, RegExp][] = [
      [{ start_date: date(915), end_date: date(900) }, /last 914 days/],
      [{ start_date: date(187), end_date: date(0) }, /at most 186 days after/],
      [{ granularity: 'HOUR', start_date: date(9), end_date: date(8) }, /last 8 days by the hour/],
      [{ granularity: 'HOUR', start_date: date(4), end_date: date(0) }, /at most 3 days after/],
      [{ level: 'PRODUCT_ITEM', start_date: date(93), end_date: date(80), columns: [] }, /last 92 days/],
      [{ level: 'PRODUCT_ITEM', start_date: date(32), end_date: date(0), columns: [] }, /at most 31 days after/],
      [{ start_date: date(1), end_date: date(2) }, /must not be before/],
      [{ start_date: date(-1), end_date: date(-1) }, /must not be after today/],
      [{ start_date: '2026-02-30' }, /is not a date/],
      [{ targeting_types: ['GENDER'] }, /ends in _TARGETING/],
      [{ start_hour: 3 }, /HOUR alone/],
      [
        { granularity: 'HOUR', start_date: date(0), end_date: date(0), start_hour: 5, end_hour: 5 },
        /'end_hour' must be after/,
      ],
      [{ level: 'PRODUCT_ITEM', ad_ids: ['7'] }, /do not go with products/],
      [{ level: 'PRODUCT_ITEM', columns: ['PIN_PROMOTION_ID'] }, /PIN_PROMOTION_ID do not go with products/],
    ]
    for (const [more, reason] of bad) {
      const { status, body } = await server.post(reports, asked(more))
      expect([status, body.code]).toEqual([400, 400])
      expect(body.message).toMatch(/^Invalid ad account ads analytics parameters\. /)
      expect(body.message).toMatch(reason)
    }
    const edges: object[] = [
      { start_date: date(914), end_date: date(728) },
      { granularity: 'HOUR', start_date: date(8), end_date: date(5), end_hour: 0 },
      { granularity: 'HOUR', start_date: date(0), end_date: date(0), start_hour: 5, end_hour: 6 },
      { level: 'PRODUCT_ITEM', start_date: date(92), end_date: date(61) },
    ]
    for (const more of edges) expect((await server.post(reports, asked(more))).status).toBe(200)
    for (const more of [
      { columns: ['NOTHING'] },
      { level: 'BOARD' },
      { granularity: undefined },
      { end_date: 'today' },
    ])
      expect(await server.post(reports, asked(more))).toMatchObject({ status: 400, body: { code: 1 } })
    const least = { start_date: date(3), end_date: date(0), granularity: 'TOTAL' }
    expect(await json(least)).toEqual({ [account.split('/')[2] ?? '']: [{ ADVERTISER_ID: account.split('/')[2] }] })
  })

  test('by the hour have the hours that are asked for', async () => {
    const at = (hour: number) =>
      new Date(Math.floor(server.clock.now() / dayMs - 1) * dayMs + hour * hourMs).toISOString()
    const events = [3, 4, 5].map((hour) => ({
      ...{ id: `hour ${hour}`, type: 'impression', pin_id: pin, ad_id: made.ads[0], viewer: 'somebody', at: at(hour) },
    }))
    expect((await server.post('/_pinfold/events', { events })).body.counted_for_ads).toBe(3)
    const hours = { granularity: 'HOUR', level: 'PIN_PROMOTION', start_date: date(1), end_date: date(1) }
    const found = await json(asked({ ...hours, start_hour: 4, end_hour: 5 }))
    expect(found).toEqual({
      [made.ads[0] ?? '']: [{ PIN_PROMOTION_ID: made.ads[0], DATE: `${date(1)}T04:00:00`, IMPRESSION_1: 1 }],
    })
    expect(Object.keys(await json(asked({ ...hours, primary_sort: 'BY_DATE' })))).toHaveLength(3)
  })

  test('go with all that is in the ad account', async () => {
    const { token, url } = await finished(asked())
    expect((await server.delete(`${account}/sandbox`)).status).toBe(200)
    expect((await fetch(url)).status).toBe(404)
    expect(await get(token)).toMatchObject({ report_status: 'DOES_NOT_EXIST' })
    expect(await json(asked())).toEqual({})
  })
})
