import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { redisServer } from './redis-server.ts'

/** Starts Valkey or Redis for one test, on a port of its own, as often as it is asked to. */
export async function ownRedis() {
  const folder = await mkdtemp(join(tmpdir(), 'pinfold-redis-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const redis = await redisServer(folder)
  onTestFinished(redis.stop)
  return { ...redis, process: await redis.start() }
}
