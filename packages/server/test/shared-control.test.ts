import { isPostgresThere, postgres } from '@pinfold/test-support/databases'
import { type OwnNode, ownNodes } from '@pinfold/test-support/own-nodes'
import { ownRedis } from '@pinfold/test-support/own-redis'
import { until } from '@pinfold/test-support/pace'
import { redisProgram } from '@pinfold/test-support/redis-server'
import { describe, expect, test } from 'vitest'

/** A PostgreSQL server has to be given: see `.ci/run`. */
const canRun = isPostgresThere && redisProgram !== undefined

const control = async (node: OwnNode, method: string, path: string, body?: unknown) =>
  node.ask(method, `/_pinfold${path}`, body, null)
const clockOf = async (node: OwnNode) => (await control(node, 'GET', '/clock')).body
const year = async (node: OwnNode) => new Date((await clockOf(node)).now).getUTCFullYear()
const boards = async (node: OwnNode) => (await node.ask('GET', '/boards')).status

describe.skipIf(!canRun)('what is set at one of several servers on PostgreSQL', () => {
  const database = postgres
  test('holds at all of them: the clock, faults with their counts, and transitions', async () => {
    const redis = await ownRedis()
    const nodes = await ownNodes(database, { redisUrl: `${redis.url}?timeout=20000` })
    const [one, two] = [await nodes.start(), await nodes.start()]

    expect((await control(one, 'PUT', '/clock', { now: '2040-03-01T12:00:00Z', runs: false })).status).toBe(200)
    expect(await clockOf(two)).toMatchObject({ now: '2040-03-01T12:00:00.000Z', runs: false })
    await control(two, 'POST', '/clock/advance', { by: '366d' })
    expect([await year(one), await year(two)]).toEqual([2041, 2041])
    await control(one, 'PUT', '/clock', {})
    await control(one, 'POST', '/clock/advance', { by: '2h' })
    const hours = async (node: OwnNode) => Math.round((await clockOf(node)).ahead_ms / 3_600_000)
    expect([await hours(one), await hours(two)]).toEqual([2, 2])

    // Twice in all, after the first request of all.
    const times = { operation: 'boards/list', effect: 'error', error: 'rateLimited', after: 1, times: 2 }
    const { id } = (await control(two, 'POST', '/faults', times)).body
    const statuses = []
    for (const node of [one, two, one, two, one]) statuses.push(await boards(node))
    expect(statuses).toEqual([200, 429, 429, 200, 200])
    for (const node of [one, two])
      expect((await control(node, 'GET', '/faults')).body.items).toEqual([
        { ...times, probability: 1, id, matched: 5, happened: 2 },
      ])
    await control(one, 'POST', '/faults', { operation: 'boards/list', effect: 'timeout' })
    const held = boards(two).catch(() => 0)
    await until(async () => (await control(one, 'GET', '/faults')).body.items[1].matched === 1)

    const reviews = { kind: 'ad.review', mode: 'immediate', waiting: 0 }
    const rule = { mode: 'time', after: '90000ms' }
    await control(one, 'PUT', '/transitions/media', { mode: 'time', after: '90s' })
    expect((await control(two, 'GET', '/transitions')).body.items).toEqual([
      { kind: 'media', ...rule, waiting: 0 },
      reviews,
    ])

    // One that begins knows it from the start.
    const third = await nodes.start()
    expect([await hours(third), (await control(third, 'GET', '/faults')).body.items.length]).toEqual([2, 2])
    expect((await control(third, 'POST', '/sandboxes', {})).body.message).toContain('2 more use its database')

    // A reset leads back to the start, everywhere; who was held goes on.
    expect((await control(two, 'POST', '/reset', { confirm: true })).status).toBe(204)
    await held
    for (const node of [one, two, third]) {
      expect((await clockOf(node)).ahead_ms).toBe(0)
      expect((await control(node, 'GET', '/faults')).body.items).toEqual([])
      expect((await control(node, 'GET', '/transitions')).body.items).toEqual([
        { kind: 'media', mode: 'immediate', waiting: 0 },
        reviews,
      ])
    }

    // Nothing is set at one alone.
    await redis.stop()
    await until(async () => (await control(one, 'PUT', '/clock', { now: '2050-01-01T00:00:00Z' })).status === 503)
    await redis.start()
    await until(async () => (await control(one, 'PUT', '/clock', { now: '2050-01-01T00:00:00Z' })).status === 200)
    // What it was set to while Redis was just going is heard of later.
    await until(async () => (await year(two)) === 2050 && (await year(third)) === 2050)
  })

  test('leaves each with its own connections to the database, which its metrics tell of', async () => {
    const { start } = await ownNodes(database, { databasePool: 6 })
    const node = await start()
    await Promise.all(Array.from({ length: 20 }, (_, at) => node.ask('POST', '/boards', { name: `Board ${at}` })))
    const { body } = await control(node, 'GET', '/metrics')
    const value = (name: string, purpose: string) =>
      Number(new RegExp(`^pinfold_database_${name}\\{purpose="${purpose}"\\} (\\S+)$`, 'm').exec(body)?.[1])
    expect([value('connections_max', 'transactions'), value('connections_max', 'reads')]).toEqual([4, 2])
    expect(value('connections_open', 'transactions')).toBeGreaterThan(0)
    expect(value('connections_in_use', 'reads') + value('waiting', 'reads')).toBeGreaterThanOrEqual(0)
    expect(value('wait_seconds_count', 'transactions')).toBeGreaterThanOrEqual(20)
    expect(value('wait_seconds_sum', 'transactions')).toBeGreaterThan(0)
    expect(value('wait_seconds_count', 'reads')).toBeGreaterThan(0)
  })

  test('is refused without Redis while there are others', async () => {
    const nodes = await ownNodes(database)
    const one = await nodes.start()
    expect((await control(one, 'POST', '/clock/advance', { by: '1d' })).status).toBe(200)
    const two = await nodes.start()
    const refused = await control(one, 'POST', '/clock/advance', { by: '1d' })
    expect([refused.status, refused.body.message]).toEqual([400, expect.stringContaining('1 more uses its database')])
    expect((await control(one, 'POST', '/faults', { effect: 'reset' })).status).toBe(400)
    expect((await control(one, 'PUT', '/transitions/media', { mode: 'manual' })).status).toBe(400)
    expect((await control(one, 'POST', '/sandboxes', {})).status).toBe(400)
    await two.close()
    expect((await control(one, 'POST', '/clock/advance', { by: '1d' })).status).toBe(200)
  })
})
