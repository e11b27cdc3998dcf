import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'

/** Rows that are written many at a time. */
export interface Bulk {
  /** Adds the values of a row, in the order of the columns. */
  add(...row: SQLInputValue[]): void
  /** Writes what was added. */
  flush(): void
  /** How many rows were added. */
  readonly count: number
}

/** A statement has at most this many values: more are not faster. */
const valuesPerStatement = 800

/** Returns what adds rows to a table. `end`: what follows the values in the statement. `zeros`: columns that are 0. */
export function bulkInsert(
  db: DatabaseSync,
  table: string,
  columns: readonly string[],
  { end = '', zeros = [] }: { end?: string; zeros?: readonly string[] } = {},
): Bulk {
  const rowsPerStatement = Math.floor(valuesPerStatement / columns.length)
  const row = `(${[...columns.map(() => '?'), ...zeros.map(() => '0')]})`
  const insert = (rows: number): StatementSync =>
    db.prepare(`INSERT INTO ${table} (${[...columns, ...zeros]}) VALUES ${Array(rows).fill(row)} ${end}`)
  const full = insert(rowsPerStatement)
  const fullLength = rowsPerStatement * columns.length
  let values: SQLInputValue[] = []
  let count = 0
  return {
    add(...row) {
      values.push(...row)
      count++
      if (values.length < fullLength) return
      full.run(...values)
      values = []
    },
    flush() {
      if (values.length > 0) insert(values.length / columns.length).run(...values)
      values = []
    },
    get count() {
      return count
    },
  }
}

/** Runs `work` without the indexes of some tables, and makes them again afterwards, as they were: sorted, which is much faster. */
export function withoutIndexes(
  db: DatabaseSync,
  tables: readonly string[],
  work: () => void,
  making: (name: string) => void,
): void {
  const indexes = db
    .prepare(
      "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN (SELECT value FROM json_each(?)) ORDER BY rowid",
    )
    .all(JSON.stringify(tables)) as { name: string; sql: string }[]
  for (const { name } of indexes) db.exec(`DROP INDEX "${name}"`)
  work()
  for (const { name, sql } of indexes) {
    making(name)
    db.exec(sql)
  }
}
