import { randomBytes } from 'node:crypto'
import { ConfigError } from '../../core/errors.ts'
import type { Database } from '../../db/database.ts'
import { installationStore } from './store.ts'

/** What the installation stores about itself. */
export interface Installation {
  /** The secret that signs bookmarks and forms. */
  key: Buffer
  /** The seed of the data; undefined if there was none. */
  seed: string | undefined
  /** Whether seeding was interrupted. */
  seedUnfinished: boolean
}

const unfinished = 'unfinished '

/**
 * Reads what the installation stores about itself; makes its key at the first start. Throws `ConfigError` while the data
 * of another database are on their way into this one.
 */
export async function readInstallation(db: Database): Promise<Installation> {
  const store = installationStore(db)
  if ((await store.all()).has('copying'))
    throw new ConfigError('pinfold copy has not finished copying into this database. Run it again, to its end.')
  await store.addMissing('key', randomBytes(32).toString('hex'))
  const values = await store.all()
  const seed = values.get('seed')
  return {
    key: Buffer.from(values.get('key') ?? '', 'hex'),
    seed: seed?.startsWith(unfinished) ? seed.slice(unfinished.length) : seed,
    seedUnfinished: seed?.startsWith(unfinished) ?? false,
  }
}

/** Records that seeding begins, so that a start after a crash knows. */
export function noteSeedBegun(db: Database, seed: string): Promise<void> {
  return installationStore(db).put('seed', unfinished + seed)
}

/** Records that seeding is done. */
export function noteSeedDone(db: Database, seed: string): Promise<void> {
  return installationStore(db).put('seed', seed)
}
