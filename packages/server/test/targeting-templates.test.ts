import { databases } from '@pinfold/test-support/databases'
import { people, startTestServer, type TestServer } from '@pinfold/test-support/server'
import { beforeAll, describe, expect, test } from 'vitest'

const bob = { token: people.bob.token }
const spec = { LOCATION: ['US'] }

describe.each(databases)('targeting templates on $name', ({ open }) => {
  let server: TestServer
  let path: string

  beforeAll(async () => {
    const { discard, ...database } = await open()
    server = await startTestServer(database)
    path = `/ad_accounts/${(await server.get('/ad_accounts')).body.items[0].id}/targeting_templates`
    return async () => {
      await server.close()
      await discard()
    }
  })

  const now = () => Math.floor(server.clock.now() / 1000)
  async function create(template: object = {}) {
    const { status, body } = await server.post(path, { name: 'Cups', targeting_attributes: spec, ...template })
    expect([status, body.message]).toEqual([200, undefined])
    return body
  }
  const patch = (json: object) => server.request('PATCH', path, { json })
  const list = async (query = '') => {
    const { status, body } = await server.get(`${path}?${query}`)
    expect([status, body.message]).toEqual([200, undefined])
    return body.items
  }
  const names = async (query: string) => (await list(query)).map(({ name }: { name: string }) => name)

  test('are made as real answers show them, and told how many people they could reach', async () => {
    const made = await create({ name: 'Everybody', tracking_urls: null, keywords: null })
    const { estimate, lower_bound, upper_bound } = made.sizing.reach_estimate
    expect(lower_bound < estimate && estimate < upper_bound).toBe(true)
    expect(made).toEqual({
      ...{ id: expect.stringMatching(/^\d+$/), ad_account_id: path.split('/')[2], name: 'Everybody' },
      ...{ targeting_attributes: spec, auto_targeting_enabled: true, placement_group: 'ALL', keywords: [] },
      ...{ placement_traffic_type: null, tracking_urls: null, status: 'ACTIVE', valid: true, sizing: made.sizing },
      ...{ created_time: now(), updated_time: now() },
    })
    expect(await list('include_sizing=true&search_query=everyb')).toEqual([made])
    expect(await list('search_query=EVERYBODY')).toEqual([{ ...made, sizing: null }])
    const fewer = await create({ targeting_attributes: { ...spec, gender: ['male'] } })
    expect(fewer.targeting_attributes).toEqual({ ...spec, GENDER: ['male'] })
    expect(fewer.sizing.reach_estimate.estimate).toBeLessThan(estimate)
  })

  const wrong: [string, object, string][] = [
    ['nothing but blanks as a name', { name: ' ' }, `'name'`],
    ['a name of 256 characters', { name: 'x'.repeat(256) }, `'name'`],
    ['a keyword of blanks', { keywords: [{ value: ' ', match_type: 'BROAD' }] }, `'value'`],
    ['a keyword that is too long', { keywords: [{ value: 'x'.repeat(121), match_type: 'BROAD' }] }, `'value'`],
    ['a keyword without a match type', { keywords: [{ value: 'cups' }] }, `'match_type'`],
    ['one age', { targeting_attributes: { MINIMUM_AGE: '20' } }, 'together'],
    ['ages the wrong way round', { targeting_attributes: { MINIMUM_AGE: '30', MAXIMUM_AGE: '20' } }, `'MAXIMUM_AGE'`],
    [
      'ages of both kinds',
      { targeting_attributes: { AGE_BUCKET: ['18-24'], MINIMUM_AGE: '20', MAXIMUM_AGE: '21' } },
      `'AGE_BUCKET'`,
    ],
  ]

  test.each(wrong)('with %s are refused', async (_, bad, reason) => {
    const before = await list('page_size=250')
    const { status, body } = await server.post(path, { name: 'Cups', targeting_attributes: spec, ...bad })
    expect([status, body.code, body.message]).toEqual([400, 1, expect.stringContaining(reason)])
    expect(await list('page_size=250')).toEqual(before)
  })

  test('are changed and deleted, with null as the answer', async () => {
    const { id } = await create({ name: 'Changing' })
    const change = await patch({ id, operation_type: 'UPDATE', targeting_attributes: { LOCATION: ['CA'] } })
    expect([change.status, change.text]).toEqual([200, 'null'])
    expect((await list('search_query=changing'))[0].targeting_attributes).toEqual({ LOCATION: ['CA'] })
    const wrongAges = { MINIMUM_AGE: '99', MAXIMUM_AGE: '99' }
    expect((await patch({ id, operation_type: 'UPDATE', targeting_attributes: wrongAges })).status).toBe(400)
    const removal = await patch({ id, operation_type: 'REMOVE' })
    expect([removal.status, removal.text]).toEqual([200, 'null'])
    expect(await list('search_query=changing')).toEqual([])
    expect((await patch({ id, operation_type: 'REMOVE' })).status).toBe(404)
    expect((await patch({ id: '123', operation_type: 'UPDATE' })).status).toBe(404)
  })

  test('are listed in pages, those that are searched for too', async () => {
    for (let i = 0; i < 5; i++) await create({ name: `Page ${i}` })
    for (const query of ['', 'search_query=page&']) {
      const first = (await server.get(`${path}?${query}order=DESCENDING&page_size=3`)).body
      expect(first.items.map(({ name }: { name: string }) => name)).toEqual(['Page 4', 'Page 3', 'Page 2'])
      const more = await names(`${query}order=DESCENDING&page_size=3&bookmark=${first.bookmark}`)
      expect(more.slice(0, 2)).toEqual(['Page 1', 'Page 0'])
    }
  })

  test('are hidden from those without a role, and made once for one Idempotency-Key', async () => {
    expect((await server.get(path, bob)).status).toBe(403)
    expect((await server.post(path, { name: 'Mine', targeting_attributes: spec }, bob)).status).toBe(403)
    const json = { name: 'Once', targeting_attributes: spec }
    const send = () => server.request('POST', path, { json, headers: { 'idempotency-key': 'template-once' } })
    expect((await send()).body).toEqual((await send()).body)
    expect(await names('search_query=once')).toEqual(['Once'])
  })
})
