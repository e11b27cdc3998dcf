import type { CompiledQuery, Transaction } from 'kysely'
import type { Schema } from './schema.ts'

/** Runs a compiled query with the given parameters, and returns its rows at once. */
export type RunNow = <Row>(query: CompiledQuery<Row>, parameters: readonly unknown[]) => Row[]

/** What runs statements on the connection of a transaction, by the shortest path. */
const runs = new WeakMap<Transaction<Schema>, RunNow>()

/** Does `work` in a transaction whose statements `run` can run at once, for `directRun`. */
export async function withDirectRun<T>(
  tx: Transaction<Schema>,
  run: RunNow,
  work: (tx: Transaction<Schema>) => Promise<T>,
): Promise<T> {
  runs.set(tx, run)
  try {
    return await work(tx)
  } finally {
    // A statement that comes too late is refused by the transaction, as elsewhere.
    runs.delete(tx)
  }
}

/** Returns what runs the statements of a transaction at once; undefined where they are sent to another process. */
export const directRun = (tx: Transaction<Schema>): RunNow | undefined => runs.get(tx)
