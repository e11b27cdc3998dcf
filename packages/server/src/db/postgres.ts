import { type CompiledQuery, type Dialect, Kysely } from 'kysely'
import { type Database, runTransaction } from './database.ts'
import { readFrom, steadyDialect } from './postgres/driver.ts'
import { patienceMs } from './postgres/failures.ts'
import { lanesOf } from './postgres/lanes.ts'
import { statementNames } from './postgres/statement-names.ts'
import type { Schema } from './schema.ts'

const int8 = 20

/** How a PostgreSQL database is used. */
export interface PostgresOptions {
  /** Where its tables are, if not where the user's are looked for. */
  schema?: string
  /** At most this many connections, two at least. Default: 10. */
  connections?: number
  /** How long a statement may take, in milliseconds; 0: any time. Default: any time. */
  statementMs?: number
  /** How long a read is tried again that a lost connection interrupted. Default: `patienceMs`, 5 seconds. */
  patienceMs?: number
}

/** How long a request waits for a connection, whether one must be made or others use all of them. */
const connectMs = 10_000

/** Opens a PostgreSQL database, or one that speaks its protocol. `url`: `postgres://user:password@host/database`. */
export async function openPostgres(url: string, options: PostgresOptions = {}): Promise<Database> {
  const { schema, connections = 10, statementMs = 0 } = options
  const { default: pg } = await import('pg')
  const config = {
    connectionString: url,
    connectionTimeoutMillis: connectMs,
    keepAlive: true,
    fallback_application_name: 'pinfold',
    // What is asked before an earlier answer came goes out at once: BEGIN with the first statement, and reads together.
    pipeline: true,
    ...(statementMs > 0 && { statement_timeout: statementMs }),
    types: {
      getTypeParser: (oid: number, format?: 'text' | 'binary') =>
        oid === int8 ? Number : pg.types.getTypeParser(oid, format as 'text'),
    },
  }
  const most = Math.max(1, Math.floor(connections / 3))
  const pool = new pg.Pool({ ...config, max: Math.max(1, connections - most) })
  // A connection that breaks while idle is replaced at the next use, which reports the problem.
  pool.on('error', () => {})
  const prepare = (client: InstanceType<typeof pg.Client>) => {
    client.on('error', () => {})
    // Before any other query of this connection. If it fails, so does the next.
    if (schema !== undefined) client.query(`SET search_path TO ${client.escapeIdentifier(schema)}`).catch(() => {})
  }
  pool.on('connect', prepare)
  const lanes = lanesOf(async () => {
    const client = new pg.Client(config)
    client.on('error', () => {})
    await client.connect()
    prepare(client)
    return client
  }, most)
  const all = {
    ...{ pool, lanes, names: statementNames(), waits: { count: 0, sumMs: 0 } },
    patienceMs: options.patienceMs ?? patienceMs,
  }
  return {
    ...overDialect(steadyDialect(all), (name) => openPostgres(url, { ...options, schema: name })),
    run: async <Row>({ sql }: CompiledQuery<Row>, parameters: readonly unknown[]) =>
      (await readFrom(all, sql, parameters)).rows as Row[],
    connections: () => ({
      transactions: {
        most: pool.options.max,
        open: pool.totalCount,
        inUse: pool.totalCount - pool.idleCount,
        waiting: pool.waitingCount,
        waits: { ...all.waits },
      },
      reads: lanes.use(),
    }),
    unhurried: () => openPostgres(url, { ...options, connections: 3, statementMs: 0 }),
  }
}

/** Returns a PostgreSQL database over a dialect of Kysely's. */
function overDialect(dialect: Dialect, openSchema?: (name: string) => Promise<Database>): Database {
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
