import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { demoCredentials } from '@pinfold/server'
import { startTestServer } from '@pinfold/test-support/server'
import { expectSound } from '@pinfold/test-support/soundness'
import { expect, onTestFinished, test } from 'vitest'

test('the demo has two campaigns that run, whose numbers agree at every level', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'pinfold-demo-ads-'))
  const server = await startTestServer({ seed: 'demo', ephemeral: false, dataDir })
  onTestFinished(async () => {
    await server.close()
    await rm(dataDir, { recursive: true, force: true })
  })
  const get = async (path: string) => {
    const { status, body } = await server.get(path, { token: demoCredentials.accessToken })
    expect([status, body.message]).toEqual([200, undefined])
    return body
  }
  const account = `/ad_accounts/${(await get('/ad_accounts')).items[0].id}`
  const campaigns = (await get(`${account}/campaigns`)).items
  expect(campaigns).toMatchObject([
    { name: 'Cups for spring', summary_status: 'RUNNING' },
    { name: 'The studio', summary_status: 'RUNNING' },
  ])
  expect((await get(`${account}/ad_groups`)).items).toHaveLength(2)
  expect((await get(`${account}/ads`)).items).toHaveLength(3)

  const day = (ago: number) => new Date(server.clock.now() - ago * 86_400_000).toISOString().slice(0, 10)
  const window = `start_date=${day(60)}&end_date=${day(0)}&columns=IMPRESSION_1,CLICKTHROUGH_1,SPEND_IN_MICRO_DOLLAR`
  const ids = campaigns.map(({ id }: { id: string }) => id).join()
  const [ofAccount] = await get(`${account}/analytics?${window}&granularity=TOTAL`)
  const ofCampaigns = await get(`${account}/campaigns/analytics?${window}&granularity=TOTAL&campaign_ids=${ids}`)
  const byDay = await get(`${account}/analytics?${window}&granularity=DAY`)
  expect(ofCampaigns).toHaveLength(2)
  expect(byDay).toHaveLength(45)
  for (const column of ['IMPRESSION_1', 'CLICKTHROUGH_1', 'SPEND_IN_MICRO_DOLLAR']) {
    const sum = (rows: Record<string, number>[]) => rows.reduce((total, row) => total + (row[column] ?? 0), 0)
    expect(ofAccount[column]).toBeGreaterThan(100)
    expect([sum(ofCampaigns), sum(byDay)]).toEqual([ofAccount[column], ofAccount[column]])
  }
  await expectSound(dataDir)
})
