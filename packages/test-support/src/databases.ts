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
    if (!isBare) return idle.pop() ?? reusable(await makeDatabase(postgresUrl, newName(), template))
    return makeDatabase(postgresUrl, newName())
  },
} satisfies TestDatabase

/** Whether there is one. Tests that need it are skipped on platforms that have none. */
export const isPostgresThere: boolean = postgresUrl !== undefined

/** Every database that the store is tested on. Who gives a PostgreSQL server tests on that alone: SQLite has been. */
export const databases: TestDatabase[] =
  givenUrl !== undefined ? [postgres] : isPostgresThere ? [sqlite, postgres] : [sqlite]

const newName = () => `pinfold_test_${randomBytes(6).toString('hex')}`

interface PostgresDatabase {
  databaseUrl: string
  discard(): Promise<void>
}

/** What tests have left, emptied for the next: to make one and to drop it has PostgreSQL write what all others have changed. */
const idle: PostgresDatabase[] = []

/** What a server makes of an empty database, so that a test that left something else is known by it. */
let tables: string | undefined

/** Has a database that is discarded be emptied for the next test. One that has other tables then is dropped. */
async function reusable({ databaseUrl, discard }: PostgresDatabase): Promise<PostgresDatabase> {
  tables ??= await withClient(databaseUrl, describeTables)
  const own = {
    databaseUrl,
    discard: async () => {
      const isSound = await withClient(databaseUrl, async (client) => {
        await client.query(emptying)
        return (await describeTables(client)) === tables
      })
      if (isSound) idle.push(own)
      else await discard()
    },
  }
  return own
}

/** Makes a database on a PostgreSQL server: an empty one, or a copy of `of`. */
export async function makeDatabase(url: string, name: string, of?: string): Promise<PostgresDatabase> {
  await runIn(url, `CREATE DATABASE ${name}${of === undefined ? '' : ` TEMPLATE ${of} STRATEGY file_copy`}`)
  const databaseUrl = new URL(url)
  databaseUrl.pathname = `/${name}`
  return { databaseUrl: databaseUrl.href, discard: () => runIn(url, `DROP DATABASE ${name} WITH (FORCE)`) }
}

/** Runs a statement on a connection of its own. */
export const runIn = (url: string, sql: string): Promise<void> =>
  withClient(url, async (client) => {
    await client.query(sql)
  })

/** Does something with a connection of its own. */
export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {}) // It may end with the server.
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

/** Takes the rows out of a server's tables, and what else it makes; who is still there is sent away. */
const emptying = `
  SET session_replication_role = replica; -- Whatever refers to what.
  SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid();
  DO $$ DECLARE name text; hasRows boolean; BEGIN
    FOR name IN SELECT nspname FROM pg_namespace WHERE nspname LIKE 'pinfold%' LOOP
      EXECUTE format('DROP SCHEMA %I CASCADE', name);
    END LOOP;
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE 'kysely_migration%' LOOP
      EXECUTE format('SELECT EXISTS (SELECT FROM %I)', name) INTO hasRows;
      IF hasRows THEN EXECUTE format('DELETE FROM %I', name); END IF;
    END LOOP;
    PERFORM setval(format('%I', sequencename)::regclass, start_value, false) FROM pg_sequences
      WHERE schemaname = 'public' AND last_value IS NOT NULL;
  END $$`

/** Returns everything that the schema `public` has, apart from rows, and the steps that were carried out. */
async function describeTables(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ text: string }>(`
    SELECT attrelid::regclass || '.' || attname || ' ' || format_type(atttypid, atttypmod) || ' ' || attnotnull ||
      ' ' || attcollation || ' ' || coalesce(pg_get_expr(adbin, adrelid), '') AS text
    FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
    WHERE attnum > 0 AND NOT attisdropped
      AND attrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)
    UNION ALL SELECT pg_get_constraintdef(oid) || conname FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT proname || prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    UNION ALL SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL SELECT name FROM kysely_migration
    ORDER BY text`)
  return rows.map(({ text }) => text).join('\n')
}
