import type { CompiledQuery, Kysely, Transaction } from 'kysely'
import type { Schema } from './schema.ts'

/** A query that was compiled once; each run puts its own parameters in, in their order in the text. */
export interface Statement<Row> {
  all(...parameters: readonly unknown[]): Promise<Row[]>
  first(...parameters: readonly unknown[]): Promise<Row | undefined>
}

/** The database, whichever it is. */
export interface Database {
  readonly dialect: 'sqlite' | 'postgres'
  /** For reading what is committed; never waits for a transaction. */
  readonly read: Kysely<Schema>
  /** Runs a compiled read with parameters of its own: what `read.executeQuery` does, by the shortest way there is. */
  run<Row>(query: CompiledQuery<Row>, parameters: readonly unknown[]): Promise<Row[]>
  /** Runs `work` in a transaction. A number that somebody else took just now makes it run again. */
  write<T>(work: (tx: Transaction<Schema>) => Promise<T>): Promise<T>
  /** Resolves when what can be read by now would survive power loss; `write` waits for that itself. */
  settled(): Promise<void>
  close(): Promise<void>
}

/** Told of something new in the transaction that writes it. */
export type Written<Row> = (tx: Transaction<Schema>, row: Row) => Promise<void>

/** Nobody needs to be told. */
export const noRecord = async (): Promise<void> => {}

/** How often a transaction runs again when another was in its way. */
const maxAttempts = 4

/** Prepares a read whose text is compiled once. The values in `query` only hold the parameters' places. */
export function prepare<Row>(db: Database, query: { compile(): CompiledQuery<Row> }): Statement<Row> {
  const compiled = query.compile()
  const all = (...parameters: readonly unknown[]): Promise<Row[]> => {
    if (parameters.length !== compiled.parameters.length)
      throw new Error(`${parameters.length} parameters for ${compiled.parameters.length} places in: ${compiled.sql}`)
    return db.run(compiled, parameters)
  }
  return { all, first: (...parameters) => all(...parameters).then(([first]) => first) }
}

/** Carries a compiled query out: `Database.run`, or `within` a transaction. */
export type Run = <Row>(query: CompiledQuery<Row>, parameters: readonly unknown[]) => Promise<readonly Row[]>

/** So many rows at a time go into one statement. */
const batchSizes = [64, 8, 1]

/**
 * Prepares a query over many rows, whose text `build` makes for a number of rows. It runs for some of the rows at a
 * time; in between others get their turn.
 */
export function prepareBatch<Row>(build: (rows: number) => { compile(): CompiledQuery<Row> }) {
  const compiled = new Map<number, CompiledQuery<Row>>()
  const compile = (size: number): CompiledQuery<Row> => {
    const query = compiled.get(size) ?? build(size).compile()
    compiled.set(size, query)
    return query
  }
  /** The parameters are those of the rows, with others `before` them. */
  return async (run: Run, rows: readonly (readonly unknown[])[], before: readonly unknown[] = []): Promise<Row[]> => {
    const found: Row[] = []
    let from = 0
    while (from < rows.length) {
      const size = batchSizes.find((each) => each <= rows.length - from) ?? 1
      const parameters = [...before, ...rows.slice(from, from + size).flat()]
      for (const row of await run(compile(size), parameters)) found.push(row)
      from += size
      if (from < rows.length) await new Promise(setImmediate)
    }
    return found
  }
}

/** How a query runs in a transaction, for `prepareBatch`. */
export function within(tx: Transaction<Schema>): Run {
  return async <Row>(query: CompiledQuery<Row>, parameters: readonly unknown[]) =>
    (await tx.executeQuery<Row>({ ...query, parameters })).rows
}

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
  return sqliteUnique || code === '23505' || code === '40001' || code === '40P01'
}
