import { randomBytes } from 'node:crypto'
import type { PGlite } from '@electric-sql/pglite'
import type { Database } from '@pinfold/server'
import pg from 'pg'
import { openPglite, startPglite } from './pglite.ts'

/** A database to test on. `open` returns the part of a server's configuration that names a new, empty one. */
export interface TestDatabase {
  name: string
  open(): Promise<{ database?: Database; databaseUrl?: string; discard(): Promise<void> }>
}

/** A PostgreSQL server to test on, besides the one that runs within the test: `postgres://…`, may create databases. */
const postgresUrl = process.env.PINFOLD_TEST_DATABASE_URL

/** What a test has left, emptied for the next: to start one takes longer than most tests. */
const idle: PGlite[] = []

/** Every database that the store is tested on. */
export const databases: TestDatabase[] = [
  { name: 'SQLite', open: async () => ({ discard: async () => {} }) },
  {
    name: 'PostgreSQL, as PGlite',
    open: async () => {
      const pglite = idle.pop() ?? (await startPglite())
      const database = openPglite(pglite)
      const discard = async () => {
        // Whoever still has it open would write into the database of the next test.
        await database.close()
        await pglite.exec(`DO $$ DECLARE name text; BEGIN
          FOR name IN SELECT nspname FROM pg_namespace WHERE nspname LIKE 'pinfold%' OR nspname = 'public' LOOP
            EXECUTE format('DROP SCHEMA %I CASCADE', name);
          END LOOP; END $$; CREATE SCHEMA public`)
        await pglite.exec('DISCARD ALL')
        idle.push(pglite)
      }
      return { database, discard }
    },
  },
  ...(postgresUrl === undefined ? [] : [{ name: 'PostgreSQL', open: () => openPostgres(postgresUrl) }]),
]

/** Makes an empty database on a PostgreSQL server. */
export async function openPostgres(url: string) {
  const name = `pinfold_test_${randomBytes(6).toString('hex')}`
  const run = async (sql: string) => {
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    await client.query(sql)
    await client.end()
  }
  await run(`CREATE DATABASE ${name}`)
  const databaseUrl = new URL(url)
  databaseUrl.pathname = `/${name}`
  return { databaseUrl: databaseUrl.href, discard: () => run(`DROP DATABASE ${name} WITH (FORCE)`) }
}
