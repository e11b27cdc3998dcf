import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Database } from '@pinfold/server'
import { postgres } from '@pinfold/test-support/databases'
import { type ExtraToken, seedFile, startTestServer, type TestServer } from '@pinfold/test-support/server'
import { onTestFinished } from 'vitest'
import { openPostgres } from '../src/db/postgres.ts'
import { openSqlite } from '../src/db/sqlite.ts'

/** The databases that outlive a server. */
export const keptDatabases = ['SQLite', 'PostgreSQL'] as const

/** A folder whose database servers are started on, one after the other, and which is opened by itself in between. */
export interface KeptDatabase {
  start(): Promise<TestServer>
  open(): Promise<Database>
}

/** Makes one, with Alice, Bob and `tokens` in it; it is removed after the test. */
export async function keptDatabase(
  name: (typeof keptDatabases)[number],
  tokens: readonly ExtraToken[] = [],
): Promise<KeptDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'pinfold-kept-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const seed = join(folder, 'seed.json')
  await writeFile(seed, JSON.stringify(seedFile(tokens)))
  const config = { ephemeral: false, dataDir: join(folder, 'data'), seed }
  if (name === 'SQLite')
    return {
      start: () => startTestServer(config),
      open: async () => openSqlite(join(folder, 'data', 'pinfold.db'), 'relaxed'),
    }
  const { databaseUrl, discard } = await postgres.open({ isBare: true })
  onTestFinished(discard)
  return { start: () => startTestServer({ ...config, databaseUrl }), open: () => openPostgres(databaseUrl) }
}
