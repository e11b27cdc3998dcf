/** PostgreSQL and Redis, started for the figures of several nodes, and what they take of the processor. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { freePort } from '@pinfold/test-support/free-port'
import { startPostgres } from '@pinfold/test-support/own-postgres'
import { installedPostgres } from '@pinfold/test-support/postgres-programs'

/** What nodes share. */
export interface SharedServers extends AsyncDisposable {
  databaseUrl: string
  redisUrl: string
  /** The processor time of each until now, in microseconds. */
  usage(): { postgres: number; redis: number }
}

const redisProgram = ['valkey-server', 'redis-server'].find((name) => spawnSync(name, ['--version']).status === 0)

/** Whether they are installed, on a system that says what a process has taken. */
export const areThere = process.platform === 'linux' && installedPostgres !== undefined && redisProgram !== undefined

/** Starts both, empty. */
export async function startShared(folder: string): Promise<SharedServers> {
  const postgres = await startPostgres({ synchronous_commit: 'on', max_connections: '100' })
  const port = await freePort()
  const options = ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--dir', folder]
  const redis = spawn(redisProgram ?? '', options, { stdio: ['ignore', 'pipe', 'ignore'] })
  await untilReady(redis)
  const databaseUrl = await postgres.create('bench')
  const [{ pid } = {}] = await postgres.run('SELECT pid FROM pg_stat_activity WHERE backend_type = $$checkpointer$$')
  const [, parent] = statOf(Number(pid))
  return {
    databaseUrl,
    redisUrl: `redis://127.0.0.1:${port}`,
    usage: () => ({ postgres: takenBy(Number(parent)), redis: takenBy(redis.pid ?? 0) }),
    async [Symbol.asyncDispose]() {
      redis.kill('SIGKILL')
      await postgres.discard()
    },
  }
}

async function untilReady(redis: ChildProcess): Promise<void> {
  let said = ''
  while (!said.includes('eady to accept connections')) {
    const [part] = await once(redis.stdout as NonNullable<typeof redis.stdout>, 'data')
    said += part
  }
}

/** The fields of proc_pid_stat(5) from the third on: state, parent… */
const statOf = (pid: number): string[] => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []

/** Returns what a process and its children have taken, those too that have ended, in microseconds. Each has one thread that works. */
function takenBy(pid: number): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)
  const own = (id: number) => Number(readFileSync(`/proc/${id}/schedstat`, 'utf8').split(' ')[0]) / 1000
  const [user = 0, system = 0] = statOf(pid).slice(13, 15).map(Number)
  return children.reduce((sum, child) => sum + own(child), own(pid) + (user + system) * 10_000)
}
