import { randomBytes } from 'node:crypto'
import type { PGlite } from '@electric-sql/pglite'
import { type Database, startServer } from '@pinfold/server'
import pg from 'pg'
import { openPglite, startPglite } from './pglite.ts'

/** A database to test on. `open` returns the part of a server's configuration that names a new, empty one. */
export interface TestDatabase {
  name: string
  /** `isBare`: whether it must not have tables; otherwise it may have those that a server makes, without any row. */
  open(options?: { isBare?: boolean }): Promise<{ database?: Database; databaseUrl?: string; discard(): Promise<void> }>
}

/** A PostgreSQL server to test on, besides the one that runs within the test: `postgres://…`, may create databases. */
const postgresUrl = process.env.PINFOLD_TEST_DATABASE_URL

/** What a test has left, emptied for the next: to start one takes longer than most tests. */
const idle: PGlite[] = []

/** A PostgreSQL server that the tests are given, where several processes can share a database. */
export const givenPostgres: TestDatabase = {
  name: 'PostgreSQL',
  open: () => {
    if (postgresUrl === undefined) throw new Error('There is no PostgreSQL server: see .ci/run.')
    return openPostgres(postgresUrl)
  },
}
/** Whether there is one. Tests that need it are skipped where there is none. */
export const isPostgresGiven: boolean = postgresUrl !== undefined

/** The embedded database. */
export const sqlite: TestDatabase = { name: 'SQLite', open: async () => ({ discard: async () => {} }) }

/** PostgreSQL that runs within the test. */
export const pglite = {
  name: 'PostgreSQL, as PGlite',
  open: async ({ isBare = false } = {}) => {
    const server = idle.pop() ?? (await startPglite())
    if (isBare) await dropTables(server)
    const database = openPglite(server)
    const discard = async () => {
      // Whoever still has it open would write into the database of the next test.
      await database.close()
      await emptyTables(server)
      await server.exec('DISCARD ALL')
      idle.push(server)
    }
    return { database, discard }
  },
} satisfies TestDatabase

/** Every database that the store is tested on. Who gives a PostgreSQL server tests on that alone: the others have been. */
export const databases: TestDatabase[] = isPostgresGiven ? [givenPostgres] : [sqlite, pglite]

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

/** What a server makes of an empty database, so that a test that left something else is known by it. */
let newestTables: string | undefined

/** Takes the rows out of a server's tables, so that the next one need not make them; drops all if they are not as it makes them. */
async function emptyTables(pglite: PGlite): Promise<void> {
  await dropSchemas(pglite, "nspname LIKE 'pinfold%'")
  if (newestTables === undefined) {
    await dropTables(pglite)
    const database = openPglite(pglite)
    await (await startServer({ port: 0, ephemeral: true, seed: 'none', database })).close()
    await database.close()
    await dropSchemas(pglite, "nspname LIKE 'pinfold%'")
    newestTables = await describeTables(pglite)
  } else if ((await describeTables(pglite)) !== newestTables) return dropTables(pglite)
  await pglite.exec(`DO $$ DECLARE name text; hasRows boolean; BEGIN
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE 'kysely_migration%' LOOP
      EXECUTE format('SELECT EXISTS (SELECT FROM %I)', name) INTO hasRows;
      IF hasRows THEN EXECUTE format('TRUNCATE %I RESTART IDENTITY CASCADE', name); END IF;
    END LOOP; END $$`)
}

async function dropTables(pglite: PGlite): Promise<void> {
  await dropSchemas(pglite, "nspname LIKE 'pinfold%' OR nspname = 'public'")
  await pglite.exec('CREATE SCHEMA public')
}

const dropSchemas = (pglite: PGlite, which: string) =>
  pglite.exec(`DO $$ DECLARE name text; BEGIN
    FOR name IN SELECT nspname FROM pg_namespace WHERE ${which} LOOP
      EXECUTE format('DROP SCHEMA %I CASCADE', name);
    END LOOP; END $$`)

/** Returns everything that the schema `public` has, apart from rows, and the steps that were carried out. */
async function describeTables(pglite: PGlite): Promise<string> {
  const { rows } = await pglite.query<{ text: string }>(`
    SELECT attrelid::regclass || '.' || attname || ' ' || format_type(atttypid, atttypmod) || ' ' || attnotnull ||
      ' ' || attcollation || ' ' || coalesce(pg_get_expr(adbin, adrelid), '') AS text
    FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
    WHERE attnum > 0 AND NOT attisdropped
      AND attrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)
    UNION ALL SELECT pg_get_constraintdef(oid) || conname FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT proname || prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    UNION ALL SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
    ORDER BY text`)
  const tables = rows.map(({ text }) => text).join('\n')
  if (!tables.includes('kysely_migration.name')) return tables
  const steps = await pglite.query<{ name: string }>('SELECT name FROM kysely_migration ORDER BY name')
  return `${tables}\n${steps.rows.map(({ name }) => name).join(' ')}`
}
