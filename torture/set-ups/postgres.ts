import { setTimeout as pause } from 'node:timers/promises'
import { type OwnPostgres, startPostgres as startOwn } from '@pinfold/test-support/own-postgres'

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

const settings = { fsync: 'on', max_connections: '80', shared_buffers: '32MB', wal_keep_size: '64' }

/** Starts one with the programs of this machine, the newest version. Throws when there are none. */
export async function startPostgres(): Promise<Postgres> {
  let leader = await startOwn(settings)
  // Before it is followed, so that followers have it too when they lead; it counts when there is one.
  await leader.run("ALTER SYSTEM SET synchronous_standby_names = '*'")
  let follower = await newFollower(leader)
  await leader.run('SELECT pg_reload_conf()')

  return {
    port: () => leader.port,
    async restart() {
      await leader.stop('immediate')
      await leader.start()
    },
    async failOver() {
      const before = leader
      await before.stop('immediate')
      await follower.run('SELECT pg_promote()')
      leader = follower
      follower = await newFollower(leader)
      await before.discard()
    },
    async close() {
      await Promise.all([leader.discard(), follower.discard()])
    },
  }
}

/** Makes a server that follows another, and does so. */
async function newFollower(of: OwnPostgres): Promise<OwnPostgres> {
  const follower = await startOwn(settings, { follows: of.port })
  const followers = "SELECT FROM pg_stat_replication WHERE state = 'streaming'"
  while ((await of.run(followers)).length === 0) await pause(100)
  return follower
}
