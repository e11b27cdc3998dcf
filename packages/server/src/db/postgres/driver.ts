import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
  type TransactionSettings,
} from 'kysely'
import type pg from 'pg'
import { DatabaseAway } from '../../core/unavailable.ts'
import { type Durations, measured } from '../connection-use.ts'
import { despiteLosses, isConnectionLost, isStatementStale } from './failures.ts'
import type { Lanes } from './lanes.ts'
import type { StatementNames } from './statement-names.ts'

/** The connections to a PostgreSQL server. */
export interface Connections {
  /** For transactions: one has a connection to itself. */
  pool: pg.Pool
  /** For reads, which share theirs. */
  lanes: Lanes
  names: StatementNames
  /** How long a read is tried again. */
  patienceMs: number
  /** How long transactions waited for a connection. */
  waits: Durations
}

/** Returns whether a statement only reads, as our statements begin: it can be repeated. */
const isRead = (text: string): boolean =>
  /^\s*(select|with)\b/i.test(text) && !/\b(insert into|update|delete from)\b/i.test(text)

/** Runs a read, and again when its connection breaks. Throws `DatabaseAway`. */
export function readFrom(
  { lanes, names, patienceMs }: Connections,
  text: string,
  values: readonly unknown[],
): Promise<pg.QueryResult> {
  const once = async () => {
    const name = names.nameOf(text)
    const query = { text, values: values as unknown[] }
    if (name === undefined) return lanes.query(query)
    try {
      return await lanes.query({ ...query, name })
    } catch (error) {
      if (!isStatementStale(error)) throw error
      names.refuse()
      return lanes.query(query)
    }
  }
  return despiteLosses(once, patienceMs)
}

/** A dialect of Kysely's over such connections: reads outside of transactions share connections, and survive their end. */
export function steadyDialect(connections: Connections): Dialect {
  return {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => driverOf(connections),
    createIntrospector: (db: Kysely<unknown>) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  }
}

function driverOf(connections: Connections): Driver {
  const ours = (connection: DatabaseConnection) => connection as SteadyConnection
  return {
    init: async () => {},
    acquireConnection: async () => new SteadyConnection(connections),
    beginTransaction: (connection, settings) => ours(connection).begin(settings),
    commitTransaction: (connection) => ours(connection).commit(),
    rollbackTransaction: (connection) => ours(connection).rollback(),
    releaseConnection: async (connection) => ours(connection).release(),
    destroy: async () => {
      await connections.lanes.close()
      await connections.pool.end()
    },
  }
}

/** What Kysely takes for a connection. It has one to itself in a transaction only. */
class SteadyConnection implements DatabaseConnection {
  readonly #connections: Connections
  #client: pg.PoolClient | undefined
  #begun: Promise<unknown> | undefined
  #isBroken = false
  #hasWritten = false

  constructor(connections: Connections) {
    this.#connections = connections
  }

  async executeQuery<R>({ sql: text, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    if (this.#client) return toResult(await this.#inTransaction(this.#client, text, parameters))
    if (isRead(text)) return toResult(await readFrom(this.#connections, text, parameters))
    // What changes the schema.
    const client = await despiteLosses(() => this.#connections.pool.connect())
    try {
      return toResult(await client.query(text, parameters as unknown[]))
    } catch (error) {
      this.#isBroken = isConnectionLost(error)
      throw error
    } finally {
      client.release(this.#isBroken)
    }
  }

  // biome-ignore lint/correctness/useYield: Kysely asks for it, and nobody uses it.
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('Rows are not streamed here.')
  }

  /** Begins a transaction: the statement goes out with the first one in it. */
  async begin({ isolationLevel, accessMode }: TransactionSettings): Promise<void> {
    const level = isolationLevel === undefined ? '' : ` isolation level ${isolationLevel}`
    const { pool, waits } = this.#connections
    this.#client = await measured(waits, () => despiteLosses(() => pool.connect()))
    this.#begun = this.#client.query(`begin${level}${accessMode === undefined ? '' : ` ${accessMode}`}`)
    this.#begun.catch(() => {})
  }

  async #inTransaction(client: pg.PoolClient, text: string, values: readonly unknown[]): Promise<pg.QueryResult> {
    const { names } = this.#connections
    this.#hasWritten ||= !isRead(text)
    try {
      const name = names.nameOf(text)
      const query = { text, values: values as unknown[], ...(name !== undefined && { name }) }
      const [result] = await Promise.all([client.query(query), this.#begun])
      return result
    } catch (error) {
      if (isStatementStale(error)) names.refuse()
      throw this.#noted(error)
    }
  }

  async commit(): Promise<void> {
    try {
      await this.#begun
      const { command } = (await this.#client?.query('commit')) ?? {}
      if (command === 'ROLLBACK') throw new Error('The transaction was not committed: a statement in it had failed.')
    } catch (error) {
      throw isConnectionLost(error) && this.#hasWritten
        ? this.#noted(new DatabaseAway({ cause: error, isOutcomeUnknown: true }))
        : this.#noted(error)
    }
  }

  async rollback(): Promise<void> {
    if (this.#isBroken) return
    await this.#client?.query('rollback').catch((error: unknown) => this.#noted(error))
  }

  release(): void {
    this.#client?.release(this.#isBroken)
    this.#client = undefined
  }

  #noted(error: unknown): unknown {
    if (error instanceof DatabaseAway || isConnectionLost(error)) this.#isBroken = true
    return error
  }
}

function toResult<R>({ command, rowCount, rows }: pg.QueryResult): QueryResult<R> {
  const changes = command === 'INSERT' || command === 'UPDATE' || command === 'DELETE' || command === 'MERGE'
  return { rows: rows ?? [], ...(changes && { numAffectedRows: BigInt(rowCount ?? 0) }) }
}
