/** What ads tools ask most: lists, batches and numbers. */
import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { adCounters } from '../../packages/server/src/db/ad-counters.ts'
import { dayAt } from '../../packages/server/src/domains/analytics/days.ts'
import { compare, type Effort, type Side } from '../compare.ts'
import { load, request } from '../load.ts'
import { type Measured, startPinfold } from '../processes.ts'
import type { Row } from '../report.ts'
import { anyPin, read } from './reads.ts'
import { call, type Workbench, withFloor, withPinfold } from './workbench.ts'

const perBatch = 30

/** Measures a page of campaigns, beside a bare server with the same answer. */
export async function listCampaigns(bench: Workbench): Promise<Row> {
  const many = 100
  const effort: Effort = bench.quick
    ? { warmUp: 100, blocks: 1, rounds: 1, perRound: 100 }
    : { warmUp: 2_000, blocks: 3, rounds: 5, perRound: 1_000 }
  const measured = await read(bench, 'campaigns', effort, async (pinfold) => {
    const path = `/ad_accounts/${await adAccount(pinfold, bench)}/campaigns`
    const campaign = { name: 'Spring', objective_type: 'CONSIDERATION', daily_spend_cap: 50_000_000 }
    for (let made = 0; made < many; made += 25) await call(pinfold, bench, 'POST', path, Array(25).fill(campaign))
    return `/v5${path}?page_size=${many}`
  })
  return { name: `GET ${many} campaigns`, floorIs: 'bare node:http, same answer', unit: 'µs CPU', ...measured }
}

/** Measures making ads, 30 in a request, beside a bare server that inserts as many rows just as durably. */
export async function createAds(bench: Workbench): Promise<Row> {
  const effort: Effort = bench.quick
    ? { warmUp: 5, blocks: 1, rounds: 1, perRound: 10 }
    : { warmUp: 100, blocks: 3, rounds: 3, perRound: 40 }
  const measured = await withPinfold(bench, async (pinfold) => {
    const account = `/ad_accounts/${await adAccount(pinfold, bench)}`
    const pin_id = await anyPin(pinfold, bench)
    const [campaign_id = ''] = await make(pinfold, bench, `${account}/campaigns`, [
      { name: 'Spring', objective_type: 'CONSIDERATION', daily_spend_cap: 50_000_000 },
    ])
    // Each has a thousand ads at most.
    const group = { campaign_id, billable_event: 'CLICKTHROUGH', bid_in_micro_currency: 1_500_000 }
    const names = Array.from({ length: perBatch }, (_, i) => `Group ${i}`)
    const groups = await make(
      pinfold,
      bench,
      `${account}/ad_groups`,
      names.map((name) => ({ name, ...group, targeting_spec: { LOCATION: ['US'] } })),
    )
    let sent = 0
    const next = (): string => {
      const ad_group_id = groups[sent++ % groups.length]
      const ads = Array.from({ length: perBatch }, (_, i) => ({
        ...{ ad_group_id, pin_id, name: `Ad ${sent}.${i}`, creative_type: 'REGULAR', status: 'PAUSED' },
      }))
      return JSON.stringify(ads)
    }
    const side = (process: Measured): Side => ({
      process,
      work: (count) => {
        const texts = Array.from({ length: count }, () => request('POST', `/v5${account}/ads`, bench.token, next()))
        return load(process.url, { count, connections: 4, request: (i) => texts[i] ?? '', status: 200 })
      },
    })
    return withFloor(bench, ['insert-batch-floor', join(bench.folder, 'batches.db')], (floor) =>
      compare(side(floor), side(pinfold), effort),
    )
  })
  return {
    name: `POST ${perBatch} ads`,
    floorIs: 'bare node:http, JSON.parse, as many durable INSERTs in a transaction',
    unit: 'µs CPU',
    ...measured,
  }
}

/** Measures the numbers of an ad account with many ads over 90 days, beside those of one with a hundredth of them. */
export async function adAccountAnalytics(bench: Workbench): Promise<Row[]> {
  const [many, few] = bench.quick ? [200, 2] : [10_000, 100]
  const effort: Effort = bench.quick
    ? { warmUp: 5, blocks: 1, rounds: 1, perRound: 10 }
    : { warmUp: 300, blocks: 3, rounds: 3, perRound: 200 }
  const folderWith = async (ads: number): Promise<[folder: string, account: string]> => {
    const folder = join(bench.folder, `${ads} ads`)
    await cp(join(bench.folder, 'data'), join(folder, 'data'), { recursive: true })
    return [folder, fill(join(folder, 'data/pinfold.db'), ads)]
  }
  const [[smallFolder], [largeFolder, account]] = [await folderWith(few), await folderWith(many)]
  const small = await startPinfold(smallFolder)
  const large = await startPinfold(largeFolder)
  try {
    const dateOf = (ms: number) => new Date(ms).toISOString().slice(0, 10)
    const columns = 'SPEND_IN_DOLLAR,IMPRESSION_1,CLICKTHROUGH_1,TOTAL_ENGAGEMENT,CTR,CPM_IN_DOLLAR'
    const dates = `start_date=${dateOf(Date.now() - 89 * dayMs)}&end_date=${dateOf(Date.now())}`
    const path = `/v5/ad_accounts/${account}/analytics?${dates}&granularity=DAY&columns=${columns}`
    const text = request('GET', path, bench.token)
    const side = (process: Measured): Side => ({
      process,
      work: (count) => load(process.url, { count, connections: 1, request: () => text, status: 200 }),
    })
    const { floor, ours } = await compare(side(small), side(large), effort)
    const row = { unit: 'ms CPU' as const, floor: floor / 1000, ours: ours / 1000 }
    const floorIs = `the same with ${few} ads`
    return [
      { name: `Ad account analytics over 90 days, ${many} ads`, floorIs, ...row, target: { ratio: 1.5 } },
      { name: 'Ad account analytics over 90 days, at most', floorIs, ...row, target: { ours: 10 } },
    ]
  } finally {
    await small.stop()
    await large.stop()
  }
}

const dayMs = 86_400_000

/** Returns the ad account of the demo. */
async function adAccount(pinfold: Measured, bench: Workbench): Promise<string> {
  const { items } = await call<{ items: { id: string }[] }>(pinfold, bench, 'GET', '/ad_accounts')
  const [first] = items
  if (!first) throw new Error('The demo seed has no ad account.')
  return first.id
}

/** Makes things in an ad account, and returns their ids. Throws unless all are made. */
async function make(pinfold: Measured, bench: Workbench, path: string, things: object[]): Promise<string[]> {
  const { items } = await call<{ items: { data?: { id: string }; exceptions?: unknown }[] }>(
    ...([pinfold, bench, 'POST', path, things] as const),
  )
  return items.map(({ data, exceptions }) => {
    if (!data) throw new Error(`${path}: ${JSON.stringify(exceptions)}`)
    return data.id
  })
}

/**
 * Makes ads with numbers of 90 days in the demo's ad account, ten in an ad group and ten ad groups in a campaign. Returns the
 * id of the ad account.
 */
function fill(path: string, count: number): string {
  const db = new DatabaseSync(path)
  db.exec('PRAGMA synchronous = OFF; PRAGMA cache_size = -200000')
  const row = db
    .prepare(
      "SELECT a.id FROM ad_accounts a JOIN accounts o ON o.id = a.owner_id WHERE o.username = 'demo' ORDER BY a.id LIMIT 1",
    )
    .get() as { id: number }
  const today = dayAt(Date.now())
  const numbers: Record<string, string> = {
    impressions: 'abs(n * 7919 + day * 31) % 1000 + 1',
    clickthroughs: 'abs(n * 31 + day) % 40',
    engagements: 'abs(n * 17 + day) % 60',
    spend: '(abs(n * 7919 + day * 31) % 1000 + 1) * 4321',
  }
  const values = adCounters.map((counter) => numbers[counter] ?? '0').join()
  const sums = adCounters.map((counter) => `sum(${counter})`).join()
  // Ids above all others.
  const [ads, groups, campaigns] = [1e12, 2e12, 3e12]
  db.exec(`
    BEGIN;
    -- The numbers of the demo's own ads, which would be summed up with these.
    DELETE FROM ad_days;
    CREATE TEMP TABLE made AS WITH RECURSIVE numbers(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers LIMIT ${count})
      SELECT n, ${ads} + n AS ad, ${groups} + n / 10 AS ad_group, ${campaigns} + n / 100 AS campaign FROM numbers;
    INSERT INTO campaigns (id, ad_account_id, parent_id, status, created_at, updated_at, data)
      SELECT DISTINCT campaign, ${row.id}, ${row.id}, 'ACTIVE', 0, 0, '{}' FROM made;
    INSERT INTO ad_groups (id, ad_account_id, parent_id, status, created_at, updated_at, data)
      SELECT DISTINCT ad_group, ${row.id}, campaign, 'ACTIVE', 0, 0, '{}' FROM made;
    INSERT INTO ads (id, ad_account_id, parent_id, campaign_id, status, created_at, updated_at, data)
      SELECT ad, ${row.id}, ad_group, campaign, 'ACTIVE', 0, 0, '{}' FROM made;
    CREATE TEMP TABLE days AS WITH RECURSIVE days(day) AS (SELECT ${today - 89} UNION ALL SELECT day + 1 FROM days LIMIT 90)
      SELECT day FROM days;
    INSERT INTO ad_days (entity_id, day, side, ${adCounters.join()}) SELECT ad, day, 0, ${values} FROM made, days;
    ${['ad_group', 'campaign', String(row.id)]
      .map(
        (of) => `INSERT INTO ad_days (entity_id, day, side, ${adCounters.join()})
          SELECT ${of} AS id, day, side, ${sums} FROM ad_days JOIN made ON ad = entity_id GROUP BY id, day, side;`,
      )
      .join('\n')}
    COMMIT;
    ANALYZE;`)
  db.close()
  return String(row.id)
}
