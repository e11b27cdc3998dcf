import type { Database } from '../../db/database.ts'
import { aliveMs } from './rules.ts'
import { nodeRows } from './store.ts'

/**
 * Returns how many milliseconds a replica is behind, and up to four seconds more: by when it heard last that one of the servers
 * is alive, which each says that often. That needs no rights, nor a certain kind of replication. Undefined if it has heard
 * of none.
 */
export async function latenessOf(replica: Database, db: Database): Promise<number | undefined> {
  const [here, there] = await Promise.all([nodeRows(db).all(), nodeRows(replica).all()])
  const names = new Set(here.rows.map(({ name }) => name))
  const heard = there.rows.filter(({ name }) => names.has(name)).map((row) => row.alive_until - aliveMs)
  return heard.length === 0 ? undefined : Math.max(0, here.now - Math.max(...heard))
}
