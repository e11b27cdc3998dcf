import { randomBytes } from 'node:crypto'
import type { Database } from './db/database.ts'

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
  await db.write((tx) =>
    tx
      .insertInto('meta')
      .values({ key: 'key', value: randomBytes(32).toString('hex') })
      .onConflict((c) => c.column('key').doNothing())
      .execute(),
  )
  const rows = await db.read.selectFrom('meta').selectAll().execute()
  const values = new Map(rows.map(({ key, value }) => [key, value]))
  const seed = values.get('seed')
  return {
    key: Buffer.from(values.get('key') ?? '', 'hex'),
    seed: seed?.startsWith(unfinished) ? seed.slice(unfinished.length) : seed,
    seedUnfinished: seed?.startsWith(unfinished) ?? false,
  }
}

/** Notes that filling begins, so that a start after a crash knows. */
export function noteSeedBegun(db: Database, seed: string): Promise<void> {
  return noteSeed(db, unfinished + seed)
}

export function noteSeedDone(db: Database, seed: string): Promise<void> {
  return noteSeed(db, seed)
}

async function noteSeed(db: Database, value: string): Promise<void> {
  await db.write((tx) =>
    tx
      .insertInto('meta')
      .values({ key: 'seed', value })
      .onConflict((c) => c.column('key').doUpdateSet({ value }))
      .execute(),
  )
}
