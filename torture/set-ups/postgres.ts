import { execFile, execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { freePort } from '@pinfold/test-support/free-port'
import { postgresPrograms } from '@pinfold/test-support/own-postgres'

/** A PostgreSQL server with one that follows it; each acknowledged commit is on both. */
export interface Postgres {
  /** The port of the one that takes writes. */
  port(): number
  /** Ends it as a power cut would, and starts it again. */
  restart(): Promise<void>
  /** Ends it, has the other take its place, and makes a new one that follows that. */
  failOver(): Promise<void>
  close(): Promise<void>
}

const isRoot = process.getuid?.() === 0
const run = promisify(execFile)

/** Starts one with the programs of this machine, the newest version. Throws when there are none. */
export async function startPostgres(): Promise<Postgres> {
  const bin = postgresPrograms
  if (bin === undefined) throw new Error('PostgreSQL is not installed.')
  const folder = mkdtempSync(join(tmpdir(), 'pinfold-torture-pg-'))
  chmodSync(folder, 0o700)
  if (isRoot) execFileSync('chown', ['postgres', folder])
  const command = (name: string, args: readonly string[]) => {
    const whole = [join(bin, name), ...args]
    return isRoot
      ? run('runuser', ['-u', 'postgres', '--', ...whole], { cwd: '/' })
      : run(whole[0] ?? '', whole.slice(1))
  }
  let made = 0
  const newServer = async () => ({ data: join(folder, `data-${made++}`), port: await freePort() })
  type Server = Awaited<ReturnType<typeof newServer>>
  const start = ({ data, port }: Server) => {
    const options = `-p ${port} -h 127.0.0.1 -k ${folder} -c max_connections=80 -c shared_buffers=32MB -c wal_keep_size=64`
    return command('pg_ctl', ['-D', data, '-l', `${data}.log`, '-w', '-t', '60', '-o', options, 'start'])
  }
  const stop = ({ data }: Server) => command('pg_ctl', ['-D', data, '-m', 'immediate', '-w', 'stop'])
  const query = async (server: Server, sql: string) => {
    const { stdout } = await command('psql', [
      '-h',
      '127.0.0.1',
      '-p',
      String(server.port),
      '-U',
      'pinfold',
      '-d',
      'postgres',
      '-Atc',
      sql,
    ])
    return stdout.trim()
  }

  /** Makes a server that follows another. */
  async function newFollower(of: Server): Promise<Server> {
    const follower = await newServer()
    await command('pg_basebackup', [
      '-h',
      '127.0.0.1',
      '-p',
      String(of.port),
      '-U',
      'pinfold',
      '-D',
      follower.data,
      '-R',
      '-X',
      'stream',
      '-c',
      'fast',
    ])
    await start(follower)
    while ((await query(of, "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'")) === '0')
      await pause(100)
    return follower
  }

  let leader = await newServer()
  await command('initdb', ['-D', leader.data, '-U', 'pinfold', '-A', 'trust', '-E', 'UTF8'])
  await start(leader)
  // Before it is followed, so that followers have it too when they lead; it counts when there is one.
  await query(leader, "ALTER SYSTEM SET synchronous_standby_names = '*'")
  let follower = await newFollower(leader)
  await query(leader, 'SELECT pg_reload_conf()')

  return {
    port: () => leader.port,
    async restart() {
      await stop(leader)
      await start(leader)
    },
    async failOver() {
      const before = leader
      await stop(before)
      await command('pg_ctl', ['-D', follower.data, '-w', 'promote'])
      leader = follower
      follower = await newFollower(leader)
      rmSync(before.data, { recursive: true, force: true })
    },
    async close() {
      for (const server of [leader, follower]) await stop(server).catch(() => {})
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
