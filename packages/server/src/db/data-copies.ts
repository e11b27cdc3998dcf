import { type RawBuilder, sql, type Transaction } from 'kysely'
import { dataTables } from './data-tables.ts'
import { type Database, runTransaction } from './database.ts'
import { carryOutSteps, migrationNames } from './migrate.ts'
import type { Schema } from './schema.ts'

type Tx = Transaction<Schema>

/** A copy of all data, in a schema of its own. */
export interface DataCopy {
  name: string
  schema: string
  /** Milliseconds since 1970. */
  createdAt: number
  /** The size of its tables and files. */
  bytes: number
}

/** What says which data of a database count, and which copies there are. */
export interface CopiesState {
  /** Grows when the data are replaced. */
  generation: number
  /** The copy of the data after a seed was filled. */
  seeded: { schema: string; seed: string } | undefined
}

/**
 * Copies of all data of a PostgreSQL database, each in a schema beside the data. They hold the stored files that they
 * name. Nothing is made in the database before the first copy.
 */
export interface DataCopies {
  /** Returns which data count. */
  state(): Promise<CopiesState>
  /** Returns the copies with a name, by their names. */
  list(): Promise<DataCopy[]>
  /** Returns the size of the data's tables, in bytes. */
  size(): Promise<number>
  /**
   * Copies the data under a name, as they are at one moment; undefined when files that it names may have been removed
   * meanwhile.
   */
  save(name: string, now: number): Promise<DataCopy | undefined>
  /** Copies the data as those that a seed has filled. */
  saveSeeded(seed: string): Promise<void>
  /** Removes a copy. The files that it alone has held are swept. */
  remove(copy: Pick<DataCopy, 'schema'>, now: number): Promise<void>
  /** Returns what a copy has noted about its seed; undefined if nothing. */
  seedOf(schema: string): Promise<string | undefined>
  /**
   * Replaces the data by those of a copy in one transaction, and returns the new generation. A copy of an older version
   * is brought up to date. Throws `CopyTooNew`.
   */
  restore(schema: string, now: number): Promise<number>
  /**
   * Replaces the data by those in a schema that was filled with a seed, and keeps it as such a copy instead of an earlier
   * one.
   */
  restoreFilled(schema: string, seed: string, now: number): Promise<number>
  /** Makes an empty schema to be filled; undefined when another server is filling one. */
  beginFilling(now: number): Promise<string | undefined>
  /** Says that it is still being filled: after ten minutes without, another server takes it for one that was left. */
  renewFilling(now: number): Promise<void>
  /**
   * Has a schema that is being filled hold the files under keys. Returns those keys whose files somebody was just
   * removing.
   */
  holdForFilling(schema: string, keys: readonly string[]): Promise<ReadonlySet<string>>
  /** Keeps a schema that was filled as a copy, under a name. Throws `CopyNameTaken`. */
  keepFilled(filled: string, name: string, createdAt: number): Promise<DataCopy>
  /** Discards what was to be filled. The files that it alone has held are swept. */
  discardFilling(schema: string, now: number): Promise<void>
  /** Returns whether a copy holds the files under a key. */
  holds(key: string): Promise<boolean>
}

/** The copy is of a version of the schema that this program does not know. */
export class CopyTooNew extends Error {}

/** Another server has just made a copy of the same name. */
export class CopyNameTaken extends Error {}

/** How long a replacement waits for writes of others before it is given up. */
const lockTimeoutMs = 10_000
/** A schema that was begun to be filled so long ago was left behind. */
const fillingMs = 10 * 60_000
/** Larger data are truncated: that locks readers out for a moment, and leaves nothing to be vacuumed. */
const smallBytes = 200_000_000
/** The table of a copy that says which steps of the schema it has. */
const steps = 'steps'
/** The tables that are read where they are in a copy: it has these though they be empty. */
const alwaysCopied: ReadonlySet<string> = new Set(['meta', 'pictures', 'media'])

/** Makes the copies of a database. */
export async function dataCopiesIn(db: Database): Promise<DataCopies> {
  const { rows } = await sql<{ home: string }>`SELECT current_schema() AS home`.execute(db.read)
  const home = rows[0]?.home ?? 'public'
  const prefix = home === 'public' ? 'pinfold' : `${home}_pinfold`
  const control = `${prefix}_control`
  const at = (schema: string, table: string) => sql.table(`${schema}.${table}`)
  const ours = (table: string) => at(home, table)
  const own = (table: 'state' | 'snapshots' | 'held_files') => at(control, table)
  let isMade = false

  const isThere = async (): Promise<boolean> => {
    if (isMade) return true
    const found = await sql<{ there: boolean }>`
      SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = ${control}) AS there`.execute(db.read)
    isMade = found.rows[0]?.there === true
    return isMade
  }

  /** Makes what says which copies there are, and returns a number for a new one. */
  const begin = async (tx: Tx): Promise<number> => {
    for (const statement of controlTables(control)) await statement.execute(tx)
    const { rows } = await sql<{ newest: number }>`
      UPDATE ${own('state')} SET newest = newest + 1 RETURNING newest`.execute(tx)
    return Number(rows[0]?.newest)
  }

  /** Copies the data into a new schema, and returns its size. To make a table takes longer than to fill it: empty ones are left out. */
  const copyInto = async (tx: Tx, schema: string): Promise<number> => {
    await sql`CREATE SCHEMA ${sql.id(schema)}`.execute(tx)
    const filled = await sql<Record<string, boolean>>`
      SELECT ${sql.join(dataTables.map((table) => sql`EXISTS (SELECT FROM ${ours(table)}) AS ${sql.id(table)}`))}`.execute(
      tx,
    )
    for (const table of dataTables)
      if (filled.rows[0]?.[table] || alwaysCopied.has(table))
        await sql`CREATE TABLE ${at(schema, table)} AS TABLE ${ours(table)}`.execute(tx)
    await sql`CREATE TABLE ${at(schema, steps)} AS SELECT name FROM ${ours('kysely_migration')}`.execute(tx)
    await hold(tx, schema)
    return bytesOf(tx, schema)
  }

  const hold = (tx: Tx, schema: string) =>
    sql`INSERT INTO ${own('held_files')} (key, holder)
      SELECT key, ${schema} FROM (${filesOf(schema)}) files`.execute(tx)

  const filesOf = (schema: string): RawBuilder<unknown> =>
    sql`SELECT key FROM ${at(schema, 'pictures')} UNION SELECT key FROM ${at(schema, 'media')} WHERE key IS NOT NULL`

  const bytesOf = async (tx: Tx, schema: string): Promise<number> => {
    const { rows } = await sql<{ bytes: number }>`
      SELECT (${tableBytes(schema)})
        + (SELECT coalesce(sum(bytes), 0) FROM ${at(schema, 'pictures')})
        + (SELECT coalesce(sum(bytes), 0) FROM ${at(schema, 'media')}) AS bytes`.execute(tx)
    return Number(rows[0]?.bytes)
  }

  /** Has those of a holder's files swept that neither the data nor others need, and forgets that it held them. */
  const letGo = async (tx: Tx, holder: string, now: number) => {
    await sql`INSERT INTO ${ours('picture_sweeps')} (key, queued_at, removing)
      SELECT key, ${now}::bigint, 0 FROM ${own('held_files')} held WHERE holder = ${holder}
        AND NOT EXISTS (SELECT FROM ${own('held_files')} other WHERE other.key = held.key AND other.holder <> ${holder})
        AND NOT EXISTS (SELECT FROM (${filesOf(home)}) used WHERE used.key = held.key)
      ON CONFLICT DO NOTHING`.execute(tx)
    await sql`DELETE FROM ${own('held_files')} WHERE holder = ${holder}`.execute(tx)
  }

  const drop = async (tx: Tx, schema: string, now: number) => {
    await letGo(tx, schema, now)
    await sql`DELETE FROM ${own('snapshots')} WHERE schema = ${schema}`.execute(tx)
    await sql`DROP SCHEMA IF EXISTS ${sql.id(schema)} CASCADE`.execute(tx)
  }

  /** Makes a copy of a schema that was filled, and returns the copy's name. */
  const intoCopy = async (tx: Tx, filled: string, kind: 'seeded' | 'snapshot', number: number): Promise<string> => {
    const schema = `${prefix}_${kind}_${number}`
    await sql`ALTER TABLE ${at(filled, 'kysely_migration')} RENAME TO ${sql.id(steps)}`.execute(tx)
    await sql`DROP TABLE ${at(filled, 'kysely_migration_lock')}`.execute(tx)
    await sql`ALTER SCHEMA ${sql.id(filled)} RENAME TO ${sql.id(schema)}`.execute(tx)
    await hold(tx, schema)
    return schema
  }

  /** Replaces the data, in a transaction. */
  const replace = async (tx: Tx, from: string, now: number): Promise<number> => {
    await sql`SET LOCAL lock_timeout = ${sql.lit(lockTimeoutMs)}`.execute(tx)
    const ordered = await inOrder(tx, home)
    const all = sql.join(ordered.map(ours))
    await sql`LOCK TABLE ${all} IN SHARE ROW EXCLUSIVE MODE`.execute(tx)
    await sql`INSERT INTO ${own('held_files')} (key, holder)
      SELECT key, 'before' FROM (${filesOf(home)} UNION SELECT key FROM ${ours('picture_sweeps')}) files`.execute(tx)
    const { rows } = await sql<{ bytes: number }>`SELECT (${tableBytes(home)}) AS bytes`.execute(tx)
    if (Number(rows[0]?.bytes) > smallBytes) await sql`TRUNCATE ${all}`.execute(tx)
    else for (const table of ordered.toReversed()) await sql`DELETE FROM ${ours(table)}`.execute(tx)
    const source = await upToDate(tx, from)
    await insertAll(tx, source, home, ordered)
    // Those of a copy from elsewhere may be higher.
    for (const numbers of await sequencesIn(tx, home)) await numbers.execute(tx)
    if (source !== from) await sql`DROP SCHEMA ${sql.id(source)} CASCADE`.execute(tx)
    await letGo(tx, 'before', now)
    const counted = await sql<{ generation: number }>`
      UPDATE ${own('state')} SET generation = generation + 1 RETURNING generation`.execute(tx)
    return Number(counted.rows[0]?.generation)
  }

  /** Returns a schema with the data of a copy in the tables of this version: the copy itself, or one made of it. */
  const upToDate = async (tx: Tx, from: string): Promise<string> => {
    const { rows } = await sql<{ name: string }>`SELECT name FROM ${at(from, steps)} ORDER BY name`.execute(tx)
    if (rows.some(({ name }, number) => name !== migrationNames[number])) throw new CopyTooNew()
    if (rows.length === migrationNames.length) return from
    const schema = `${prefix}_upgrade`
    const before = await sql<{ path: string }>`SELECT current_setting('search_path') AS path`.execute(tx)
    await sql`CREATE SCHEMA ${sql.id(schema)}`.execute(tx)
    await sql`SET LOCAL search_path TO ${sql.id(schema)}`.execute(tx)
    await carryOutSteps(tx, 0, rows.length)
    const ordered = await inOrder(tx, schema)
    await sql`TRUNCATE ${sql.join(ordered.map((table) => at(schema, table)))}`.execute(tx)
    await insertAll(tx, from, schema, ordered)
    await carryOutSteps(tx, rows.length, migrationNames.length)
    await sql`SELECT set_config('search_path', ${before.rows[0]?.path}, true)`.execute(tx)
    return schema
  }

  const insertAll = async (tx: Tx, from: string, to: string, ordered: readonly string[]) => {
    const columns = await columnsIn(tx, from)
    for (const table of ordered) {
      const names = columns.get(table)
      if (!names) continue
      const list = sql.join(names.map((name) => sql.id(name)))
      await sql`INSERT INTO ${at(to, table)} (${list}) SELECT ${list} FROM ${at(from, table)}`.execute(tx)
    }
  }

  return {
    async state() {
      if (!(await isThere())) return { generation: 0, seeded: undefined }
      const found = await sql<{ generation: number; seeded: string | null; seed: string | null }>`
        SELECT generation, seeded, seed FROM ${own('state')}`.execute(db.read)
      const { generation = 0, seeded = null, seed = null } = found.rows[0] ?? {}
      const kept = seeded !== null && seed !== null ? { schema: seeded, seed } : undefined
      return { generation: Number(generation), seeded: kept }
    },

    async list() {
      if (!(await isThere())) return []
      const { rows } = await sql<DataCopy>`
        SELECT name, schema, created_at AS "createdAt", bytes FROM ${own('snapshots')}`.execute(db.read)
      return rows
        .map((row) => ({ ...row, createdAt: Number(row.createdAt), bytes: Number(row.bytes) }))
        .sort((a, b) => (a.name < b.name ? -1 : 1))
    },

    async size() {
      const { rows } = await sql<{ bytes: number }>`SELECT (${tableBytes(home)}) AS bytes`.execute(db.read)
      return Number(rows[0]?.bytes)
    },

    async save(name, now) {
      const number = await db.write(begin)
      const schema = `${prefix}_snapshot_${number}`
      const isolated = db.read.transaction().setIsolationLevel('repeatable read')
      const bytes = await isolated.execute(async (tx) => {
        const copied = await copyInto(tx, schema)
        await sql`INSERT INTO ${own('snapshots')} (name, schema, created_at, bytes)
          VALUES (${name}, ${schema}, ${now}::bigint, ${copied}::bigint)`.execute(tx)
        return copied
      })
      // What the data have no more may have been swept before others could see that it is held.
      const lost = await sql`SELECT key FROM ${own('held_files')} held WHERE holder = ${schema}
          AND NOT EXISTS (SELECT FROM (${filesOf(home)}) used WHERE used.key = held.key)
          AND NOT EXISTS (SELECT FROM ${own('held_files')} other WHERE other.key = held.key AND other.holder <> ${schema})
        LIMIT 1`.execute(db.read)
      if (lost.rows.length === 0) return { name, schema, createdAt: now, bytes }
      await db.write((tx) => drop(tx, schema, now))
      return undefined
    },

    async saveSeeded(seed) {
      const number = await db.write(begin)
      const schema = `${prefix}_seeded_${number}`
      await db.write(async (tx) => {
        await copyInto(tx, schema)
        await sql`UPDATE ${own('state')} SET seeded = ${schema}, seed = ${seed}`.execute(tx)
      })
    },

    remove: ({ schema }, now) => db.write((tx) => drop(tx, schema, now)),

    async seedOf(schema) {
      const { rows } = await sql<{ value: string }>`
        SELECT value FROM ${at(schema, 'meta')} WHERE key = 'seed'`.execute(db.read)
      return rows[0]?.value
    },

    restore: (schema, now) => runTransaction(db.read, (tx) => replace(tx, schema, now)),

    restoreFilled: (filled, seed, now) =>
      runTransaction(db.read, async (tx) => {
        const schema = await intoCopy(tx, filled, 'seeded', await begin(tx))
        const before = await sql<{ seeded: string | null }>`SELECT seeded FROM ${own('state')}`.execute(tx)
        const generation = await replace(tx, schema, now)
        const earlier = before.rows[0]?.seeded
        if (earlier) await drop(tx, earlier, now)
        // Empty data are emptied again as fast as they are copied.
        if (seed === 'none') await drop(tx, schema, now)
        await sql`UPDATE ${own('state')} SET
          seeded = ${seed === 'none' ? null : schema}, seed = ${seed === 'none' ? null : seed}, filling = NULL`.execute(
          tx,
        )
        return generation
      }),

    async beginFilling(now) {
      const schema = `${prefix}_filling`
      return db.write(async (tx) => {
        await begin(tx)
        const { rows } = await sql<{ filling: number | null }>`
          SELECT filling FROM ${own('state')} FOR UPDATE`.execute(tx)
        const since = rows[0]?.filling
        if (typeof since === 'number' && Math.abs(now - since) < fillingMs) return undefined
        await letGo(tx, schema, now)
        await sql`DROP SCHEMA IF EXISTS ${sql.id(schema)} CASCADE`.execute(tx)
        await sql`CREATE SCHEMA ${sql.id(schema)}`.execute(tx)
        await sql`UPDATE ${own('state')} SET filling = ${now}::bigint`.execute(tx)
        return schema
      })
    },

    async renewFilling(now) {
      await sql`UPDATE ${own('state')} SET filling = ${now}::bigint WHERE filling IS NOT NULL`.execute(db.read)
    },

    async holdForFilling(schema, keys) {
      const given = JSON.stringify(keys)
      return db.write(async (tx) => {
        await sql`INSERT INTO ${own('held_files')} (key, holder)
          SELECT key, ${schema} FROM json_array_elements_text(${given}::json) key`.execute(tx)
        const { rows } = await sql<{ key: string }>`SELECT key FROM ${ours('picture_sweeps')} WHERE removing = 1
          AND key IN (SELECT key FROM ${own('held_files')} WHERE holder = ${schema})`.execute(tx)
        return new Set(rows.map(({ key }) => key))
      })
    },

    async keepFilled(filled, name, createdAt) {
      try {
        return await db.write(async (tx) => {
          const schema = await intoCopy(tx, filled, 'snapshot', await begin(tx))
          await sql`DELETE FROM ${own('held_files')} WHERE holder = ${filled}`.execute(tx)
          const bytes = await bytesOf(tx, schema)
          await sql`INSERT INTO ${own('snapshots')} (name, schema, created_at, bytes)
            VALUES (${name}, ${schema}, ${createdAt}::bigint, ${bytes}::bigint)`.execute(tx)
          await sql`UPDATE ${own('state')} SET filling = NULL`.execute(tx)
          return { name, schema, createdAt, bytes }
        })
      } catch (error) {
        throw (error as { code?: unknown }).code === '23505' ? new CopyNameTaken() : error
      }
    },

    discardFilling: (schema, now) =>
      db.write(async (tx) => {
        await letGo(tx, schema, now)
        await sql`DROP SCHEMA IF EXISTS ${sql.id(schema)} CASCADE`.execute(tx)
        await sql`UPDATE ${own('state')} SET filling = NULL`.execute(tx)
      }),

    async holds(key) {
      if (!(await isThere())) return false
      const { rows } = await sql`SELECT FROM ${own('held_files')} WHERE key = ${key} LIMIT 1`.execute(db.read)
      return rows.length > 0
    },
  }
}

/** What says which data count, which copies there are, and which files they hold. */
function controlTables(control: string): RawBuilder<unknown>[] {
  const own = (table: string) => sql.table(`${control}.${table}`)
  return [
    sql`CREATE SCHEMA IF NOT EXISTS ${sql.id(control)}`,
    sql`CREATE TABLE IF NOT EXISTS ${own('state')} (
      only_row integer PRIMARY KEY CHECK (only_row = 1), generation bigint NOT NULL, newest bigint NOT NULL,
      seeded text, seed text, filling bigint)`,
    sql`INSERT INTO ${own('state')} (only_row, generation, newest) VALUES (1, 0, 0) ON CONFLICT DO NOTHING`,
    sql`CREATE TABLE IF NOT EXISTS ${own('snapshots')} (
      name text PRIMARY KEY, schema text NOT NULL, created_at bigint NOT NULL, bytes bigint NOT NULL)`,
    sql`CREATE UNIQUE INDEX IF NOT EXISTS snapshot_names ON ${own('snapshots')} (lower(name))`,
    sql`CREATE TABLE IF NOT EXISTS ${own('held_files')} (
      key text NOT NULL, holder text NOT NULL, PRIMARY KEY (key, holder))`,
    sql`CREATE INDEX IF NOT EXISTS held_files_by_holder ON ${own('held_files')} (holder)`,
  ]
}

/** The size of the data's tables in a schema, with their indexes. */
const tableBytes = (schema: string): RawBuilder<unknown> =>
  sql`SELECT coalesce(sum(pg_total_relation_size(pg_class.oid)), 0)
    FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE nspname = ${schema} AND relkind = 'r' AND relname IN (${sql.join(dataTables)})`

/** Returns the data's tables in a schema, each after those that it refers to. */
async function inOrder(tx: Tx, schema: string): Promise<string[]> {
  const tables = await columnsIn(tx, schema)
  const { rows } = await sql<{ source: string; target: string }>`
    SELECT sources.relname AS source, targets.relname AS target FROM pg_constraint
      JOIN pg_class sources ON sources.oid = conrelid JOIN pg_class targets ON targets.oid = confrelid
      JOIN pg_namespace ON pg_namespace.oid = sources.relnamespace
    WHERE contype = 'f' AND nspname = ${schema}`.execute(tx)
  const ordered = new Set<string>()
  const add = (table: string) => {
    if (ordered.has(table) || !tables.has(table)) return
    for (const { source, target } of rows) if (source === table && target !== table) add(target)
    ordered.add(table)
  }
  for (const table of tables.keys()) add(table)
  return [...ordered]
}

/** Returns the columns of the data's tables in a schema. */
async function columnsIn(tx: Tx, schema: string): Promise<Map<string, string[]>> {
  const { rows } = await sql<{ table: string; column: string }>`
    SELECT relname AS "table", attname AS "column" FROM pg_attribute
      JOIN pg_class ON pg_class.oid = attrelid JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE nspname = ${schema} AND relkind = 'r' AND relname IN (${sql.join(dataTables)})
      AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY relname, attnum`.execute(tx)
  const columns = new Map<string, string[]>()
  for (const { table, column } of rows) columns.set(table, [...(columns.get(table) ?? []), column])
  return columns
}

/** Returns the statements that have the numbers which the database gives go on after those in the data's tables. */
async function sequencesIn(tx: Tx, schema: string): Promise<RawBuilder<unknown>[]> {
  const { rows } = await sql<{ table: string; column: string; sequence: string }>`
    SELECT * FROM (
      SELECT table_name AS "table", column_name AS "column",
        pg_get_serial_sequence(format('%I.%I', table_schema, table_name), column_name) AS sequence
      FROM information_schema.columns WHERE table_schema = ${schema} AND table_name IN (${sql.join(dataTables)})
    ) numbered WHERE sequence IS NOT NULL`.execute(tx)
  return rows.map(({ table, column, sequence }) => {
    const newest = sql`max(${sql.id(column)})`
    return sql`SELECT setval(${sequence}::regclass, ${newest}) FROM ${sql.table(`${schema}.${table}`)}
      HAVING ${newest} > nextval(${sequence}::regclass)`
  })
}
