import { type CompiledQuery, type Dialect, Kysely, PostgresDialect } from 'kysely'
import { type Database, runTransaction } from './database.ts'
import type { Schema } from './schema.ts'

const int8 = 20

/**
 * Opens a PostgreSQL database, or one that speaks its protocol. `url`: `postgres://user:password@host/database`.
 * `schema`: where its tables are, if not where the user's are looked for.
 */
export async function openPostgres(url: string, schema?: string): Promise<Database> {
  const { default: pg } = await import('pg')
  const pool = new pg.Pool({
    connectionString: url,
    max: 10,
    types: {
      getTypeParser: (oid: number, format?: 'text' | 'binary') =>
        oid === int8 ? Number : pg.types.getTypeParser(oid, format as 'text'),
    },
  })
  // A connection that breaks while idle is replaced at the next use, which reports the problem.
  pool.on('error', () => {})
  // And one that breaks within a transaction, between two queries, reports it to the next. The pool does not listen then.
  pool.on('connect', (client) => client.on('error', () => {}))
  if (schema !== undefined)
    pool.on('connect', (client) => {
      // Before any other query of this connection. If it fails, so does the next.
      client.query(`SET search_path TO ${client.escapeIdentifier(schema)}`).catch(() => {})
    })
  return overDialect(new PostgresDialect({ pool }), (name) => openPostgres(url, name))
}

/** Returns a PostgreSQL database over a dialect of Kysely's. */
export function overDialect(dialect: Dialect, openSchema?: (name: string) => Promise<Database>): Database {
  const kysely = new Kysely<Schema>({ dialect })
  return {
    dialect: 'postgres',
    read: kysely,
    run: async <Row>(query: CompiledQuery<Row>, parameters: readonly unknown[]) =>
      (await kysely.executeQuery<Row>({ ...query, parameters })).rows,
    async write(work, committed) {
      const result = await runTransaction(kysely, work)
      committed?.()
      return result
    },
    settled: async () => {}, // PostgreSQL shows others only what is on its disk.
    ...(openSchema && { openSchema }),
    close: () => kysely.destroy(),
  }
}
