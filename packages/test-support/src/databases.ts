import { randomBytes } from 'node:crypto'
import pg from 'pg'

/** A database to test on. */
export interface TestDatabase {
  name: string
  /**
   * Returns the part of a server's configuration that names a new one, with the tables that a server makes and no rows. `isBare`:
   * without tables.
   */
  open(options?: { isBare?: boolean }): Promise<{ databaseUrl?: string; discard(): Promise<void> }>
}

/** A PostgreSQL server that the tests are given: `postgres://…`, of whoever may create databases. */
const givenUrl = process.env.PINFOLD_TEST_DATABASE_URL

/** That, or the one that `shared-postgres.ts` has started. */
const postgresUrl = givenUrl ?? process.env.PINFOLD_TEST_SHARED_DATABASE_URL

/** The name of the database that others are copies of. */
export const template = 'pinfold_template'

/** The embedded database. */
export const sqlite: TestDatabase = { name: 'SQLite', open: async () => ({ discard: async () => {} }) }

/** PostgreSQL, where several processes can share a database. */
export const postgres = {
  name: 'PostgreSQL',
  open: async ({ isBare = false } = {}) => {
    if (postgresUrl === undefined) throw new Error('There is no PostgreSQL server.')
    const name = `pinfold_test_${randomBytes(6).toString('hex')}`
    return makeDatabase(postgresUrl, name, isBare ? undefined : template)
  },
} satisfies TestDatabase

/** Whether there is one. Tests that need it are skipped on platforms that have none. */
export const isPostgresThere: boolean = postgresUrl !== undefined

/** Every database that the store is tested on. Who gives a PostgreSQL server tests on that alone: SQLite has been. */
export const databases: TestDatabase[] =
  givenUrl !== undefined ? [postgres] : isPostgresThere ? [sqlite, postgres] : [sqlite]

/** Makes a database on a PostgreSQL server: an empty one, or a copy of `of`. */
export async function makeDatabase(url: string, name: string, of?: string) {
  await runIn(url, `CREATE DATABASE ${name}${of === undefined ? '' : ` TEMPLATE ${of} STRATEGY file_copy`}`)
  const databaseUrl = new URL(url)
  databaseUrl.pathname = `/${name}`
  return { databaseUrl: databaseUrl.href, discard: () => runIn(url, `DROP DATABASE ${name} WITH (FORCE)`) }
}

/** Runs a statement on a connection of its own. */
export async function runIn(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
