import { sql, type Transaction } from 'kysely'
import { dataTables } from '../data-tables.ts'
import { type Database, runTransaction } from '../database.ts'
import { migrationNames } from '../migrate.ts'
import type { Schema } from '../schema.ts'
import { rowText, sumFrom, sumParts, type TableSum } from './row-sums.ts'

type Tx = Transaction<Schema>

/** How far a copy into a database has come. It is written with the rows that it speaks of. */
export interface Progress {
  /** The mark of the source. */
  source: string
  /** What the schema was when it began. */
  steps: number
  /** The statements that make the indexes and foreign keys again, which rows are inserted without. */
  rules: readonly string[]
  /** The table that is being copied, or is next. */
  table?: string
  /** Where the last row that came stood in it. */
  after?: string
  /** Whether all came. */
  isWhole?: boolean
  /** How many rows came of all tables. */
  rows: number
}

/** What is in a database, for one who would copy into it. */
export type Found = 'nothing' | 'foreign tables' | 'data' | Progress

/** The PostgreSQL database that a copy is made in. */
export interface CopyTarget {
  /** Returns what is in it. It may have no tables yet. */
  find(): Promise<Found>
  /** Begins a copy in a database that has tables without rows: their rules are removed until `addRules`. */
  begin(source: string): Promise<Progress>
  /** Begins a copy anew: what came is removed. */
  beginAnew(progress: Progress, source: string): Promise<Progress>
  /** The columns of each table. */
  columns(): Promise<ReadonlyMap<string, readonly string[]>>
  /** Inserts rows, given as a JSON array, together with the progress after them. Throws `OtherCopy`. */
  insert(table: string, rows: string, before: Progress, after: Progress): Promise<void>
  /** Makes the indexes and foreign keys again that are not there, and calls `made` after each. */
  addRules(progress: Progress, made: () => void): Promise<void>
  /** Sums up the rows of a table. */
  sumOf(table: string, columns: readonly string[]): Promise<TableSum>
  /** Inserts the last rows, JSON arrays by the names of tables, and has the data count. Throws `OtherCopy`. */
  finish(rows: ReadonlyMap<string, string>, progress: Progress): Promise<void>
}

/** Another process copies into the same database. */
export class OtherCopy extends Error {}

/** What installations store about themselves. Its row `copying` is the progress: while it is there, no server uses the data. */
export const notes = 'meta'
const copying = 'copying'

/** Returns the database as the target of a copy. */
export function copyTarget(db: Database): CopyTarget {
  const table = sql.table(notes)

  const advance = async (tx: Tx, before: Progress, after: Progress | undefined) => {
    const known = JSON.stringify(before)
    const moved = after
      ? sql`UPDATE ${table} SET value = ${JSON.stringify(after)} WHERE key = ${copying} AND value = ${known} RETURNING key`
      : sql`DELETE FROM ${table} WHERE key = ${copying} AND value = ${known} RETURNING key`
    if ((await moved.execute(tx)).rows.length === 0) throw new OtherCopy()
  }

  const insertRows = async (tx: Tx, name: string, rows: string) => {
    const columns = sql.join((await columnsIn(tx)).get(name)?.map((column) => sql.id(column)) ?? [])
    await sql`INSERT INTO ${sql.table(name)} (${columns})
      SELECT ${columns} FROM json_populate_recordset(NULL::${sql.table(name)}, ${rows}::json)`.execute(tx)
  }

  return {
    async find() {
      const there = await columnsIn(db.read)
      if (there.size === 0) return 'nothing'
      if (!(await isMigrated(db))) return 'foreign tables'
      if (there.has(notes)) {
        const { rows } = await sql<{ value: string }>`SELECT value FROM ${table} WHERE key = ${copying}`.execute(
          db.read,
        )
        if (rows[0]) return JSON.parse(rows[0].value)
      }
      for (const name of there.keys()) {
        const { rows } = await sql`SELECT 1 FROM ${sql.table(name)} LIMIT 1`.execute(db.read)
        if (rows.length > 0) return 'data'
      }
      return 'nothing'
    },

    begin: (source) =>
      runTransaction(db.read, async (tx) => {
        const { make, remove } = await rulesIn(tx)
        for (const statement of remove) await sql.raw(statement).execute(tx)
        const progress: Progress = { source, steps: migrationNames.length, rules: make, rows: 0 }
        await sql`INSERT INTO ${table} (key, value) VALUES (${copying}, ${JSON.stringify(progress)})`.execute(tx)
        return progress
      }),

    beginAnew: (progress, source) =>
      db.write(async (tx) => {
        const fresh: Progress = { source, steps: progress.steps, rules: progress.rules, rows: 0 }
        await advance(tx, progress, fresh)
        const { remove } = await rulesIn(tx)
        for (const statement of remove) await sql.raw(statement).execute(tx)
        const names = [...(await columnsIn(tx)).keys()].filter((name) => name !== notes)
        await sql`TRUNCATE ${sql.join(names.map((name) => sql.table(name)))}`.execute(tx)
        return fresh
      }),

    columns: () => columnsIn(db.read),

    insert: (name, rows, before, after) =>
      db.write(async (tx) => {
        await advance(tx, before, after)
        await insertRows(tx, name, rows)
      }),

    async addRules({ rules }, made) {
      const there = new Set((await rulesIn(db.read)).make)
      for (const rule of rules) {
        if (!there.has(rule)) await sql.raw(rule).execute(db.read)
        made()
      }
      for (const statement of await sequencesIn(db.read)) await sql.raw(statement).execute(db.read)
      await sql`ANALYZE`.execute(db.read)
    },

    async sumOf(name, columns) {
      const parts = Array.from({ length: sumParts }, (_, i) => {
        const digits = sql`substr(hash, ${sql.lit(i * 8 + 1)}, 8)`
        return sql`coalesce(sum(('x' || ${digits})::bit(32)::bigint), 0)::text`
      })
      const { rows } = await sql<{ rows: string; parts: string[] }>`
        SELECT count(*)::text AS rows, ARRAY[${sql.join(parts)}] AS parts FROM (
          SELECT encode(sha256(convert_to(${sql.raw(rowText(columns))}, 'UTF8')), 'hex') AS hash FROM ${sql.table(name)}
        ) hashes`.execute(db.read)
      return sumFrom(rows[0]?.rows ?? 0, rows[0]?.parts ?? [])
    },

    finish: (rows, progress) =>
      db.write(async (tx) => {
        await advance(tx, progress, undefined)
        for (const [name, some] of rows) await insertRows(tx, name, some)
      }),
  }
}

type Reader = Pick<Database['read'], 'getExecutor'> & Database['read']

async function isMigrated(db: Database): Promise<boolean> {
  const { rows } = await sql<{ there: boolean }>`
    SELECT to_regclass('kysely_migration') IS NOT NULL AS there`.execute(db.read)
  return rows[0]?.there === true
}

/** Returns the columns of the data's tables. */
async function columnsIn(db: Reader | Tx): Promise<Map<string, string[]>> {
  const { rows } = await sql<{ table: string; column: string }>`
    SELECT table_name AS "table", column_name AS "column" FROM information_schema.columns
    WHERE table_schema = current_schema() AND table_name IN (${sql.join(dataTables)}) AND is_generated = 'NEVER'
    ORDER BY table_name, ordinal_position`.execute(db)
  const columns = new Map<string, string[]>()
  for (const { table, column } of rows) columns.set(table, [...(columns.get(table) ?? []), column])
  return columns
}

/** Returns the statements that make and remove what slows down inserts: indexes that keep nothing unique, and foreign keys. */
async function rulesIn(db: Reader | Tx): Promise<{ make: string[]; remove: string[] }> {
  const { rows } = await sql<{ make: string; remove: string }>`
    SELECT pg_get_indexdef(indexrelid) AS make, format('DROP INDEX %s', indexrelid::regclass) AS remove
    FROM pg_index JOIN pg_class ON pg_class.oid = indrelid
    WHERE relnamespace = current_schema()::regnamespace AND relname IN (${sql.join(dataTables)}) AND NOT indisunique
    UNION ALL
    SELECT format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(pg_constraint.oid)),
      format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname)
    FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid
    WHERE contype = 'f' AND relnamespace = current_schema()::regnamespace AND relname IN (${sql.join(dataTables)})`.execute(
    db,
  )
  return { make: rows.map(({ make }) => make), remove: rows.map(({ remove }) => remove) }
}

/** Returns the statements that have the numbers which the database gives go on after those that came. */
async function sequencesIn(db: Reader): Promise<string[]> {
  const { rows } = await sql<{ statement: string }>`
    SELECT format('SELECT setval(%L, max(%I)) FROM %I HAVING max(%I) IS NOT NULL',
      pg_get_serial_sequence(quote_ident(table_name), column_name), column_name, table_name, column_name) AS statement
    FROM information_schema.columns
    WHERE table_schema = current_schema() AND table_name IN (${sql.join(dataTables)})
      AND pg_get_serial_sequence(quote_ident(table_name), column_name) IS NOT NULL`.execute(db)
  return rows.map(({ statement }) => statement)
}
