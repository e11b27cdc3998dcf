import type { CompiledQuery, Transaction } from 'kysely'
import type { Schema } from './schema.ts'

/** Runs a compiled query with the given parameters, and returns its rows at once. */
export type RunNow = <Row>(query: CompiledQuery<Row>, parameters: readonly unknown[]) => Row[]

/** What runs statements on the connection of a transaction, by the shortest path. */
const runs = new WeakMap<Transaction<Schema>, RunNow>()

/** Notes what runs the statements of a transaction at once, for `directRun`; returns the transaction. */
export function withDirectRun(tx: Transaction<Schema>, run: RunNow): Transaction<Schema> {
  runs.set(tx, run)
  return tx
}

/** Returns what runs the statements of a transaction at once; undefined where they are sent to another process. */
export const directRun = (tx: Transaction<Schema>): RunNow | undefined => runs.get(tx)
