import { randomBytes } from 'node:crypto'
import type { Database } from '../../db/database.ts'
import { installationStore } from './store.ts'

/** What the installation remembers of itself. */
export interface Installation {
  /** A secret that bookmarks and forms are signed with. */
  key: Buffer
  /** What it was filled with; undefined if it never was. */
  seed: string | undefined
  /** Whether filling it was cut off. */
  seedUnfinished: boolean
}

const unfinished = 'unfinished '

/** Reads what the installation remembers; makes its key at the first start. */
export async function readInstallation(db: Database): Promise<Installation> {
  const store = installationStore(db)
  await store.addMissing('key', randomBytes(32).toString('hex'))
  const values = await store.all()
  const seed = values.get('seed')
  return {
    key: Buffer.from(values.get('key') ?? '', 'hex'),
    seed: seed?.startsWith(unfinished) ? seed.slice(unfinished.length) : seed,
    seedUnfinished: seed?.startsWith(unfinished) ?? false,
  }
}

/** Notes that filling begins, so that a start after a crash knows. */
export function noteSeedBegun(db: Database, seed: string): Promise<void> {
  return installationStore(db).put('seed', unfinished + seed)
}

/** Notes that filling is done. */
export function noteSeedDone(db: Database, seed: string): Promise<void> {
  return installationStore(db).put('seed', seed)
}
