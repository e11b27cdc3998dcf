import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ServerConfig, startServer, TestClock } from '@pinfold/server'
import { isPostgresThere, postgres } from '@pinfold/test-support/databases'
import { ownRedis } from '@pinfold/test-support/own-redis'
import { onThisMachine, until } from '@pinfold/test-support/pace'
import { redisProgram } from '@pinfold/test-support/redis-server'
import { people, seedFile } from '@pinfold/test-support/server'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openRedis } from '../src/db/redis.ts'

async function ownFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pinfold-memory-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

test('a memory is for servers that share a database, and has an address', async () => {
  const redisUrl = 'redis://127.0.0.1:1'
  await expect(startServer({ port: 0, ephemeral: true, redisUrl })).rejects.toThrow('it goes with --database-url')
  const log = { info: () => {}, warn: () => {} }
  await expect(openRedis('http://127.0.0.1', log)).rejects.toThrow('must be like redis://')
  await expect(openRedis(`${redisUrl}?timeout=soon`, log)).rejects.toThrow('timeout must be')
})

describe.runIf(redisProgram)('the memory that servers share', () => {
  test('is done without while it is away, at once and with one word of it, and comes back by itself', async () => {
    const redis = await ownRedis()
    const said: string[] = []
    const log = { info: (text: string) => said.push(text), warn: (_: object, text: string) => said.push(text) }
    const opened = await openRedis(`${redis.url}?timeout=${onThisMachine(200)}`, log)
    onTestFinished(() => opened.close())
    const memory = opened.of('test')
    const count = () => memory.count('group', [{ key: 'reads', limit: 2, startsAt: 120_000, windowMs: 60_000 }])
    expect([await count(), await count(), await count()]).toEqual([
      { isRefused: false, used: [1] },
      { isRefused: false, used: [2] },
      { isRefused: true, used: [2] },
    ])
    expect(await opened.of('other').count('group', [])).toEqual({ isRefused: false, used: [] })

    // It hangs: one waits for a moment, and the others not at all.
    redis.process.kill('SIGSTOP')
    const begun = performance.now()
    const answers = []
    for (let times = 0; times < 100; times++) answers.push(await count())
    expect(answers).toEqual(Array(100).fill(undefined))
    expect(performance.now() - begun).toBeLessThan(onThisMachine(1000))
    expect(opened.isThere).toBe(false)
    redis.process.kill('SIGCONT')
    expect(await until(count)).toEqual({ isRefused: true, used: [2] })

    // It is gone, with what it has counted.
    await redis.stop()
    await until(async () => (await count()) === undefined)
    await redis.start()
    expect(await until(count)).toEqual({ isRefused: false, used: [1] })
    const [away, back] = ['each server counts for itself until it does', 'servers count together']
    expect(said.map((text) => text.split(': ').at(-1))).toEqual([away, back, away, back])
  })

  describe.runIf(isPostgresThere)('on PostgreSQL', () => {
    test('has them count requests, slow down guessing and forget tokens together', async () => {
      const redis = await ownRedis()
      const { discard, databaseUrl } = await postgres.open()
      onTestFinished(discard)
      const folder = await ownFolder()
      const [seed, rateLimits] = [join(folder, 'seed.json'), join(folder, 'limits.json')]
      await writeFile(seed, JSON.stringify(seedFile([])))
      const window = { limit: 4, windowSeconds: 60 }
      await writeFile(rateLimits, JSON.stringify({ org_read: window }))
      const clock = new TestClock()
      const shared = {
        ...{ seed, rateLimits, clock, redisUrl: `${redis.url}?timeout=20000` },
        storage: join(folder, 'media'),
      }
      const start = async (name: string) => {
        const config: ServerConfig = { ...shared, port: 0, dataDir: join(folder, name) }
        const server = await startServer({ ...config, ...(databaseUrl !== undefined && { databaseUrl }) })
        onTestFinished(() => server.close())
        return server.url
      }
      const [one, two] = [await start('one'), await start('two')]
      const boards = async (url: string, token: string) => {
        const { status, headers } = await fetch(`${url}/v5/boards`, { headers: { authorization: `Bearer ${token}` } })
        return [status, headers.get('x-ratelimit-remaining'), headers.get('x-ratelimit-reset')]
      }
      const { alice, bob } = people
      const left = []
      for (const url of [one, two, one, two, one, two]) left.push(await boards(url, alice.token))
      const reset = left[0]?.[2]
      expect(left).toEqual([
        ...['3', '2', '1', '0'].map((remaining) => [200, remaining, reset]),
        ...[429, 429].map((status) => [status, '0', reset]),
      ])
      expect((await boards(two, bob.token))[0]).toBe(200)

      const signIn = async (url: string) => {
        const body = new URLSearchParams({ username: 'alice', password: 'not hers' })
        return (await fetch(`${url}/oauth/sign-in`, { method: 'POST', body, headers: { origin: url } })).status
      }
      for (let tries = 0; tries < 10; tries++) expect(await signIn(one)).toBe(401)
      await until(async () => (await signIn(two)) === 429)

      // The clock stands still: nothing is forgotten by itself.
      const basic = Buffer.from('1001:alice-app-secret-0001').toString('base64')
      const revoked = await fetch(`${one}/v5/oauth/token/revoke`, {
        method: 'POST',
        headers: { authorization: `Basic ${basic}` },
        body: new URLSearchParams({ token: bob.token }),
      })
      expect(revoked.status).toBe(200)
      await until(async () => (await boards(two, bob.token))[0] === 401)
    })
  })
})
