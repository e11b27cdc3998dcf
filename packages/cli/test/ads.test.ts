import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pinfold } from '@pinfold/test-support/command'
import { base64Source } from '@pinfold/test-support/pictures'
import { people, startTestServer, type TestServer } from '@pinfold/test-support/server'
import { beforeAll, describe, expect, test } from 'vitest'

let server: TestServer
let folder: string
let account: string
let pin: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pinfold-ads-'))
  server = await startTestServer()
  account = (await server.get('/ad_accounts')).body.items[0].id
  const board_id = (await server.post('/boards', { name: 'Cups' })).body.id
  pin = (await server.post('/pins', { board_id, media_source: await base64Source(3) })).body.id
  return () => rm(folder, { recursive: true, force: true })
})

async function run(...args: string[]) {
  const env = { PINTEREST_API_URI: server.url, PINTEREST_ACCESS_TOKEN: people.alice.token }
  const command = pinfold(['ads', ...args], { env, cwd: folder })
  const code = await command.ended
  return { code, out: command.stdout(), err: command.stderr() }
}

/** Returns the output of a command that must succeed. */
async function ok(...args: string[]): Promise<string> {
  const { code, out, err } = await run(...args)
  expect([code, err]).toEqual([0, ''])
  return out
}

const campaign = (name: string, more: object = {}) => ({
  ...{ kind: 'campaign', name, objective_type: 'AWARENESS', daily_spend_cap: 5_000_000 },
  ...more,
})
const adGroup = (name: string, campaign_id: string, more: object = {}) => ({
  ...{ kind: 'ad_group', name, campaign_id, billable_event: 'IMPRESSION', bid_in_micro_currency: 1_000_000 },
  targeting_spec: { LOCATION: ['US'] },
  ...more,
})

async function file(name: string, lines: readonly (object | string)[]): Promise<string> {
  const texts = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)))
  await writeFile(join(folder, name), texts.join('\n'))
  return name
}
const campaigns = async () => (await server.get(`/ad_accounts/${account}/campaigns?page_size=250`)).body.items
const statusOf = async (id: string) => (await server.get(`/ad_accounts/${account}/campaigns/${id}`)).body.status

describe('pinfold ads create', () => {
  test('tells of a dry run what would be made, and makes nothing', async () => {
    const path = await file('dry.jsonl', [
      campaign('Spring', { ref: 'spring' }),
      '',
      adGroup('Cups', '@spring'),
      adGroup('Bowls', '@summer'),
      campaign('Odd', { objective_type: 'FAME' }),
      '{"kind": "campaign"',
      { kind: 'billboard' },
      campaign('Twice', { ref: 'spring' }),
    ])
    const { code, out } = await run('create', path, '--dry-run', '--json')
    const { dry_run, made, refused } = JSON.parse(out)
    expect([code, dry_run]).toEqual([5, true])
    expect(made).toEqual([
      { line: 1, kind: 'campaign', id: null },
      { line: 3, kind: 'ad_group', id: null },
    ])
    expect(refused.map(({ line }: { line: number }) => line)).toEqual([4, 5, 6, 7, 8])
    const reasons = refused.map(({ reason }: { reason: string }) => reason)
    for (const [i, words] of [
      "'@summer'",
      'objective_type',
      'not JSON',
      'campaign, ad_group',
      "ref 'spring'",
    ].entries())
      expect(reasons[i]).toContain(words)
    expect(await campaigns()).toEqual([])
  })

  test('makes what the lines have, in batches, and says which it did not', async () => {
    const path = await file('ads.jsonl', [
      ...Array.from({ length: 32 }, (_, i) => campaign(`Many ${i}`, { status: 'PAUSED' })),
      campaign('Spring', { ref: 'spring' }),
      campaign('No cap', { ref: 'none', daily_spend_cap: null }),
      adGroup('Cups', '@spring', { ref: 'cups' }),
      adGroup('Bowls', '@none'),
      {
        kind: 'ad',
        name: 'A cup',
        creative_type: 'REGULAR',
        ad_group_id: '@cups',
        pin_id: pin,
        destination_url: 'https://alice.example/cup',
      },
      { kind: 'promotion', promotion_title: 'A tenth off', promotion_type: 'SITEWIDE' },
    ])
    const { code, out } = await run('create', path)
    expect(code).toBe(5)
    expect(out).toContain('Made: 33 campaign, 1 ad_group, 1 ad, 1 promotion. Refused: 2.')
    expect(out).toMatch(/line 34: .*daily_spend_cap.*\(code 2384\)\nline 36: '@none' was not made\./)
    expect(await campaigns()).toHaveLength(33)
    expect(await ok('list', 'ad-groups')).toContain('Cups')
    expect(await ok('list', 'ads')).toContain('A cup')
    expect(await ok('create', await file('one.jsonl', [campaign('Alone')]))).toBe('Made: 1 campaign.\n')
  })

  test('says that a file is not there', async () => {
    expect((await run('create', 'nowhere.jsonl')).code).toBe(2)
  })
})

describe('pinfold ads', () => {
  test('lists what there is, as a table and as JSON', async () => {
    const lines = (await ok('list', 'campaigns', '--json', '--status', 'ACTIVE')).trim().split('\n')
    expect(lines.map((line) => JSON.parse(line).name)).toEqual(['Spring', 'Alone'])
    expect(await ok('list', 'campaigns', '--limit', '1')).toMatch(/^\d+\tMany 0\tPAUSED\tADVERTISER_DISABLED\t/)
    expect((await run('list', 'billboards')).code).toBe(2)
  })

  test('pauses and resumes, whatever an id is of', async () => {
    const [{ id }] = (await campaigns()).slice(-1)
    const [group] = (await server.get(`/ad_accounts/${account}/ad_groups`)).body.items
    const [ad] = (await server.get(`/ad_accounts/${account}/ads`)).body.items
    expect(await ok('pause', `C${id}`, ad.id, group.id)).toBe(
      `campaign ${id}: paused\nad group ${group.id}: paused\nad ${ad.id}: paused\n`,
    )
    expect(await statusOf(id)).toBe('PAUSED')
    const partly = await run('resume', id, '123', '--json')
    const results = partly.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect([partly.code, results]).toEqual([
      5,
      [
        { id: '123', kind: null, status: null, reason: expect.stringContaining('no such thing') },
        { id, kind: 'campaign', status: 'ACTIVE' },
      ],
    ])
    expect(await statusOf(id)).toBe('ACTIVE')
    expect((await run('pause', '123')).code).toBe(4)
    expect((await run('pause', 'everything')).code).toBe(2)
  })

  test('reports nothing where there are no numbers, and says which column is wrong', async () => {
    // The servers' clocks begin on 14 March 2026.
    const days = ['--from', '2026-03-01', '--to', '2026-03-14']
    expect(await ok('report', ...days)).toBe('')
    expect(await ok('report', '--by-campaign', '--csv', ...days)).toBe(
      'DATE,CAMPAIGN_ID,NAME,SPEND_IN_DOLLAR,TOTAL_IMPRESSION,TOTAL_CLICKTHROUGH,TOTAL_ENGAGEMENT,ECTR\r\n',
    )
    const wrong = await run('report', '--columns', 'fame', ...days)
    expect([wrong.code, wrong.err]).toEqual([1, expect.stringContaining('FAME')])
  })

  test('asks which ad account is meant when there are several', async () => {
    await server.post('/ad_accounts', { name: 'Europe' })
    const { code, err } = await run('list', 'campaigns')
    expect([code, err]).toEqual([2, expect.stringContaining(account)])
    expect(await ok('list', 'campaigns', '--ad-account', account, '--limit', '1')).toContain('Many 0')
  })
})
