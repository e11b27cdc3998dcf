import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { makeAdBelongings } from '@pinfold/test-support/ads'
import { pinfold } from '@pinfold/test-support/command'
import { databases } from '@pinfold/test-support/databases'
import { askNode } from '@pinfold/test-support/own-nodes'
import { onThisMachine, until } from '@pinfold/test-support/pace'
import { people, seedFile, startTestServer, type TestServer, testApp } from '@pinfold/test-support/server'
import { serverState } from '@pinfold/test-support/server-state'
import { expectSound } from '@pinfold/test-support/soundness'
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
async function manyCampaigns(server: Pick<TestServer, 'post'>, account: string, more: object = {}): Promise<string[]> {
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

test.each(['ads', 'campaigns'])(
  'an ad account whose server is killed while it empties it of %s has each thing whole or not at all, and is emptied by the next request',
  async (table) => {
    const dataDir = await mkdtemp(join(tmpdir(), 'pinfold-emptying-'))
    onTestFinished(() => rm(dataDir, { recursive: true, force: true }))
    const seed = await seedIn(dataDir)
    const start = async () => {
      const command = pinfold(['serve', '--port', '0', '--data', dataDir, '--seed', seed, '--rate-limits', 'off'])
      const url = await command.ready()
      const ask = async (method: string, path: string, body?: unknown) => {
        const { status, headers, body: answer } = await askNode(url, method, path, body)
        return { status, headers, body: answer, text: JSON.stringify(answer) }
      }
      return {
        kill: () => command.kill(),
        get: (path: string) => ask('GET', path),
        post: (path: string, body?: unknown) => ask('POST', path, body),
        delete: (path: string) => ask('DELETE', path),
      }
    }
    const server = await start()
    const made = await makeAdBelongings(server)
    const path = `/ad_accounts/${made.ad_account_id}`
    await manyCampaigns(server, made.ad_account_id)
    const ad = { ad_group_id: made.ad_group_id, pin_id: made.advertised_pin_id, creative_type: 'REGULAR' }
    const ads = [made.ad_id]
    for (let batch = 0; batch < 5; batch++) {
      const { body } = await server.post(
        `${path}/ads`,
        Array.from({ length: 30 }, () => ad),
      )
      ads.push(...body.items.map((item: { data: { id: string } }) => item.data.id))
    }
    const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10)
    const row = { date: yesterday, metric: 'SPEND_IN_MICRO_DOLLAR', value: 7_000_000 }
    const rows = ads.map((ad_id) => ({ ...row, ad_id }))
    expect((await server.post('/_pinfold/analytics/history', { rows })).body.loaded).toBe(ads.length)
    const seen = { pin_id: made.advertised_pin_id, type: 'impression', at: new Date().toISOString() }
    const events = ads.map((ad_id) => ({ ...seen, ad_id, id: `seen ${ad_id}`, viewer: ad_id }))
    expect((await server.post('/_pinfold/events', { events })).body.counted_for_ads).toBe(ads.length)

    // What is deleted last is never done: a hundred are gone then, and the rest is half deleted.
    const disk = new DatabaseSync(join(dataDir, 'pinfold.db'), { timeout: 5000 })
    onTestFinished(() => disk.close())
    const left = () => disk.prepare(`SELECT count(*) AS count FROM ${table}`).get()?.count
    const before = Number(left())
    const last = disk.prepare(`SELECT id FROM ${table} ORDER BY status DESC, id DESC LIMIT 1`).get()?.id
    disk.exec(`CREATE VIEW endless AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n;
      CREATE TRIGGER held_up BEFORE DELETE ON ${table} WHEN old.id = ${last} BEGIN SELECT count(*) FROM endless; END`)
    const emptied = server.delete(`${path}/sandbox`).catch(() => 'no answer')
    await until(() => left() === before - 100)
    await server.kill()
    expect(await emptied).toBe('no answer')
    disk.exec('DROP TRIGGER held_up; DROP VIEW endless')

    const again = await start()
    expect(left()).toBe(before - 100)
    await expectSound(dataDir)
    expect((await again.delete(`${path}/sandbox`)).body).toBe('Delete Success')
    for (const list of lists) expect((await again.get(`${path}/${list}?page_size=250`)).body.items).toEqual([])
    for (const kind of ['ads', 'ad_groups', 'campaigns', 'promotions', 'ad_labels', 'targeting_templates', 'keywords'])
      expect(disk.prepare(`SELECT id FROM ${kind}`).all()).toEqual([])
    await expectSound(dataDir)
    await manyCampaigns(again, made.ad_account_id)
    await expectSound(dataDir)
  },
  onThisMachine(60_000),
)
