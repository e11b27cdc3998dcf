import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { verifyMedia } from '@pinfold/server'
import { randomOf } from '@pinfold/test-support/random'
import { type RedisServer, redisProgram, redisServer } from '@pinfold/test-support/redis-server'
import { s3Credentials } from '@pinfold/test-support/storages'
import { nodeOf } from '../node.ts'
import type { Fault, Place, SetUp } from '../set-up.ts'
import { startWire } from '../wire.ts'
import { faultyS3 } from './faulty-s3.ts'
import { startPostgres } from './postgres.ts'

/** Limits that nobody reaches: each request is counted, and is served though it cannot be. */
const limits = {
  universal: { limit: 1_000_000, windowSeconds: 1 },
  ...{ org_read: { limit: 1_000_000, windowSeconds: 60 }, org_write: { limit: 1_000_000, windowSeconds: 60 } },
  ...{ org_analytics: { limit: 1_000_000, windowSeconds: 60 }, events: { limit: 1_000_000, windowSeconds: 60 } },
}

/** Two servers on PostgreSQL, which another follows, and S3; and on a Redis, if it is installed. */
export async function fleet({ folder, seed }: Place, seedNumber: number): Promise<SetUp> {
  const postgres = await startPostgres()
  const toPostgres = await startWire(postgres.port, randomOf(seedNumber, 2000))
  const redis = redisProgram === undefined ? undefined : await startRedis(join(folder, 'redis'))
  const toRedis = redis && (await startWire(() => redis.port, randomOf(seedNumber, 2001)))
  if (!redis) console.log('Neither Valkey nor Redis is installed: its faults are left out.')
  const limitsFile = join(folder, 'limits.json')
  writeFileSync(limitsFile, JSON.stringify(limits))
  const s3 = await faultyS3(randomOf(seedNumber, 2002))
  const databaseUrl = `postgres://pinfold@127.0.0.1:${toPostgres.port}/postgres`
  const shared = [
    ...['--database-url', databaseUrl, '--storage', s3.storage, '--seed', seed, '--rate-limits', limitsFile],
    ...(toRedis ? ['--redis-url', `redis://127.0.0.1:${toRedis.port}`] : []),
  ]
  const nodes = [0, 1].map((i) =>
    nodeOf(['--data', join(folder, `node-${i}`), ...shared], join(folder, `node-${i}.log`), s3Credentials),
  )
  const wires = await Promise.all(nodes.map((node, i) => startWire(node.port, randomOf(seedNumber, 1000 + i))))

  const faults: Fault[] = [
    { name: 'PostgreSQL restarts', weight: 2, happen: postgres.restart },
    { name: 'PostgreSQL fails over', weight: 2, happen: postgres.failOver },
    { name: 'connections to PostgreSQL break', weight: 2, happen: async () => toPostgres.cut() },
    {
      name: 'S3 fails and is slow',
      weight: 3,
      async happen(random) {
        s3.misbehave(0.2 + random.next() * 0.7, random.below(1500))
        await pause(1000 + random.below(5000))
        s3.misbehave(0, 0)
      },
    },
  ]
  let longestAwayMs = 0
  if (redis && toRedis) {
    const during = async (ms: number, begin: () => unknown, end: () => unknown) => {
      await begin()
      await pause(ms)
      await end()
      longestAwayMs = Math.max(longestAwayMs, ms)
    }
    faults.push(
      {
        name: 'Redis vanishes, and comes back empty',
        weight: 2,
        happen: (random) => during(random.below(5000), redis.stop, redis.start),
      },
      {
        name: 'Redis stands still',
        weight: 1,
        happen: (random) =>
          during(
            random.below(3000),
            () => redis.signal('SIGSTOP'),
            () => redis.signal('SIGCONT'),
          ),
      },
      { name: 'connections to Redis break', weight: 1, happen: async () => toRedis.cut() },
    )
  }

  return {
    ...{ nodes, wires, faults },

    async problems() {
      const problems: string[] = []
      const counts = { checked: 0, missing: 0, broken: 0, orphaned: 0, repaired: 0 }
      // What was written just now may be in progress; here nothing is any more.
      const clock = { now: () => Date.now() + 7_200_000 }
      await verifyMedia(
        { dataDir: join(folder, 'node-0'), databaseUrl, storage: s3.storage, clock },
        {
          repair: false,
          deep: true,
          counts,
          onProblem: (problem) => problems.push(`a file: ${JSON.stringify(problem)}`),
        },
      )
      // A server that counts for itself says so.
      const logs = nodes.map((_, i) => readFileSync(join(folder, `node-${i}.log`), 'utf8')).join()
      if (longestAwayMs > 2000 && !logs.includes('Redis does not answer'))
        problems.push('Redis was away, and no server said so')
      return problems
    },

    async close() {
      for (const wire of [...wires, toPostgres, ...(toRedis ? [toRedis] : [])]) wire.close()
      await redis?.stop()
      await postgres.close()
      await s3.close()
    },
  }
}

async function startRedis(folder: string): Promise<RedisServer> {
  mkdirSync(folder)
  const redis = await redisServer(folder)
  await redis.start()
  return redis
}
