import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { databases } from '@pinfold/test-support/databases'
import { people, seedFile, startTestServer, type TestServer } from '@pinfold/test-support/server'
import { beforeAll, describe, expect, test } from 'vitest'

const start_time = 1_773_480_413

/** A seed file in which Alice has order lines in two ad accounts. */
function seed() {
  const { accounts, ...rest } = seedFile([])
  const [alice, ...others] = accounts
  const whole = { budget: 9, paid_budget: 8, paid_type: 'BONUS', purchase_order_id: 'PO-7', end_time: start_time + 60 }
  const ad_account_order_lines = [
    { name: 'First', start_time, ...whole },
    { name: 'Second', status: 'PAUSED' },
    { name: 'Gone', status: 'DELETED' },
  ]
  const ad_accounts = [{ name: 'Europe', order_lines: [{ name: 'Elsewhere' }] }]
  return { ...rest, accounts: [{ ...alice, ad_account_order_lines, ad_accounts }, ...others] }
}

describe.each(databases)('order lines on $name', ({ open }) => {
  let server: TestServer
  let account: string
  let europe: string

  beforeAll(async () => {
    const { discard, ...database } = await open()
    const folder = await mkdtemp(join(tmpdir(), 'pinfold-order-lines-'))
    const path = join(folder, 'seed.json')
    await writeFile(path, JSON.stringify(seed()))
    server = await startTestServer({ ...database, seed: path })
    const { items } = (await server.get('/ad_accounts')).body
    ;[europe, account] = items.map(({ id }: { id: string }) => id)
    return async () => {
      await server.close()
      await discard()
      await rm(folder, { recursive: true, force: true })
    }
  })

  const list = async (id: string, query = '') => (await server.get(`/ad_accounts/${id}/order_lines${query}`)).body
  const names = ({ items }: { items: { name: string }[] }) => items.map(({ name }) => name)

  test('come from the seed file, each into its ad account', async () => {
    const all = await list(account)
    expect(names(all)).toEqual(['First', 'Second'])
    expect(all.items[0]).toEqual({
      ...{ id: expect.stringMatching(/^\d+$/), ad_account_id: account, type: 'orderline', status: 'ACTIVE' },
      ...{ name: 'First', budget: 9, paid_budget: 8, paid_type: 'BONUS', purchase_order_id: 'PO-7' },
      ...{ start_time, end_time: start_time + 60, campaign_ids: [] },
    })
    expect(all.items[1]).toMatchObject({ budget: null, paid_type: null, end_time: null, status: 'PAUSED' })
    expect(names(await list(europe))).toEqual(['Elsewhere'])
    const first = await list(account, '?order=DESCENDING&page_size=1')
    expect(names(first)).toEqual(['Second'])
    const rest = await list(account, `?order=DESCENDING&page_size=1&bookmark=${first.bookmark}`)
    expect([names(rest), rest.bookmark]).toEqual([['First'], null])
  })

  test('know the campaigns that they pay for', async () => {
    const [first, second] = (await list(account)).items
    const [elsewhere] = (await list(europe)).items
    const path = `/ad_accounts/${account}/campaigns`
    const campaign = { name: 'Paid', objective_type: 'AWARENESS', daily_spend_cap: 1 }
    const made = await server.post(path, [
      { ...campaign, order_line_id: first.id },
      { ...campaign, order_line_id: elsewhere.id },
    ])
    const id = made.body.items[0].data.id
    expect(made.body.items[1].exceptions[0].message).toContain(`no order line ${elsewhere.id}`)
    const paidBy = async (line: { id: string }) =>
      (await server.get(`/ad_accounts/${account}/order_lines/${line.id}`)).body.campaign_ids
    expect([await paidBy(first), await paidBy(second)]).toEqual([[id], []])
    const set = (order_line_id: string | null) => server.request('PATCH', path, { json: [{ id, order_line_id }] })
    await set(second.id)
    expect([await paidBy(first), await paidBy(second)]).toEqual([[], [id]])
    expect((await set('123')).body.items[0].exceptions[0].message).toContain('no order line 123')
    expect(await paidBy(second)).toEqual([id])
    await set(null)
    expect(await paidBy(second)).toEqual([])
  })

  test('are found in their own ad account alone, by those who may see it', async () => {
    const [line] = (await list(account)).items
    const elsewhere = await server.get(`/ad_accounts/${europe}/order_lines/${line.id}`)
    expect([elsewhere.status, elsewhere.body.code]).toEqual([404, 404])
    for (const end of ['', `/${line.id}`]) {
      const { status } = await server.get(`/ad_accounts/${account}/order_lines${end}`, { token: people.bob.token })
      expect(status).toBe(403)
    }
  })
})

test.each([
  ['an end before its beginning', { name: 'Backwards', start_time: 20, end_time: 10 }, 'end_time'],
  ['no name', { budget: 1 }, 'name'],
  ['an unknown status', { name: 'Odd', status: 'LOST' }, 'status'],
])('a seed file with an order line of %s is refused', async (_, line, told) => {
  const folder = await mkdtemp(join(tmpdir(), 'pinfold-order-lines-'))
  const path = join(folder, 'seed.json')
  const { accounts, ...rest } = seedFile([])
  const [alice, ...others] = accounts
  const all = [{ ...alice, ad_account_order_lines: [line] }, ...others]
  await writeFile(path, JSON.stringify({ ...rest, accounts: all }))
  await expect(startTestServer({ seed: path })).rejects.toThrow(told)
  await rm(folder, { recursive: true, force: true })
})
