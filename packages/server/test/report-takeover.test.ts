import { join } from 'node:path'
import { adsWithNumbers } from '@pinfold/test-support/ads-with-numbers'
import { pinfold } from '@pinfold/test-support/command'
import { isPostgresThere, postgres } from '@pinfold/test-support/databases'
import { askNode, ownNodes } from '@pinfold/test-support/own-nodes'
import { until } from '@pinfold/test-support/pace'
import pg from 'pg'
import { describe, expect, onTestFinished, test } from 'vitest'

describe.skipIf(!isPostgresThere)('reports of two servers on PostgreSQL', () => {
  test('are made by the other when one is killed at work, and read from either', async () => {
    const { folder, shared, start } = await ownNodes(postgres)
    const { databaseUrl = '', storage = '', seed = '' } = shared
    const args = ['--database-url', databaseUrl, '--storage', storage, '--seed', seed, '--rate-limits', 'off']
    const command = pinfold(['serve', '--port', '0', '--data', join(folder, 'killed'), ...args])
    onTestFinished(() => command.kill())
    const url = await command.ready()
    const account = (await askNode(url, 'GET', '/ad_accounts')).body.items[0].id
    const client = new pg.Client({ connectionString: databaseUrl })
    await client.connect()
    onTestFinished(() => client.end())
    const rows = async (statement: string) => (await client.query(statement)).rows
    const [ads, days] = [1000, 180]
    await client.query(adsWithNumbers({ account, ads, days }))

    const date = (daysAgo: number) => new Date(Date.now() - daysAgo * 86_400_000).toISOString().slice(0, 10)
    const range = { start_date: date(days), end_date: date(0), granularity: 'DAY', level: 'PIN_PROMOTION' }
    const path = `/ad_accounts/${account}/reports`
    const { token } = (await askNode(url, 'POST', path, { ...range, columns: ['IMPRESSION_1'] })).body
    await until(async () => (await rows('SELECT part FROM job_parts')).length > 2)
    await command.kill()
    expect(await rows('SELECT status FROM jobs')).toEqual([{ status: 'IN_PROGRESS' }])

    const other = await start()
    const another = await start()
    const found = async ({ ask }: typeof other) => (await ask('GET', `${path}?token=${encodeURIComponent(token)}`)).body
    expect((await found(other)).report_status).toBe('IN_PROGRESS')
    // As when it has been dead for twenty seconds.
    await rows('UPDATE leases SET leased_until = 0')
    await until(async () => (await found(other)).report_status === 'FINISHED')
    for (const node of [other, another]) {
      const { url: address } = await found(node)
      const file = (await (await fetch(address)).json()) as Record<string, { IMPRESSION_1: number }[]>
      const reported = Object.values(file).flat()
      expect(reported.reduce((sum, row) => sum + row.IMPRESSION_1, 0)).toBe(ads * days * 3)
    }
    expect(await rows('SELECT file_key FROM job_parts EXCEPT SELECT file_key FROM jobs')).toEqual([])
  })
})
