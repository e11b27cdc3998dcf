import type { CompiledQuery, Kysely, Transaction } from 'kysely'
import type { ConnectionsUse } from './connection-use.ts'
import { despiteLosses, isStatementStale, pause } from './postgres/failures.ts'
import type { Schema } from './schema.ts'

/** The database, SQLite or PostgreSQL. */
export interface Database {
  /** Which of the two. */
  readonly dialect: 'sqlite' | 'postgres'
  /** Reads committed data; never waits for a transaction. */
  readonly read: Kysely<Schema>
  /** Runs a compiled read with the given parameters: like `read.executeQuery`, by the shortest path. */
  run<Row>(query: CompiledQuery<Row>, parameters: readonly unknown[]): Promise<Row[]>
  /** Does the same at once. SQLite's alone. */
  runNow?<Row>(query: CompiledQuery<Row>, parameters: readonly unknown[]): Row[]
  /**
   * Calls `changed` with the ids of the rows of a table that are gone, or have other values in these columns: at once when
   * that is committed, before anything reads it. What other processes commit is told within a quarter of a second, as
   * `'all'`. SQLite's alone.
   */
  watchRows?(table: keyof Schema, columns: readonly string[], changed: (ids: ChangedIds) => void): Watched
  /** Calls `changed` when another process has committed anything, within a quarter of a second. SQLite's alone. */
  watchOthers?(changed: () => void): Watched
  /**
   * Returns a number that changes with each commit: what was read at once since it last did is what would be read now. What
   * other processes commit is noticed within a quarter of a second. SQLite's alone.
   */
  version?(): number
  /**
   * Runs `work` in a transaction. If a unique number was taken meanwhile, runs it again. `committed` is called when others
   * can read what was written; the promise resolves when that would survive power loss as well.
   */
  write<T>(work: (tx: Transaction<Schema>) => Promise<T>, committed?: () => void): Promise<T>
  /** Resolves when everything that can be read now would survive power loss; `write` waits for that itself. */
  settled(): Promise<void>
  /** Opens another schema of the same database: the one place where its tables are then looked for. PostgreSQL's alone. */
  openSchema?(name: string): Promise<Database>
  /** Reads that may miss what was committed in the last seconds, from a replica. */
  readonly late?: LateReads
  /** Opens the same database once more, for work whose statements may take any time. PostgreSQL's alone. */
  unhurried?(): Promise<Database>
  /** Returns how the connections are used. Of a database server alone. */
  connections?(): ConnectionsUse
  /** Closes the connections, once writes in progress are done. */
  close(): Promise<void>
}

/** Reads of what may be some seconds old. */
export interface LateReads extends Pick<Database, 'run'> {
  /** Returns a number that changes whenever later reads may have an older state than earlier ones, or a newer one. */
  source(): number
}

/** The ids of changed rows, or `'all'` if they are not known. */
export type ChangedIds = ReadonlySet<number> | 'all'

/** What is watched. */
export interface Watched {
  /** To be called before what was read earlier is used: finds out whether another process has committed anything since. */
  refresh(): void
}

/** Called with a new row, in the transaction that writes it: what the callback writes is committed together with it. */
export type Written<Row> = (tx: Transaction<Schema>, row: Row) => Promise<void>

/** How often a transaction is tried when another has taken what it was about to take. */
const maxAttempts = 4
/** How often when the database could not have it and others at once. */
const maxConflicts = 10

/**
 * Runs `work` in a transaction of `kysely`, and again after a conflict that a retry can resolve, or when the connection
 * broke before it could be committed.
 */
export async function runTransaction<T>(
  kysely: Kysely<Schema>,
  work: (tx: Transaction<Schema>) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await despiteLosses(() => kysely.transaction().execute(work))
    } catch (error) {
      if (isConflict(error) && attempt < maxConflicts) await pause(attempt)
      else if (attempt >= maxAttempts || !(isTaken(error) || isStatementStale(error))) throw error
    }
  }
}

/** Deadlocks and serialization failures. */
function isConflict(error: unknown): boolean {
  const { code } = error as { code?: unknown }
  return code === '40001' || code === '40P01'
}

/** Unique keys taken meanwhile, under the names of SQLite and PostgreSQL. */
function isTaken(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false
  const { code, errcode } = error as { code?: unknown; errcode?: unknown }
  const sqliteUnique = errcode === 2067 || errcode === 1555
  // SQLite: another process wrote after this transaction had read.
  return sqliteUnique || errcode === 517 || code === '23505'
}
