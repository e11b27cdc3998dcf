import { execFile } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { makeDatabase, runIn, template } from './databases.ts'
import { startPostgres } from './own-postgres.ts'
import { postgresPrograms, unpackPostgres } from './postgres-programs.ts'

/**
 * Starts the PostgreSQL that all tests of a run share, each with a database of its own, unless they are given one, and makes the
 * database that those are copies of: making its tables takes longer than most tests. Vitest calls it before all of them.
 */
export default async function startSharedPostgres(): Promise<() => Promise<void>> {
  const given = process.env.PINFOLD_TEST_DATABASE_URL
  await using ends = new AsyncDisposableStack()
  if (given !== undefined) {
    await makeTemplate(given)
  } else {
    const folder = mkdtempSync(join(tmpdir(), 'pinfold-postgres-programs-'))
    chmodSync(folder, 0o755)
    ends.defer(async () => rmSync(folder, { recursive: true, force: true }))
    const programs = unpackPostgres(folder) ?? postgresPrograms
    if (programs === undefined) {
      console.warn('There is no PostgreSQL for this platform: what is tested on it is left out.')
      return async () => {}
    }
    process.env.PINFOLD_TEST_POSTGRES_PROGRAMS = programs
    const postgres = await startPostgres({ max_connections: '500' }, { programs })
    ends.defer(() => postgres.discard())
    const url = `postgres://pinfold@127.0.0.1:${postgres.port}/postgres`
    await makeTemplate(url)
    process.env.PINFOLD_TEST_SHARED_DATABASE_URL = url
  }
  const rest = ends.move()
  return () => rest.disposeAsync()
}

async function makeTemplate(url: string): Promise<void> {
  await runIn(url, `DROP DATABASE IF EXISTS ${template}`)
  const { databaseUrl } = await makeDatabase(url, template)
  const command = join(import.meta.dirname, '../../cli/src/main.js')
  const migrate = ['--conditions=pinfold-bundle', '--', command, 'migrate', '--database-url', databaseUrl]
  await promisify(execFile)(process.execPath, migrate)
}
