import type { CompiledQuery, Transaction } from 'kysely'
import { type Soon, soon } from '../core/soon.ts'
import type { Database } from './database.ts'
import { directRun } from './direct.ts'
import type { Schema } from './schema.ts'

/** A read that is compiled once, when it is first run; each run supplies its values by name. */
export interface PreparedRead<Values, Row> {
  /** Returns every row. */
  all(values: Values): Promise<Row[]>
  /** Returns the first row, or undefined if there is none. */
  first(values: Values): Promise<Row | undefined>
  /** Returns every row: at once from SQLite. */
  allSoon(values: Values): Soon<Row[]>
  /** Returns the first row: at once from SQLite. */
  firstSoon(values: Values): Soon<Row | undefined>
}

/** Something that compiles to a query. */
interface Compilable<Row> {
  compile(): CompiledQuery<Row>
}

/**
 * Prepares a read whose text is compiled once. `build` is given the placeholders of the values, typed as the values are:
 *
 * @example
 * const byId = prepare(db, ({ id }: { id: number }) => db.read.selectFrom('pins').selectAll().where('id', '=', id))
 * await byId.first({ id: 1 })
 */
export function prepare<Values extends object, Row>(
  db: Database,
  build: (values: Values) => Compilable<Row>,
): PreparedRead<Values, Row> {
  const bind = binder(build)
  const all = (values: Values): Promise<Row[]> => db.run(...bind(values))
  const { runNow } = db
  const allSoon = runNow ? (values: Values): Soon<Row[]> => runNow(...bind(values)) : all
  return {
    all,
    first: (values) => all(values).then((rows) => rows[0]),
    allSoon,
    firstSoon: (values) => soon(allSoon(values), (rows) => rows[0]),
  }
}

/** A database that answers at once. */
type AtOnce = Required<Pick<Database, 'runNow'>>

/** Prepares a read that returns every row at once. `build`: as for `prepare`. */
export function prepareNow<Values extends object, Row>(
  { runNow }: AtOnce,
  build: (values: Values) => Compilable<Row>,
): (values: Values) => Row[] {
  const bind = binder(build)
  return (values) => runNow(...bind(values))
}

/** Returns a function that puts values into a query, which is compiled when it is first called. */
function binder<Values extends object, Row>(build: (values: Values) => Compilable<Row>) {
  let known: CompiledQuery<Row> | undefined
  return (values: Values): [query: CompiledQuery<Row>, parameters: unknown[]] => {
    known ??= build(placeholders<Values>()).compile()
    const { parameters } = known
    const given: unknown[] = new Array(parameters.length)
    for (let i = 0; i < parameters.length; i++) {
      const parameter = parameters[i]
      given[i] = parameter instanceof Placeholder ? values[parameter.name as keyof Values] : parameter
    }
    return [known, given]
  }
}

/** Executes a compiled query: `Database.run`, or `within` a transaction. */
export type Run = <Row>(
  query: CompiledQuery<Row>,
  parameters: readonly unknown[],
) => Promise<readonly Row[]> | readonly Row[]

/** Returns the function that runs queries in a transaction, for `prepareBatch`. */
export function within(tx: Transaction<Schema>): Run {
  const now = directRun(tx)
  if (now) return now
  return async <Row>(query: CompiledQuery<Row>, parameters: readonly unknown[]) =>
    (await tx.executeQuery<Row>({ ...query, parameters })).rows
}

/** Prepares a statement of transactions, whose text is compiled once. `build` is given placeholders, as with `prepare`. */
export function prepareWrite<Values extends object, Row>(
  build: (values: Values) => Compilable<Row>,
): (tx: Transaction<Schema>, values: Values) => Promise<Row[]> {
  const run = prepareBatch((rows: readonly Values[]) => build(rows[0] as Values))
  return (tx, values) => run(within(tx), [values])
}

/** A query over many rows. `shared`: the values common to all of them. */
export type PreparedBatch<Values, Row, Shared extends object> = (
  run: Run,
  rows: readonly Values[],
  ...shared: object extends Shared ? [] : [shared: Shared]
) => Promise<Row[]>

/** At most this many rows at a time go into one statement. */
const batchSizes = [64, 8, 1]

/**
 * Prepares a query over many rows, whose text `build` makes for a number of rows. It runs for some of the rows at a
 * time, so that others get their turn in between.
 */
export function prepareBatch<Values extends object, Row, Shared extends object = object>(
  build: (rows: readonly Values[], shared: Shared) => Compilable<Row>,
): PreparedBatch<Values, Row, Shared> {
  const compiled = new Map<number, { query: CompiledQuery<Row>; writeRow: WriteRow | undefined }>()
  const compile = (size: number) => {
    const known = compiled.get(size)
    if (known) return known
    const rows = Array.from({ length: size }, (_, row) => placeholders<Values>(row))
    const query = build(rows, placeholders<Shared>()).compile()
    const made = { query, writeRow: rowWriter(query.parameters, size) }
    compiled.set(size, made)
    return made
  }
  const parametersOf = (rows: readonly Values[], from: number, size: number, shared: Shared | undefined) => {
    const { query, writeRow } = compile(size)
    if (writeRow) {
      const parameters: unknown[] = []
      for (let i = from; i < from + size; i++) writeRow(parameters, rows[i], query.parameters)
      return parameters
    }
    return query.parameters.map((parameter) => {
      if (!(parameter instanceof Placeholder)) return parameter
      const source = parameter.row === undefined ? shared : rows[from + parameter.row]
      return source?.[parameter.name as keyof typeof source]
    })
  }
  return async (run, rows, ...[shared]) => {
    const found: Row[] = []
    let from = 0
    while (from < rows.length) {
      const size = batchSizes.find((each) => each <= rows.length - from) ?? 1
      const result = run(compile(size).query, parametersOf(rows, from, size, shared))
      for (const row of result instanceof Promise ? await result : result) found.push(row)
      from += size
      if (from < rows.length) await new Promise(setImmediate)
    }
    return found
  }
}

/** Adds the parameters of a row to others. `fixed`: where those are that are the same for each. */
type WriteRow = (to: unknown[], row: object | undefined, fixed: readonly unknown[]) => void

/**
 * Returns what adds the parameters of a row, if those of each row follow one another and are alike: written out for their
 * names, which is several times as fast as a loop over these.
 */
function rowWriter(parameters: readonly unknown[], size: number): WriteRow | undefined {
  const perRow = parameters.length / size
  const isAlike = (parameter: unknown, i: number) => {
    const first = parameters[i % perRow]
    if (!(parameter instanceof Placeholder)) return parameter === first
    return first instanceof Placeholder && parameter.name === first.name && parameter.row === Math.floor(i / perRow)
  }
  if (!Number.isInteger(perRow) || !parameters.every(isAlike)) return undefined
  const values = parameters
    .slice(0, perRow)
    .map((parameter, i) =>
      parameter instanceof Placeholder ? `row[${JSON.stringify(String(parameter.name))}]` : `fixed[${i}]`,
    )
  return new Function('to', 'row', 'fixed', `to.push(${values.join(', ')})`) as WriteRow
}

/** Where a value goes, in place of the value: Kysely gives it back among the parameters of the compiled query. */
class Placeholder {
  readonly name: PropertyKey
  /** The value's row in a batch; undefined for a shared value. */
  readonly row: number | undefined

  constructor(name: PropertyKey, row: number | undefined) {
    this.name = name
    this.row = row
  }
}

/** An object that has a placeholder under every name. To Kysely, which only carries it along, it passes as the values. */
function placeholders<Values extends object>(row?: number): Values {
  return new Proxy<Values>({} as Values, { get: (_, name) => new Placeholder(name, row) })
}
