import type { Database } from '../db/database.ts'
import { lateReads } from '../db/postgres/replica.ts'
import { openPostgres } from '../db/postgres.ts'
import { latenessOf } from '../domains/nodes/lateness.ts'
import type { Settings } from './config.ts'
import { serverDefaults } from './defaults.ts'
import { checkAddress } from './open-data.ts'

interface Log {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
}

/** Returns `db` with late reads from the replica that the settings name, if they do. Closing it closes both. */
export async function withReplica(db: Database, settings: Settings, log: Log): Promise<Database> {
  const { replicaUrl, databasePool = serverDefaults.databasePool, databaseTimeout = 0 } = settings
  if (replicaUrl === undefined) return db
  checkAddress(replicaUrl, '--replica-url')
  const options = { connections: databasePool, statementMs: databaseTimeout * 1000, patienceMs: 0 }
  const replica = await openPostgres(replicaUrl, options)
  const late = lateReads(db, replica, {
    lateness: () => latenessOf(replica, db),
    turned(isRead, why) {
      if (isRead) log.info({}, 'analytics are read from the replica')
      else log.warn({ ...(why instanceof Error ? { err: why } : { why }) }, 'analytics are not read from the replica')
    },
  })
  return {
    ...db,
    late,
    async close() {
      await replica.close()
      await db.close()
    },
  }
}
