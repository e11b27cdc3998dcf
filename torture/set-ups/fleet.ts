import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { verifyMedia } from '@pinfold/server'
import { randomOf } from '@pinfold/test-support/random'
import { s3Credentials } from '@pinfold/test-support/storages'
import { nodeOf } from '../node.ts'
import type { Fault, Place, SetUp } from '../set-up.ts'
import { startWire } from '../wire.ts'
import { faultyS3 } from './faulty-s3.ts'
import { startPostgres } from './postgres.ts'

/** Two servers on PostgreSQL, which another follows, and S3; and on a Redis, if there is one. */
export async function fleet({ folder, seed }: Place, seedNumber: number, redisUrl: string | undefined): Promise<SetUp> {
  const postgres = await startPostgres()
  const toPostgres = await startWire(postgres.port, randomOf(seedNumber, 2000))
  const toRedis =
    redisUrl === undefined
      ? undefined
      : await startWire(() => Number(new URL(redisUrl).port || 6379), randomOf(seedNumber, 2001))
  const s3 = await faultyS3(randomOf(seedNumber, 2002))
  const databaseUrl = `postgres://pinfold@127.0.0.1:${toPostgres.port}/postgres`
  const shared = [
    ...['--database-url', databaseUrl, '--storage', s3.storage, '--seed', seed, '--rate-limits', 'off'],
    ...(toRedis ? ['--redis-url', `redis://127.0.0.1:${toRedis.port}`] : []),
  ]
  const nodes = [0, 1].map((i) =>
    nodeOf(['--data', join(folder, `node-${i}`), ...shared], join(folder, `node-${i}.log`), s3Credentials),
  )
  const wires = await Promise.all(nodes.map((node, i) => startWire(node.port, randomOf(seedNumber, 1000 + i))))

  const faults: Fault[] = [
    { name: 'PostgreSQL restarts', weight: 2, happen: postgres.restart },
    { name: 'PostgreSQL fails over', weight: 1, happen: postgres.failOver },
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
  if (toRedis)
    faults.push({
      name: 'Redis vanishes',
      weight: 2,
      async happen(random) {
        const end = Date.now() + random.below(5000)
        for (; Date.now() < end; await pause(20)) toRedis.cut()
      },
    })

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
      return problems
    },

    async close() {
      for (const wire of [...wires, toPostgres, ...(toRedis ? [toRedis] : [])]) wire.close()
      await postgres.close()
      await s3.close()
    },
  }
}
