import { databases } from '@pinfold/test-support/databases'
import { people, startTestServer, type TestServer } from '@pinfold/test-support/server'
import { beforeAll, describe, expect, test } from 'vitest'

const bob = { token: people.bob.token }

interface Label {
  id: string
  label_type: string | null
  value: string
  status: string
}

describe.each(databases)('labels on $name', ({ open }) => {
  let server: TestServer
  let account: string
  let path: string

  beforeAll(async () => {
    const { discard, ...database } = await open()
    server = await startTestServer(database)
    account = (await server.get('/ad_accounts')).body.items[0].id
    path = `/ad_accounts/${account}/labels`
    return async () => {
      await server.close()
      await discard()
    }
  })

  const label = (value: string, label_type: string | null = 'CUSTOM') => ({ value, label_type })
  async function create(...labels: object[]): Promise<{ labels: Label[]; errors: object[] }> {
    const { status, body } = await server.post(path, { labels })
    expect([status, body.message]).toEqual([200, undefined])
    return body
  }
  const idOf = async (value: string, type?: string) => (await create(label(value, type))).labels[0]?.id ?? ''
  const patch = async (...labels: object[]) => (await server.request('PATCH', path, { json: { labels } })).body
  const put = async (how: 'apply' | 'remove', id: string, ...entity_ids: string[]) => {
    const { status, body } = await server.post(`${path}/${id}/${how}`, { entity_ids })
    expect([status, body.message]).toEqual([200, undefined])
    return body
  }
  async function campaign(): Promise<string> {
    const one = { name: 'Spring', objective_type: 'AWARENESS', daily_spend_cap: 5_000_000 }
    return (await server.post(`/ad_accounts/${account}/campaigns`, [one])).body.items[0].data.id
  }
  const values = async (query: string) => {
    const { status, body } = await server.get(`${path}?${query}`)
    expect([status, body.message]).toEqual([200, undefined])
    return body.items.flatMap(({ labels }: { labels: Label[] }) => labels.map(({ value }) => value))
  }

  const wrong: [string, object, string][] = [
    ['nothing but blanks', label(' '), `'value'`],
    ['no type', label('Sale', null), `'label_type'`],
  ]

  test.each(wrong)('with %s are refused, alone and among good ones', async (_, bad, reason) => {
    const error = { data: bad, error_messages: [expect.stringContaining(reason)] }
    expect(await create(bad)).toEqual({ labels: [], errors: [error] })
    const among = await create(label('before'), bad, label('after', 'BRAND'))
    expect(among.errors).toEqual([error])
    expect(among.labels).toEqual([
      { id: expect.stringMatching(/^\d+$/), value: 'before', label_type: 'CUSTOM', status: 'ACTIVE' },
      { id: expect.stringMatching(/^\d+$/), value: 'after', label_type: 'BRAND', status: 'ACTIVE' },
    ])
  })

  test('are changed and archived, each for itself', async () => {
    const { labels } = await create(label('One'), label('Two'))
    const [one, two] = labels.map(({ id }) => id)
    const answer = await patch(
      { id: one, value: 'First' },
      { id: '123', value: 'Nobody’s' },
      { id: two, value: '\t' },
      { id: two, status: 'ARCHIVED' },
    )
    expect(answer.labels.map(({ value, status }: Label) => [value, status])).toEqual([
      ['First', 'ACTIVE'],
      ['Two', 'ARCHIVED'],
    ])
    expect(answer.errors).toEqual([
      { data: { id: '123', value: 'Nobody’s' }, error_messages: [expect.stringContaining('no label 123')] },
      { data: { id: two, value: '\t' }, error_messages: [expect.stringContaining(`'value'`)] },
    ])
    expect(await values(`label_ids=${one},${two}`)).toEqual(['First'])
    expect(await values(`label_ids=${one},${two}&entity_statuses=ARCHIVED`)).toEqual(['Two'])
    expect(await values(`label_ids=${one},${two}&label_types=BRAND`)).toEqual([])
  })

  test('are put on campaigns and taken off, each for itself', async () => {
    const [first, second] = [await campaign(), await campaign()]
    const id = await idOf('Sale')
    const applied = await put('apply', id, first, '123', `C${second}`, first)
    const on = (entity_id: string, status = 'ACTIVE') => ({ entity_id, entity_type: 'CAMPAIGN', label_id: id, status })
    expect(applied).toEqual({
      entities_labels: [on(first), on(second), on(first)],
      errors: [{ data: on('123', 'NULL'), error_messages: [expect.stringContaining('no campaign 123')] }],
    })
    expect(await values(`campaign_ids=${first}`)).toEqual(['Sale'])
    const removed = await put('remove', id, first, '123')
    expect(removed.entities_labels).toEqual([on(first, 'ARCHIVED')])
    expect(removed.errors).toHaveLength(1)
    expect(await put('remove', id, first)).toMatchObject({ errors: [] })
    expect([await values(`campaign_ids=${first}`), await values(`campaign_ids=${first},${second}`)]).toEqual([
      [],
      ['Sale'],
    ])
  })

  test('are one brand and thirty others on a campaign, and only those in use', async () => {
    const [full, free] = [await campaign(), await campaign()]
    const { labels } = await create(...Array.from({ length: 31 }, (_, i) => label(`Custom ${i}`)))
    const brands = [await idOf('Ours', 'BRAND'), await idOf('Theirs', 'BRAND')]
    for (const { id } of labels.slice(0, 30)) expect((await put('apply', id, full)).errors).toEqual([])
    const [brand = '', other = ''] = brands
    expect((await put('apply', brand, full)).errors).toEqual([])
    for (const [id, most] of [
      [labels[30]?.id ?? '', '30 labels'],
      [other, '1 labels'],
    ] as const) {
      const { entities_labels, errors } = await put('apply', id, full, free)
      expect(entities_labels.map(({ entity_id }: { entity_id: string }) => entity_id)).toEqual([free])
      expect(errors[0].error_messages[0]).toContain(most)
    }
    const archived = await idOf('Old')
    await patch({ id: archived, status: 'ARCHIVED' })
    expect((await put('apply', archived, free)).errors[0].error_messages[0]).toContain('ARCHIVED')
  })

  test('are listed in pages, by one kind of ids', async () => {
    const { labels } = await create(label('A'), label('B'), label('C'))
    const ids = labels.map(({ id }) => id).join()
    const { items, bookmark } = (await server.get(`${path}?label_ids=${ids}&page_size=2`)).body
    expect(items).toHaveLength(2)
    expect(await values(`label_ids=${ids}&page_size=2&bookmark=${bookmark}`)).toEqual(['C'])
    const { status, body } = await server.get(`${path}?label_ids=1&campaign_ids=1`)
    expect([status, body.code]).toEqual([400, 400])
  })

  test('are made and put on once for one Idempotency-Key', async () => {
    const headers = (key: string) => ({ headers: { 'idempotency-key': key } })
    const send = () => server.request('POST', path, { json: { labels: [label('Once')] }, ...headers('label') })
    expect((await send()).body).toEqual((await send()).body)
    const [id, on] = [await idOf('Put on once'), await campaign()]
    const apply = () =>
      server.request('POST', `${path}/${id}/apply`, { json: { entity_ids: [on] }, ...headers('label on') })
    expect((await apply()).body).toEqual((await apply()).body)
  })

  test('of others are as if they were not there', async () => {
    const id = await idOf('Mine')
    const on = await campaign()
    expect((await server.post(`${path}/123/apply`, { entity_ids: [on] })).status).toBe(404)
    for (const how of ['apply', 'remove'])
      expect((await server.post(`${path}/${id}/${how}`, { entity_ids: [on] }, bob)).status).toBe(403)
    expect((await server.get(path, bob)).status).toBe(403)
  })
})
