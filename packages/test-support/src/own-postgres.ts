import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { withClient } from './databases.ts'
import { freePort } from './free-port.ts'
import { postgresPrograms } from './postgres-programs.ts'

/** A PostgreSQL server for one test file or run: in a folder of its own, on a free port. */
export interface OwnPostgres {
  port: number
  /** Makes an empty database, and returns its address. */
  create(name: string): Promise<string>
  /** Runs a statement in a database, and returns the rows. */
  run(sql: string, database?: string): Promise<Record<string, unknown>[]>
  /** Ends it as it would be for a restart (`fast`), or as if the machine had lost power. */
  stop(mode?: 'fast' | 'immediate'): Promise<void>
  /** Starts it again, on the same port. */
  start(): Promise<void>
  /** Ends it, and removes its folder. */
  discard(): Promise<void>
}

/** PostgreSQL does not run as root: then Debian's user for it does, or who owns nothing. */
function asUser(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {}
  const users = readFileSync('/etc/passwd', 'utf8')
  const entry = ['postgres', 'nobody']
    .map((name) => new RegExp(`^${name}:[^:]*:(\\d+):(\\d+):`, 'm').exec(users))
    .find(Boolean)
  return { uid: Number(entry?.[1]), gid: Number(entry?.[2]) }
}

/**
 * Starts one, with these settings beside its defaults. What it writes need not survive the machine. `follows`: the port of one
 * whose replica it is. `programs`: where those of PostgreSQL are.
 */
export async function startPostgres(
  settings: Record<string, string> = {},
  { follows, programs: bin = postgresPrograms }: { follows?: number; programs?: string } = {},
): Promise<OwnPostgres> {
  if (bin === undefined) throw new Error('PostgreSQL is not installed.')
  const folder = mkdtempSync(join(tmpdir(), 'pinfold-postgres-'))
  const user = asUser()
  if (user.uid !== undefined && user.gid !== undefined) chownSync(folder, user.uid, user.gid)
  const data = join(folder, 'data')
  const options = { ...user, cwd: folder, env: { PATH: bin, LC_ALL: 'C.UTF-8' } }
  const make = (program: string, args: readonly string[]) =>
    promisify(execFile)(join(bin, program), ['-D', data, '-U', 'pinfold', '--no-sync', ...args], options)
  if (follows === undefined) await make('initdb', ['-A', 'trust', '-E', 'UTF8'])
  else await make('pg_basebackup', ['-h', '127.0.0.1', '-p', String(follows), '-R', '-X', 'stream', '-c', 'fast'])
  const port = await freePort()
  const all = { fsync: 'off', listen_addresses: '127.0.0.1', unix_socket_directories: folder, ...settings }
  const flags = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  let running: ChildProcess | undefined

  const urlOf = (database: string) => `postgres://pinfold@127.0.0.1:${port}/${database}`
  const run = (sql: string, database = 'postgres') =>
    withClient(urlOf(database), async (client) => (await client.query(sql)).rows ?? [])

  const start = async () => {
    const child = spawn(join(bin, 'postgres'), ['-D', data, '-p', String(port), ...flags], {
      ...options,
      stdio: 'ignore',
    })
    running = child
    // It would outlive this process.
    const end = () => void child.kill('SIGQUIT')
    process.once('exit', end)
    child.once('exit', () => process.off('exit', end))
    while (child.exitCode === null) {
      const isReady = await run('SELECT 1').then(
        () => true,
        () => false,
      )
      if (isReady) return
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    throw new Error('PostgreSQL did not start.')
  }

  const stop = async (mode: 'fast' | 'immediate' = 'fast') => {
    const child = running
    if (!child || child.exitCode !== null) return
    running = undefined
    const ended = once(child, 'exit')
    child.kill(mode === 'fast' ? 'SIGINT' : 'SIGQUIT')
    await ended
  }

  await start()
  return {
    port,
    run,
    start,
    stop,
    async create(name) {
      await run(`CREATE DATABASE "${name}"`)
      return urlOf(name)
    },
    async discard() {
      await stop('immediate')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
