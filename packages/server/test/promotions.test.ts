import { databases } from '@pinfold/test-support/databases'
import { people, startTestServer, type TestServer } from '@pinfold/test-support/server'
import { beforeAll, describe, expect, test } from 'vitest'

const bob = { token: people.bob.token }

describe.each(databases)('promotions on $name', ({ open }) => {
  let server: TestServer
  let path: string

  beforeAll(async () => {
    const { discard, ...database } = await open()
    server = await startTestServer(database)
    path = `/ad_accounts/${(await server.get('/ad_accounts')).body.items[0].id}/promotions`
    return async () => {
      await server.close()
      await discard()
    }
  })

  const now = () => Math.floor(server.clock.now() / 1000)
  const patch = (...changes: object[]) => server.request('PATCH', path, { json: changes })
  async function create(...promotions: object[]) {
    const { status, body } = await server.post(path, promotions)
    expect([status, body.message]).toEqual([200, undefined])
    return body.promotions
  }
  async function one(promotion: object = {}) {
    const given = { promotion_title: 'A tenth off', promotion_type: 'SITEWIDE', ...promotion }
    const [{ data, ...rest }] = await create(given)
    expect(rest).toEqual({})
    return data
  }
  const get = (id: string) => server.get(`${path}/${id}`)

  test('are made, and shown as they were made', async () => {
    const times = { start_time: now() - 10, end_time: now() + 3600 }
    const made = await one({ template_values: [{ percent: 10 }], ...times, discount_status: 'EXPIRED' })
    expect(made).toEqual({
      id: expect.stringMatching(/^\d+$/),
      ad_account_id: path.split('/')[2],
      ...{ promotion_title: 'A tenth off', promotion_type: 'SITEWIDE', template_values: [{ percent: 10 }] },
      ...{
        platform_type: 'DEFAULT',
        status: 'ACTIVE',
        discount_status: 'ACTIVE',
        promotion_custom_id: made.id,
        ...times,
      },
    })
    expect((await get(made.id)).body).toEqual(made)
    const theirs = { platform_type: 'SHOPIFY', external_id: 'abc', promotion_custom_id: 'tenth' }
    expect(await one({ ...theirs, promotion_code: null, end_time: null })).toMatchObject(theirs)
  })

  test('begin and end by the clock', async () => {
    const { id } = await one({ start_time: now() + 3600, end_time: now() + 7200 })
    const status = async () => (await get(id)).body.discount_status
    expect(await status()).toBe('SCHEDULED')
    server.clock.advance(3_600_000)
    expect(await status()).toBe('ACTIVE')
    await patch({ id, status: 'PAUSED' })
    expect(await status()).toBe('PAUSED')
    server.clock.advance(3_600_000)
    expect(await status()).toBe('EXPIRED')
  })

  test('that are refused harm none of the others, and say why', async () => {
    const items = await create(
      { promotion_title: ' ', promotion_type: 'BONUS' },
      { promotion_title: 'Good', promotion_type: 'BONUS' },
      { promotion_title: 'Backwards', promotion_type: 'BONUS', start_time: 20, end_time: 10 },
      { promotion_title: 'Before', promotion_type: 'BONUS', start_time: -1 },
      { promotion_title: 'Too much', promotion_type: 'BONUS', template_values: [{ percent: 101 }, { amount: -1 }] },
      { promotion_title: 'Long', promotion_type: 'BONUS', promotion_code: 'x'.repeat(256) },
      { promotion_title: 'Wordy', promotion_type: 'CUSTOM', template_values: [{ custom_text: 'x'.repeat(256) }] },
    )
    expect(items.map((item: object) => Object.keys(item))).toEqual([
      ...[['exception'], ['data'], ['exception'], ['exception'], ['exception'], ['exception'], ['exception']],
    ])
    expect(items[4].exception).toEqual({ code: 1, message: expect.stringMatching(/percent.*amount/) })
  })

  test('of a platform that nothing comes from refuse the whole request', async () => {
    const good = { promotion_title: 'Good', promotion_type: 'BONUS' }
    const { body, status } = await server.post(path, [good, { ...good, platform_type: 'MARKET' }])
    expect([status, body.message]).toEqual([400, expect.stringContaining('Platform type not supported for promotions')])
    const { id } = await one()
    expect((await patch({ id, platform_type: 'MARKET' })).status).toBe(400)
  })

  test('are changed, and keep what is not named', async () => {
    const { id } = await one({ promotion_code: 'TENTH', end_time: now() + 3600, template_values: [{ amount: 5 }] })
    const { promotions } = (
      await patch(
        { id, promotion_title: 'A fifth off', promotion_code: null, template_values: null },
        { id: '123', promotion_title: 'Nobody’s' },
        { id, status: 'ARCHIVED' },
        { id, status: 'ACTIVE' },
      )
    ).body
    expect(promotions[0].data).toMatchObject({
      promotion_title: 'A fifth off',
      template_values: [],
      end_time: now() + 3600,
    })
    expect(promotions[0].data).not.toHaveProperty('promotion_code')
    expect(promotions[1].exception.message).toContain('no promotion 123')
    expect(promotions[3].exception.message).toContain('ARCHIVED')
    expect((await get(id)).body.discount_status).toBe('OTHER')
  })

  test('are listed oldest first, in pages, without what is archived or deleted', async () => {
    const made = await create(
      ...Array.from({ length: 5 }, (_, i) => ({ promotion_title: `List ${i}`, promotion_type: 'CHECKOUT' })),
    )
    const all: string[] = made.map(({ data }: { data: { id: string } }) => data.id)
    await patch({ id: all[0], status: 'ARCHIVED' }, { id: all[1], status: 'PAUSED' })
    expect((await server.request('DELETE', `${path}/${all[4]}`)).status).toBe(204)
    const ids = async (query: string) => {
      const { body } = await server.get(`${path}?${query}`)
      return { ids: body.items.map(({ id }: { id: string }) => id), bookmark: body.bookmark }
    }
    expect((await ids('page_size=250')).ids.slice(-3)).toEqual(all.slice(1, 4))
    const first = await ids('order=DESCENDING&page_size=2')
    expect(first.ids).toEqual([all[3], all[2]])
    expect((await ids(`order=DESCENDING&page_size=2&bookmark=${first.bookmark}`)).ids[0]).toBe(all[1])
  })

  test('are gone for good once they are deleted', async () => {
    const { id } = await one()
    expect((await server.request('DELETE', `${path}/${id}`)).status).toBe(204)
    for (const method of ['GET', 'DELETE']) {
      const { body, status } = await server.request(method, `${path}/${id}`)
      expect([status, body.code]).toEqual([404, 4997])
    }
  })

  test('are hidden from those without a role in the ad account', async () => {
    const { id } = await one()
    for (const [method, at, json] of [
      ['GET', path, undefined],
      ['GET', `${path}/${id}`, undefined],
      ['DELETE', `${path}/${id}`, undefined],
      ['POST', path, [{ promotion_title: 'Mine', promotion_type: 'BONUS' }]],
      ['PATCH', path, [{ id, promotion_title: 'Mine' }]],
    ] as const) {
      const { status, body } = await server.request(method, at, { ...bob, ...(json && { json }) })
      expect([status, body.code]).toEqual([403, 29])
    }
  })
})
