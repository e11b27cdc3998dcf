import { databases } from '@pinfold/test-support/databases'
import { people, startTestServer, type TestServer } from '@pinfold/test-support/server'
import { beforeAll, describe, expect, test } from 'vitest'

const bob = { token: people.bob.token }

describe.each(databases)('schedules on $name', ({ open }) => {
  let server: TestServer
  let account: string
  let path: string

  beforeAll(async () => {
    const { discard, ...database } = await open()
    server = await startTestServer(database)
    account = `/ad_accounts/${(await server.get('/ad_accounts')).body.items[0].id}`
    path = `${account}/schedules`
    return async () => {
      await server.close()
      await discard()
    }
  })

  const now = () => Math.floor(server.clock.now() / 1000)
  async function campaign(more: object = {}): Promise<string> {
    const one = { name: 'Spring', objective_type: 'AWARENESS', daily_spend_cap: 5_000_000, ...more }
    return (await server.post(`${account}/campaigns`, [one])).body.items[0].data.id
  }
  const read = async (id: string) => (await server.get(`${account}/campaigns/${id}`)).body
  const budget = (entity_id: string, more: object = {}) => ({
    ...{ entity_id, schedule_type: 'CAMPAIGN_BUDGET_CHANGE', schedule_action: 'INCREASE_BY_PERCENT' },
    ...{ delta_value: '20', start_timestamp: now() + 3600, end_timestamp: now() + 7200, ...more },
  })
  async function create(...schedules: object[]) {
    const { status, body } = await server.post(path, schedules)
    expect([status, body.message]).toEqual([200, undefined])
    return body.map(({ data }: { data: object }) => data)
  }
  const patch = async (...changes: object[]) =>
    (await server.request('PATCH', path, { json: changes })).body.map(({ data }: { data: object }) => data)
  const statuses = async (id: string, query = '') => {
    const { status, body } = await server.get(`${path}?entity_ids=${id}${query}`)
    expect([status, body.message]).toEqual([200, undefined])
    return body.items.map((each: { schedule_status: string }) => each.schedule_status)
  }

  test('change the cap of a campaign by the clock, and leave it as it was', async () => {
    const id = await campaign()
    const [made] = await create(budget(id))
    expect(made).toEqual({
      schedule_id: expect.stringMatching(/^\d+$/),
      ...budget(id),
      ...{ entity_type: 'CAMPAIGN', schedule_status: 'SCHEDULED' },
    })
    await create(budget(id, { schedule_action: 'INCREASE_BY_VALUE', delta_value: '7' }))
    expect([(await read(id)).daily_spend_cap, await statuses(id)]).toEqual([5_000_000, ['SCHEDULED', 'SCHEDULED']])
    server.clock.advance(3_600_000)
    expect([(await read(id)).daily_spend_cap, await statuses(id)]).toEqual([6_000_007, ['ACTIVE', 'ACTIVE']])
    const listed = (await server.get(`${account}/campaigns?campaign_ids=${id}`)).body.items[0]
    expect([listed.daily_spend_cap, listed.lifetime_spend_cap]).toEqual([6_000_007, 0])
    expect(await statuses(id, '&schedule_statuses=ACTIVE&schedule_type=CAMPAIGN_BID_MULTIPLIERS')).toEqual([])
    server.clock.advance(3_600_000)
    expect([(await read(id)).daily_spend_cap, await statuses(id)]).toEqual([5_000_000, ['COMPLETED', 'COMPLETED']])
  })

  test('multiply bids, until they are cancelled', async () => {
    const id = await campaign({ bid_options: { gender_multipliers: { female: 2 } } })
    const delta_value = { gender_multipliers: { male: 3 }, audience_multipliers: [{ audience_id: '7', multiplier: 2 }] }
    const bids = { schedule_type: 'CAMPAIGN_BID_MULTIPLIERS', delta_value, start_timestamp: now() }
    const [{ schedule_id }] = await create({ entity_id: id, ...bids })
    expect((await read(id)).bid_options).toEqual({ gender_multipliers: { male: 3 }, audience_multipliers: { 7: 2 } })
    const [cancelled] = await patch({ id: account.split('/')[2], schedule_id, schedule_status: 'CANCELED' })
    expect(cancelled.schedule_status).toBe('CANCELED')
    expect((await read(id)).bid_options).toEqual({ gender_multipliers: { female: 2 } })
  })

  const wrong: [string, object, string][] = [
    ['for an ad', { entity_type: 'AD' }, `'entity_type'`],
    ['of no type', { schedule_type: undefined }, `'schedule_type'`],
    ['without a start', { start_timestamp: undefined }, `'start_timestamp'`],
    ['that ends as it begins', { start_timestamp: 5, end_timestamp: 5 }, `'end_timestamp'`],
    ['without an action', { schedule_action: undefined }, `'schedule_action'`],
    ['by no number', { delta_value: 'more' }, `'delta_value'`],
    ['by nothing', { delta_value: '0' }, `'delta_value'`],
    ['of bids by a text', { schedule_type: 'CAMPAIGN_BID_MULTIPLIERS' }, 'object with multipliers'],
    [
      'of bids by too much',
      { schedule_type: 'CAMPAIGN_BID_MULTIPLIERS', delta_value: { gender_multipliers: { male: 11 } } },
      'from 0 to 10',
    ],
    ['of nobody’s campaign', { entity_id: '123' }, 'no campaign 123'],
  ]

  test.each(wrong)('%s are refused, alone and among good ones', async (_, bad, reason) => {
    const id = await campaign()
    const refusal = {
      ...{ id: account.split('/')[2], schedule_id: '0' },
      exceptions: { code: 1, message: expect.stringContaining(reason) },
    }
    expect(await create(budget(id, bad))).toEqual([refusal])
    const [before, among, after] = await create(budget(id), budget(id, bad), budget(id))
    expect([before.entity_id, among, after.entity_id]).toEqual([id, refusal, id])
    expect(await statuses(id)).toHaveLength(2)
  })

  test('need a cap, stay with their campaign, and are changed each for itself', async () => {
    const [none, id] = [await campaign({ objective_type: 'VIDEO_COMPLETION', daily_spend_cap: 0 }), await campaign()]
    expect((await create(budget(none)))[0].exceptions.message).toContain('no cap')
    const [{ schedule_id }] = await create(budget(id))
    const changed = await patch(
      { id: '1', schedule_id, name: 'Weekend' },
      { id: '1', schedule_id: '123', name: 'Weekend' },
      { id: '1', schedule_id, entity_id: none },
      { id: '1', schedule_id, delta_value: '-1' },
    )
    expect(changed.map(({ exceptions }: { exceptions?: object }) => exceptions !== undefined)).toEqual([
      ...[false, true, true, true],
    ])
    expect(changed[0]).toMatchObject({ name: 'Weekend', delta_value: '20' })
    expect(changed[1].schedule_id).toBe('123')
  })

  test('are listed in pages, and hidden from those without a role', async () => {
    const id = await campaign()
    await create(budget(id), budget(id), budget(id))
    const { items, bookmark } = (await server.get(`${path}?entity_ids=${id}&page_size=2`)).body
    expect(items).toHaveLength(2)
    expect(await statuses(id, `&page_size=2&bookmark=${bookmark}`)).toHaveLength(1)
    expect((await server.get(path)).status).toBe(400)
    expect((await server.get(`${path}?entity_ids=${id}`, bob)).status).toBe(403)
    expect((await server.post(path, [budget(id)], bob)).status).toBe(403)
  })
})
