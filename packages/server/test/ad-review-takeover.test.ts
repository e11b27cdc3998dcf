import { join } from 'node:path'
import { pinfold } from '@pinfold/test-support/command'
import { isPostgresThere, postgres } from '@pinfold/test-support/databases'
import { askNode, ownNodes } from '@pinfold/test-support/own-nodes'
import { until } from '@pinfold/test-support/pace'
import { base64Source } from '@pinfold/test-support/pictures'
import pg from 'pg'
import { describe, expect, onTestFinished, test } from 'vitest'

describe.skipIf(!isPostgresThere)('the review of ads by two servers on PostgreSQL', () => {
  test('is finished by the other when the one that is at it is killed', async () => {
    const { folder, shared } = await ownNodes(postgres)
    const { databaseUrl = '', storage = '', seed = '' } = shared
    const begin = async (name: string) => {
      const args = ['--database-url', databaseUrl, '--storage', storage, '--seed', seed, '--rate-limits', 'off']
      const command = pinfold(['serve', '--port', '0', '--data', join(folder, name), ...args])
      const url = await command.ready()
      return { command, ask: (method: string, path: string, body?: object) => askNode(url, method, path, body) }
    }
    const connect = async () => {
      const client = new pg.Client({ connectionString: databaseUrl })
      client.on('error', () => {}) // Ends with the database.
      await client.connect()
      onTestFinished(() => client.end())
      return client
    }
    // The first that joins is number 1.
    const servers = [await begin('one'), await begin('two')] as const
    const [{ ask }] = servers

    const account = `/ad_accounts/${(await ask('GET', '/ad_accounts')).body.items[0].id}`
    const made = async (what: string, ...all: object[]): Promise<string[]> =>
      (await ask('POST', `${account}/${what}`, all)).body.items.map((item: { data: { id: string } }) => item.data.id)
    const board_id = (await ask('POST', '/boards', { name: 'Shop' })).body.id
    const pinOf = async (link?: string): Promise<string> =>
      (await ask('POST', '/pins', { board_id, media_source: await base64Source(), ...(link && { link }) })).body.id
    const campaign = { name: 'Spring', objective_type: 'CONSIDERATION', daily_spend_cap: 50_000_000 }
    const [campaign_id] = await made('campaigns', campaign)
    const adGroup = { name: 'All', campaign_id, billable_event: 'CLICKTHROUGH', bid_in_micro_currency: 1_000_000 }
    const [ad_group_id] = await made('ad_groups', adGroup)
    const pins = [await pinOf('https://shop.example/cup'), await pinOf()]
    await made('ads', ...pins.map((pin_id) => ({ ad_group_id, pin_id, creative_type: 'REGULAR' })))

    // The review reads the campaign of an ad before it decides: it stays at that.
    const [keeper, db] = [await connect(), await connect()]
    await keeper.query('BEGIN; LOCK TABLE campaigns IN ACCESS EXCLUSIVE MODE')
    await db.query('UPDATE ads SET review_at = 1')
    const holder = async (): Promise<number | undefined> => {
      const held = `SELECT number FROM leases JOIN nodes ON holder LIKE name || ' %' WHERE work = 'review ads' AND leased_until > 0`
      return (await db.query(held)).rows[0]?.number
    }
    const first = await until(holder)
    const stuck = `SELECT 1 FROM pg_locks WHERE relation = 'campaigns'::regclass AND NOT granted`
    await until(async () => (await db.query(stuck)).rows.length > 0)
    const [killed, other] = first === 1 ? servers : [servers[1], servers[0]]
    await killed.command.kill()
    await keeper.query('COMMIT')
    const reviews = async (): Promise<string[]> =>
      (await other.ask('GET', `${account}/ads`)).body.items.map((ad: { review_status: string }) => ad.review_status)
    expect(await reviews()).toEqual(['PENDING', 'PENDING'])

    // As when it has been dead for twenty seconds.
    await db.query(`UPDATE leases SET leased_until = 1 WHERE work = 'review ads'`)
    await until(async () => !(await reviews()).includes('PENDING'))
    // The second leads nowhere.
    expect((await reviews()).toSorted()).toEqual(['APPROVED', 'REJECTED'])
    await until(async () => (await holder()) === undefined)
    const left = (
      await db.query(`SELECT number FROM leases JOIN nodes ON holder LIKE name || ' %' WHERE work = 'review ads'`)
    ).rows
    expect(left).toEqual([{ number: first === 1 ? 2 : 1 }])
  })
})
