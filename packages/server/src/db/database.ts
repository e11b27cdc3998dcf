import type { CompiledQuery, Kysely, Transaction } from 'kysely'
import type { Schema } from './schema.ts'

/** The database, whichever it is. */
export interface Database {
  /** Which of the two it is. */
  readonly dialect: 'sqlite' | 'postgres'
  /** For reading what is committed; never waits for a transaction. */
  readonly read: Kysely<Schema>
  /** Runs a compiled read with parameters of its own: what `read.executeQuery` does, by the shortest way there is. */
  run<Row>(query: CompiledQuery<Row>, parameters: readonly unknown[]): Promise<Row[]>
  /** Runs `work` in a transaction. A number that somebody else took just now makes it run again. */
  write<T>(work: (tx: Transaction<Schema>) => Promise<T>): Promise<T>
  /** Resolves when what can be read by now would survive power loss; `write` waits for that itself. */
  settled(): Promise<void>
  /** Ends its connections, once writes that were begun are done. */
  close(): Promise<void>
}

/** Is called with something new, in the transaction that writes it: what it writes is there together with it. */
export type Written<Row> = (tx: Transaction<Schema>, row: Row) => Promise<void>

/** How often a transaction runs again when another was in its way. */
const maxAttempts = 4

/** Runs `work` in a transaction of `kysely`, and again if it met a conflict that another try can get past. */
export async function runTransaction<T>(
  kysely: Kysely<Schema>,
  work: (tx: Transaction<Schema>) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await kysely.transaction().execute(work)
    } catch (error) {
      if (attempt === maxAttempts || !isTransient(error)) throw error
    }
  }
}

/** Unique keys taken meanwhile, deadlocks and serialization failures, as SQLite and PostgreSQL name them. */
function isTransient(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false
  const { code, errcode } = error as { code?: unknown; errcode?: unknown }
  const sqliteUnique = errcode === 2067 || errcode === 1555
  // SQLite: another process wrote after this transaction had read.
  return sqliteUnique || errcode === 517 || code === '23505' || code === '40001' || code === '40P01'
}
