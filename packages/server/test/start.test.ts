import { randomUUID } from 'node:crypto'
import { statSync } from 'node:fs'
import { chmod, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { demoCredentials, startServer, TestClock } from '@pinfold/server'
import { ownServer } from '@pinfold/test-support/own-server'
import { until } from '@pinfold/test-support/pace'
import { base64Source } from '@pinfold/test-support/pictures'
import { startTestServer, type TestServer } from '@pinfold/test-support/server'
import { filesBelow } from '@pinfold/test-support/server-state'
import { clip, uploaded } from '@pinfold/test-support/uploads'
import { describe, expect, onTestFinished, test } from 'vitest'

test('a server starts with nothing but its defaults, and ends with the block it was made in (11.14)', async () => {
  let url: string
  {
    await using server = await startServer({ port: 0, ephemeral: true })
    url = server.url
    expect(server.seed).toBe('demo')
    const boards = await fetch(`${url}/v5/boards`, {
      headers: { authorization: `Bearer ${demoCredentials.accessToken}` },
    })
    expect([boards.status, boards.headers.has('x-ratelimit-limit')]).toEqual([200, true])
    expect((await fetch(`${url}/oauth/sign-up`)).status).toBe(200)
  }
  await expect(fetch(`${url}/_pinfold/health`)).rejects.toThrow()
})

test.skipIf(process.platform === 'win32')(
  'what it keeps is readable for its own user alone, in a folder that others can read too (12.10)',
  async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'pinfold-open-'))
    onTestFinished(() => rm(dataDir, { recursive: true, force: true }))
    await chmod(dataDir, 0o755)
    const server = await startTestServer({ ephemeral: false, dataDir })
    const { body: board } = await server.post('/boards', { name: 'Private' })
    expect((await server.post('/pins', { board_id: board.id, media_source: await base64Source() })).status).toBe(201)
    expect(await uploaded(server, clip)).toMatchObject({ status: 'succeeded' })
    await until(() => filesBelow(join(dataDir, 'uploads')).length === 0)
    const kept = await readdir(dataDir, { recursive: true, withFileTypes: true })
    expect(kept.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['lock', 'pinfold.db', 'pinfold.db-wal', 'pinfold.db-shm', '600x.jpg']),
    )
    const open = kept.filter(({ parentPath, name }) => statSync(join(parentPath, name)).mode & 0o077)
    expect(open.map(({ name }) => name)).toEqual([])
    expect((await stat(dataDir)).mode & 0o777).toBe(0o755)
  },
)

describe('behind a proxy (12.12)', () => {
  /** Starts a server that takes one anonymous event a minute from each address. */
  async function startBehind(trustProxy?: string): Promise<TestServer> {
    const folder = await mkdtemp(join(tmpdir(), 'pinfold-proxy-'))
    onTestFinished(() => rm(folder, { recursive: true, force: true }))
    const rateLimits = join(folder, 'limits.json')
    await writeFile(rateLimits, JSON.stringify({ events: { limit: 1, windowSeconds: 60 } }))
    return ownServer({ rateLimits, ...(trustProxy && { trustProxy }) })
  }

  /** Sends an event for each of the addresses that a proxy writes down, and returns whether each was accepted. */
  async function visits({ post, clock }: TestServer, ...forwarded: string[]): Promise<boolean[]> {
    const answers: number[] = []
    for (const from of forwarded) {
      const at = new Date(clock.now()).toISOString()
      const event = { id: randomUUID(), type: 'impression', pin_id: '1', at }
      const how = { token: null, headers: { 'x-forwarded-for': from } }
      answers.push((await post('/_pinfold/events', { events: [event] }, how)).status)
    }
    expect(answers.every((status) => status === 200 || status === 429)).toBe(true)
    return answers.map((status) => status === 200)
  }

  test.each(['loopback', '127.0.0.1', '::1, 127.0.0.0/8', '1'])(
    '--trust-proxy %s tells visitors apart',
    async (proxies) => {
      const server = await startBehind(proxies)
      // What the client itself wrote precedes what the proxy adds, and is not trusted.
      const own = ['203.0.113.7', '198.51.100.1, 203.0.113.7', '198.51.100.2, 203.0.113.7']
      expect(await visits(server, ...own, '203.0.113.8')).toEqual([true, false, false, true])
    },
  )

  test('of two proxies in a row both are believed', async () => {
    const server = await startBehind('127.0.0.1,10.0.0.0/8')
    expect(await visits(server, '203.0.113.7, 10.1.2.3', '203.0.113.8, 10.1.2.3')).toEqual([true, true])
    expect(await visits(server, '203.0.113.7, 10.9.9.9')).toEqual([false])
  })

  test.each([undefined, '10.0.0.0/8'])('with --trust-proxy %s this one is not believed', async (proxies) => {
    expect(await visits(await startBehind(proxies), '203.0.113.7', '203.0.113.8')).toEqual([true, false])
  })

  test('addresses begin with the protocol that the visitor used', async () => {
    const addressAt = async ({ url }: TestServer): Promise<string> => {
      const answer = await fetch(`${url}/openapi.json`, { headers: { 'x-forwarded-proto': 'https' } })
      const { servers } = (await answer.json()) as { servers: { url: string }[] }
      return servers[0]?.url ?? ''
    }
    expect(await addressAt(await startBehind('loopback'))).toMatch(/^https:\/\/127\.0\.0\.1:\d+\/v5$/)
    expect(await addressAt(await startBehind())).toMatch(/^http:/)
  })

  test.each(['true', '0', 'proxy.example.com', '10.0.0.0/33', '', '127.0.0.1;10.0.0.1'])(
    "'%s' is no proxy, and is refused",
    async (trustProxy) => {
      await expect(startServer({ port: 0, ephemeral: true, trustProxy })).rejects.toThrow(/is no proxy: name addresses/)
    },
  )
})

describe('after the clock went back (12.29)', () => {
  test('what is made after a start is newer than all that was there', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'pinfold-clock-'))
    onTestFinished(() => rm(dataDir, { recursive: true, force: true }))
    const noon = Date.UTC(2026, 5, 1, 12)
    const before = await startTestServer({ ephemeral: false, dataDir, clock: new TestClock(noon) })
    const { body: board } = await before.post('/boards', { name: 'Before' })
    const { body: section } = await before.post(`/boards/${board.id}/sections`, { name: 'Before' })
    const pin = { board_id: board.id, media_source: await base64Source() }
    const { body: first } = await before.post('/pins', pin)
    await before.close()

    const after = await ownServer({ ephemeral: false, dataDir, clock: new TestClock(noon - 3_600_000) })
    const { body: second } = await after.post('/pins', pin)
    const { body: other } = await after.post('/boards', { name: 'After' })
    const newest = Math.max(...[board, section, first].map(({ id }) => Number(id)))
    expect(Number(second.id)).toBeGreaterThan(newest)
    expect(Number(other.id)).toBeGreaterThan(newest)
    const { body: list } = await after.get(`/boards/${board.id}/pins`)
    expect(list.items.map(({ id }: { id: string }) => id)).toEqual([second.id, first.id])
  })
})
