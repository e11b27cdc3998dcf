import { sql } from 'kysely'
import { dataTables } from '../data-tables.ts'
import type { Database } from '../database.ts'

/** The tables of a copy in a schema of PostgreSQL, which nobody writes. */
export interface CopiedTables {
  /** Returns the steps of the schema that it has, in order. */
  steps(): Promise<string[]>
  /** Returns its tables, and the columns of each. */
  tables(): Promise<ReadonlyMap<string, readonly string[]>>
  /** Yields the rows of a table, some at a time, as a JSON array of objects. */
  rowsOf(table: string, columns: readonly string[]): AsyncIterable<string>
}

/** So many pages of a table, of 8 KB mostly, are read at a time: fewer where long texts lie beside them. */
const pagesAtATime = 16

/** Returns the tables of a copy. */
export function copiedTables(db: Database, schema: string): CopiedTables {
  const at = (table: string) => sql.table(`${schema}.${table}`)
  return {
    async steps() {
      const { rows } = await sql<{ name: string }>`SELECT name FROM ${at('steps')} ORDER BY name`.execute(db.read)
      return rows.map(({ name }) => name)
    },

    async tables() {
      const { rows } = await sql<{ table: string; column: string }>`
        SELECT table_name AS "table", column_name AS "column" FROM information_schema.columns
        WHERE table_schema = ${schema} AND table_name IN (${sql.join(dataTables)}) AND is_generated = 'NEVER'
        ORDER BY table_name, ordinal_position`.execute(db.read)
      const tables = new Map<string, string[]>()
      for (const { table, column } of rows) tables.set(table, [...(tables.get(table) ?? []), column])
      return tables
    },

    async *rowsOf(table, columns) {
      const list = sql.join(columns.map((column) => sql.id(column)))
      const relation = `"${schema}"."${table}"`
      const { rows } = await sql<{ pages: number; whole: number }>`
        SELECT pg_relation_size(${relation}::regclass) / current_setting('block_size')::bigint AS pages,
          pg_table_size(${relation}::regclass) / current_setting('block_size')::bigint AS whole`.execute(db.read)
      const pages = Number(rows[0]?.pages)
      const step = Math.max(1, Math.floor((pagesAtATime * pages) / Number(rows[0]?.whole)))
      // By where rows lie: a copy has no indexes.
      for (let page = 0; page < pages; page += step) {
        const [from, to] = [`(${page},0)`, `(${page + step},0)`]
        const read = await sql<{ json: string | null }>`
          SELECT json_agg(batch)::text AS json FROM (
            SELECT ${list} FROM ${at(table)} WHERE ctid >= ${from}::tid AND ctid < ${to}::tid) batch`.execute(db.read)
        const json = read.rows[0]?.json
        if (json) yield json
      }
    },
  }
}
