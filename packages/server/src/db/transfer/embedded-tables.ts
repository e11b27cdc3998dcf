import { statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { dataTables } from '../data-tables.ts'
import { emptySum, noteRow, rowText, type TableSum } from './row-sums.ts'

/** A row of an embedded table on its way. */
export interface SentRow {
  /** Its values by the names of their columns, as JSON. */
  json: string
  /** Where it stands in its table, as JSON: what `rowsOf` goes on after. */
  at: string
}

/** The tables of an embedded database, as they are at one moment. */
export interface EmbeddedTables extends Disposable {
  /** Differs when the file was written in between. */
  mark: string
  /** The names of the tables that have rows to be read, and the columns of each. */
  tables: ReadonlyMap<string, readonly string[]>
  /** Returns how many rows a table has. */
  count(table: string): number
  /** Yields the rows of a table after one of them, in a fixed order, without holding them. */
  rowsOf(table: string, after?: string): IterableIterator<SentRow>
  /** Sums up the rows of a table. `columns`: those that count, in order. */
  sumOf(table: string, columns: readonly string[], turn: () => Promise<void>): Promise<TableSum>
  /** Returns whether others have written since it was opened. */
  hasChanged(): boolean
}

/** Others get their turn after so many rows. */
const rowsInTurn = 2000

const quoted = (name: string): string => `"${name}"`

/** Opens the file of an embedded database to be read as it is now, also while others read or write it. */
export function embeddedTables(file: string): EmbeddedTables {
  const db = new DatabaseSync(file, { timeout: 5000 })
  try {
    // What lies beside the file goes into it: its time and size then tell one state from another.
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    const mark = markOf(file)
    const version = () => db.prepare('PRAGMA data_version').get()?.data_version
    const before = version()
    db.exec('PRAGMA query_only = ON; BEGIN')
    const tables = tablesIn(db)
    return {
      mark,
      tables,
      count: (table) => Number(db.prepare(`SELECT count(*) AS n FROM ${quoted(table)}`).get()?.n),

      rowsOf(table, after) {
        const key = keyOf(db, table)
        const values = (tables.get(table) ?? []).map((column) => `'${column}', ${quoted(column)}`)
        const from = key.map((_, i) => `json_extract(?1, '$[${i}]')`)
        const statement = db.prepare(`
          SELECT json_object(${values}) AS json, json_array(${key}) AS at FROM ${quoted(table)}
          ${after === undefined ? '' : `WHERE (${key}) > (${from})`} ORDER BY ${key}`)
        return statement.iterate(...(after === undefined ? [] : [after])) as unknown as IterableIterator<SentRow>
      },

      async sumOf(table, columns, turn) {
        const statement = db.prepare(`SELECT ${rowText(columns)} AS row FROM ${quoted(table)}`)
        const sum = emptySum()
        for (const { row } of statement.iterate()) {
          noteRow(sum, String(row))
          if (sum.rows % rowsInTurn === 0) await turn()
        }
        return sum
      },

      hasChanged() {
        db.exec('COMMIT')
        const after = version()
        db.exec('BEGIN')
        return after !== before
      },

      [Symbol.dispose]: () => db.close(),
    }
  } catch (error) {
    db.close()
    throw error
  }
}

function markOf(file: string): string {
  const { size, mtimeNs } = statSync(file, { bigint: true })
  return `${size} ${mtimeNs}`
}

function tablesIn(db: DatabaseSync): Map<string, string[]> {
  const there = new Set(
    db
      .prepare('PRAGMA table_list')
      .all()
      .flatMap(({ name, type }) => (type === 'table' ? [String(name)] : [])),
  )
  return new Map(dataTables.filter((table) => there.has(table)).map((table) => [table, columnsOf(db, table)]))
}

const columnsOf = (db: DatabaseSync, table: string): string[] =>
  db
    .prepare(`PRAGMA table_info(${quoted(table)})`)
    .all()
    .map(({ name }) => String(name))

/** Returns the columns that say where a row stands: the primary key of tables that stand in its order, or the row's number. */
function keyOf(db: DatabaseSync, table: string): string[] {
  const listed = db.prepare('PRAGMA table_list').all()
  if (!listed.some(({ name, wr }) => name === table && wr === 1)) return ['rowid']
  const columns = db.prepare(`PRAGMA table_info(${quoted(table)})`).all()
  return columns
    .filter(({ pk }) => Number(pk) > 0)
    .sort((a, b) => Number(a.pk) - Number(b.pk))
    .map(({ name }) => quoted(String(name)))
}
