import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeAdBelongings } from '@pinfold/test-support/ads'
import { databases } from '@pinfold/test-support/databases'
import { people, seedFile, startTestServer, type TestServer, testApp } from '@pinfold/test-support/server'
import { serverState } from '@pinfold/test-support/server-state'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'

const tokenOf = (name: string) => `pina_${name.padEnd(24, '0')}`
const helpers = ['admin', 'campaign_manager', 'analyst']

/** Alice with a second ad account, in which helpers have roles. */
function seed() {
  const { accounts, apps, tokens } = seedFile([])
  const [alice, ...others] = accounts
  const roles = helpers.map((account) => ({ account, role: account.toUpperCase() }))
  return {
    ...{
      apps,
      accounts: [{ ...alice, ad_accounts: [{ name: 'Europe', roles, order_lines: [{ name: 'Order' }] }] }, ...others],
    },
    tokens: [...tokens, ...helpers.map((account) => ({ app: testApp.id, account, access_token: tokenOf(account) }))],
  }
}

async function seedIn(folder: string): Promise<string> {
  const path = join(folder, 'seed.json')
  const { accounts, ...rest } = seed()
  await writeFile(
    path,
    JSON.stringify({ ...rest, accounts: [...accounts, ...helpers.map((username) => ({ username }))] }),
  )
  return path
}

/** Makes more campaigns than go in one step. */
async function manyCampaigns(server: TestServer, account: string, more: object = {}): Promise<string[]> {
  const ids: string[] = []
  for (let batch = 0; batch < 5; batch++) {
    const campaigns = Array.from({ length: 30 }, (_, i) => ({
      ...{ name: `${batch} ${i}`, objective_type: 'AWARENESS', daily_spend_cap: 1, ...more },
      status: i % 2 ? 'ARCHIVED' : 'ACTIVE',
    }))
    const { body } = await server.post(`/ad_accounts/${account}/campaigns`, campaigns)
    ids.push(...body.items.map(({ data }: { data: { id: string } }) => data.id))
  }
  return ids
}

const lists = ['ads', 'ad_groups', 'campaigns', 'promotions']
const statuses = 'entity_statuses=ACTIVE,PAUSED,ARCHIVED,DRAFT'

describe.each(databases)('emptying an ad account on $name', ({ open }) => {
  let server: TestServer
  let account: string
  let other: string

  beforeAll(async () => {
    const { discard, ...database } = await open()
    const folder = await mkdtemp(join(tmpdir(), 'pinfold-emptying-'))
    server = await startTestServer({ ...database, seed: await seedIn(folder) })
    const { items } = (await server.get('/ad_accounts')).body
    ;[account, other] = items.map(({ id }: { id: string }) => id)
    return async () => {
      await server.close()
      await discard()
      await rm(folder, { recursive: true, force: true })
    }
  })

  const empty = (token?: string) => server.request('DELETE', `/ad_accounts/${account}/sandbox`, token ? { token } : {})
  const idsIn = async (id: string, list: string) => {
    const { body } = await server.get(
      `/ad_accounts/${id}/${list}?page_size=250&${/^(campaigns|ad_groups|ads)$/.test(list) ? statuses : ''}`,
    )
    return body.items.map((item: { id: string }) => item.id)
  }

  test('deletes all that was made in it, and nothing else', async () => {
    const [line] = await idsIn(account, 'order_lines')
    await makeAdBelongings(server)
    const theirs = await manyCampaigns(server, account, { order_line_id: line })
    const kept = await manyCampaigns(server, other)
    const promotion = { promotion_title: 'A tenth off', promotion_type: 'SITEWIDE' }
    await server.post(`/ad_accounts/${account}/promotions`, [promotion, promotion])
    const { status, body } = await empty()
    expect([status, body]).toEqual([200, 'Delete Success'])
    for (const list of lists) expect(await idsIn(account, list)).toEqual([])
    for (const id of theirs.slice(-2))
      expect((await server.get(`/ad_accounts/${account}/campaigns/${id}`)).status).toBe(404)
    expect((await server.get(`/ad_accounts/${account}/order_lines/${line}`)).body.campaign_ids).toEqual([])
    expect(await idsIn(other, 'campaigns')).toEqual(kept)
    expect((await server.get(`/ad_accounts/${account}`)).status).toBe(200)
    expect((await empty()).status).toBe(200)
    expect(await manyCampaigns(server, account)).toHaveLength(150)
  })

  test('goes on beside others who make and change what is in it', async () => {
    await manyCampaigns(server, account)
    // What one thing is made in may be gone before it is made.
    const others = makeAdBelongings(server).catch(() => {})
    const answers = await Promise.all([empty(), manyCampaigns(server, account), empty(), others])
    expect([answers[0].status, answers[2].status]).toEqual([200, 200])
    expect((await empty()).status).toBe(200)
    expect(await idsIn(account, 'campaigns')).toEqual([])
  })

  test('is for its owner and those who administer it', async () => {
    for (const name of ['campaign_manager', 'analyst']) expect((await empty(tokenOf(name))).status).toBe(403)
    expect((await empty(people.bob.token)).status).toBe(403)
    expect((await empty(tokenOf('admin'))).status).toBe(200)
  })
})

test('an ad account that was emptied is counted as empty, also when its server ended meanwhile', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'pinfold-emptying-'))
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }))
  const server = await startTestServer({ ephemeral: false, dataDir, seed: await seedIn(dataDir) })
  const { ad_account_id: account } = await makeAdBelongings(server)
  await manyCampaigns(server, account)
  const path = `/ad_accounts/${account}/sandbox`
  await Promise.all([server.request('DELETE', path).catch(() => {}), server.close()])
  const again = await startTestServer({ ephemeral: false, dataDir })
  const counts = () => {
    const state = serverState(dataDir)
    const { rows } = state.snapshot()
    state.close()
    const of = (table: string) => JSON.parse(JSON.stringify(rows[table] ?? []))
    const sum = of('ad_counts').flatMap((row: { kind: string; count: number }) =>
      row.kind === 'campaigns' ? [row.count] : [],
    )
    return [of('campaigns').length, sum.reduce((a: number, b: number) => a + b, 0)]
  }
  const [campaigns, counted] = counts()
  expect(counted).toBe(campaigns)
  expect((await again.request('DELETE', path)).status).toBe(200)
  expect(counts()).toEqual([0, 0])
  await again.close()
})
