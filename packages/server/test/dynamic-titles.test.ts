import { databases } from '@pinfold/test-support/databases'
import { people, startTestServer, type TestServer } from '@pinfold/test-support/server'
import { beforeAll, describe, expect, test } from 'vitest'

/** What a file is made of. */
type FileBody = string | Uint8Array<ArrayBuffer>

const bob = { token: people.bob.token }
const hourMs = 3_600_000
const fill = (count: number) => `item_id,title\n${Array.from({ length: count }, (_, i) => `${i},Cup\n`).join('')}`

describe.each(databases)('titles of products on $name', ({ open }) => {
  let server: TestServer
  let account: string
  let titles: string
  let othersTitles: string

  beforeAll(async () => {
    const { discard, ...database } = await open()
    server = await startTestServer(database)
    account = `/ad_accounts/${(await server.get('/ad_accounts')).body.items[0].id}`
    titles = await newAdGroup()
    othersTitles = await newAdGroup()
    return async () => {
      await server.close()
      await discard()
    }
  })

  /** Makes an ad group, and returns the path of its titles. */
  async function newAdGroup(): Promise<string> {
    const campaign = { name: 'Spring', objective_type: 'CONSIDERATION', daily_spend_cap: 5_000_000 }
    const campaign_id = (await server.post(`${account}/campaigns`, [campaign])).body.items[0].data.id
    const adGroup = { campaign_id, billable_event: 'CLICKTHROUGH', bid_in_micro_currency: 1_000_000 }
    const { body } = await server.post(`${account}/ad_groups`, [{ name: 'Cups', ...adGroup }])
    return `${account}/ad_groups/${body.items[0].data.id}/dynamic_titles`
  }
  const offer = async (path = titles) => (await server.get(`${path}/uploads`)).body
  const put = (url: string, body: FileBody) => fetch(url, { method: 'PUT', body })
  const process = (request_id: string, path = titles) => server.post(path, { request_id })
  const status = async (path = titles) => (await server.get(`${path}/status`)).body
  const download = async (path = titles) => fetch((await server.get(`${path}/csv`)).body.download_url)
  /** Sends a file, and returns what becomes of it. */
  async function take(file: FileBody, path = titles) {
    const { upload_url, request_id } = await offer(path)
    const answer = await put(upload_url, file)
    expect(answer.status, await answer.text()).toBe(204)
    const { status, body } = await process(request_id, path)
    expect(status).toBe(201)
    return body
  }

  test('are sent as a file, processed, reviewed, and fetched as a file', async () => {
    expect(await status()).toEqual({ generated_count: 0, reviewed_count: 0, is_ready: false })
    expect((await server.get(`${titles}/csv`)).body).toEqual({})
    const { upload_url, request_id, ...none } = await offer()
    expect([none, request_id]).toEqual([{}, expect.stringMatching(/^[0-9a-f]{32}$/)])
    expect((await put(upload_url, '\ufeffitem_id,title\n1,Blue cup\n2,"Tea, ""black"""\n\n=3,Πάντα')).status).toBe(204)
    expect(await status()).toMatchObject({ generated_count: 0 })
    const processed = await process(request_id)
    expect([processed.status, processed.body]).toEqual([201, { status: 'SUCCESS', errors: [] }])
    expect(await status()).toEqual({ generated_count: 3, reviewed_count: 0, is_ready: false })
    server.clock.advance(10_000)
    expect(await status()).toEqual({ generated_count: 3, reviewed_count: 3, is_ready: true })

    const file = await download()
    expect(await file.text()).toBe('item_id,title\r\n1,Blue cup\r\n2,"Tea, ""black"""\r\n=3,Πάντα\r\n')
    expect(file.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    const [, adGroup] = /ad_groups\/(\d+)/.exec(titles) ?? []
    expect(file.headers.get('content-disposition')).toBe(`attachment; filename="titles-${adGroup}.csv"`)
    expect((await offer()).existing_filename).toBe(`titles-${adGroup}.csv`)
    expect((await server.get(`${othersTitles}/csv`)).body).toEqual({})
  })

  test('are taken row by row; what is wrong is told by its row', async () => {
    const rows = ['1,Cup', ',Cup', '2,', '3', '4,Cup,blue', '1,Other', `${'5'.repeat(128)},Cup`]
    const more = [`6,${'x'.repeat(101)}`, '7,"two\nlines"', `8,${'x'.repeat(100)}`]
    expect(await take(['item_id,title', ...rows, ...more, ''].join('\r\n'))).toEqual({
      status: 'PARTIAL_SUCCESS',
      errors: [
        ...[{ row_number: 3, error_type: 'ITEM_ID_MISSING' }],
        ...[{ row_number: 4, error_type: 'TITLE_MISSING' }],
        ...[{ row_number: 5, error_type: 'COLUMN_COUNT_WRONG' }],
        ...[{ row_number: 6, error_type: 'COLUMN_COUNT_WRONG' }],
        ...[{ row_number: 7, error_type: 'ITEM_ID_REPEATED' }],
        ...[{ row_number: 8, error_type: 'ITEM_ID_TOO_LONG' }],
        ...[{ row_number: 9, error_type: 'TITLE_TOO_LONG' }],
        ...[{ row_number: 10, error_type: 'CHARACTER_INVALID' }],
      ],
    })
    expect(await (await download()).text()).toBe(`item_id,title\r\n1,Cup\r\n8,${'x'.repeat(100)}\r\n`)
  })

  test.each([
    ['nothing', '', 1, 'HEADER_INVALID'],
    ['another header', 'id,title\n1,Cup\n', 1, 'HEADER_INVALID'],
    ['a quote that does not end', 'item_id,title\n1,Cup\n2,"Tea\n', 3, 'CSV_MALFORMED'],
    ['a quote within a cell', 'item_id,title\n1,5" plate\n', 2, 'CSV_MALFORMED'],
    ['words after a quote', 'item_id,title\n1,"Cup" blue\n', 2, 'CSV_MALFORMED'],
    ['too many rows', fill(10_001), 10_002, 'TOO_MANY_ROWS'],
    ['no row that is right', 'item_id,title\n1,\n', 2, 'TITLE_MISSING'],
  ])('stay as they are after a file with %s', async (_, file, row_number, error_type) => {
    expect(await take('item_id,title\n1,Kept\n')).toMatchObject({ status: 'SUCCESS' })
    expect(await take(file)).toEqual({ status: 'FAILURE', errors: [{ row_number, error_type }] })
    expect(await (await download()).text()).toBe('item_id,title\r\n1,Kept\r\n')
  })

  test('can be 10,000, or taken back by a header alone', async () => {
    expect(await take(fill(10_000))).toEqual({ status: 'SUCCESS', errors: [] })
    expect(await status()).toMatchObject({ generated_count: 10_000 })
    expect(await take('item_id,title')).toEqual({ status: 'SUCCESS', errors: [] })
    server.clock.advance(10_000)
    expect(await status()).toEqual({ generated_count: 0, reviewed_count: 0, is_ready: false })
  })

  test('come as text of a megabyte at most', async () => {
    const { upload_url } = await offer()
    const refused: [FileBody, number][] = [
      ['x'.repeat(1_000_001), 413],
      [Uint8Array.from([0x69, 0xff]), 400],
      ['item_id,title\n1,\u0000\n', 400],
    ]
    for (const [file, expected] of refused) expect((await put(upload_url, file)).status).toBe(expected)
    // Without a length that is announced, what arrives is counted.
    const stream = new Blob(['x'.repeat(600_000), 'y'.repeat(600_000)]).stream()
    const streamed = await fetch(upload_url, { method: 'PUT', body: stream, duplex: 'half' } as RequestInit)
    expect(streamed.status).toBe(413)
    expect((await put(upload_url, 'x'.repeat(1_000_000))).status).toBe(204)
  })

  test('are taken once by an address, which is good for an hour', async () => {
    const { upload_url, request_id } = await offer()
    const file = 'item_id,title\n1,Cup\n'
    for (const expected of [204, 204]) expect((await put(upload_url, file)).status).toBe(expected)
    expect((await put(upload_url, `${file}2,Tea\n`)).status).toBe(400)
    for (const expected of [201, 201]) expect((await process(request_id)).status).toBe(expected)
    const unused = await offer()
    server.clock.advance(hourMs)
    expect((await put(unused.upload_url, file)).status).toBe(404)
    expect((await process(request_id)).status).toBe(404)
  })

  test('are fetched by an address that is good for 5 minutes, and for nothing else', async () => {
    await take('item_id,title\n1,Cup\n')
    const { download_url } = (await server.get(`${titles}/csv`)).body
    const { upload_url } = await offer()
    const permit = new URL(upload_url).search
    expect((await fetch(download_url.replace(/\?.*/, permit))).status).toBe(404)
    expect((await put(upload_url.replace(/\?.*/, new URL(download_url).search), 'x')).status).toBe(404)
    for (const url of [upload_url.replace('?of=', '?of=A'), upload_url.split('?')[0]])
      expect((await put(url, 'x')).status).toBe(404)
    server.clock.advance(5 * 60_000 - 1000)
    expect((await fetch(download_url)).status).toBe(200)
    server.clock.advance(1000)
    expect((await fetch(download_url)).status).toBe(404)
  })

  test('are of one ad group, and of one ad account', async () => {
    const { upload_url, request_id } = await offer()
    expect((await process(request_id)).body.message).toContain(`It has no upload ${request_id}`)
    await put(upload_url, 'item_id,title\n1,Cup\n')
    for (const [id, path] of [
      [request_id, othersTitles],
      ['x'.repeat(1000), titles],
      [request_id, `${account}/ad_groups/123/dynamic_titles`],
    ] as const)
      expect((await process(id, path)).status).toBe(404)
    expect((await server.post(titles, { request_id }, bob)).status).toBe(403)
    expect(await status(othersTitles)).toMatchObject({ generated_count: 0 })
  })

  test('go with all that is in the ad account', async () => {
    await take('item_id,title\n1,Cup\n')
    const { download_url } = (await server.get(`${titles}/csv`)).body
    const { upload_url } = await offer()
    expect((await server.request('DELETE', `${account}/sandbox`)).status).toBe(200)
    expect((await fetch(download_url)).status).toBe(404)
    expect((await put(upload_url, 'item_id,title\n')).status).toBe(404)
    expect((await server.get(`${titles}/status`)).status).toBe(404)
  })
})
