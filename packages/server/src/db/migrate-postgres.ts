import { setTimeout as sleep } from 'node:timers/promises'
import {
  ColumnNode,
  CreateIndexNode,
  type Kysely,
  type KyselyPlugin,
  type PluginTransformQueryArgs,
  RawNode,
  type RootOperationNode,
  sql,
  TableNode,
  type Transaction,
} from 'kysely'
import type { Migration } from 'kysely/migration'
import { type Database, runTransaction } from './database.ts'
import { pause } from './postgres/failures.ts'
import type { Schema } from './schema.ts'

type Tx = Transaction<Schema>

/** A database to be migrated. `unhurried`: what it has where there is more than one connection. */
export type Migrated = Pick<Database, 'read' | 'unhurried'>

/** How long a step waits for a lock before it lets others go first, and how often it tries. */
const [lockTimeoutMs, maxTries] = [2000, 30]

/** How often to look whether others have made their indexes. */
const lookMs = 200

/** What Kysely calls the tables in which it notes which steps are done, and that somebody is at it. */
const [doneTable, lockTable] = ['kysely_migration', 'kysely_migration_lock']
/** The row that is locked by who makes an index. */
const indexLock = 'index_lock'
/** The indexes that are still to be made, after the steps that they belong to. */
const indexTable = 'pinfold_pending_indexes'

/**
 * Carries out the steps that are not done, up to one; as many servers at once as like to. Nothing is held in a session, so
 * that any connection will do. An empty database gets all in one transaction. Otherwise each step has its own, which gives up
 * when it has to wait for a lock and tries again, so that nobody waits behind it for long; and its indexes of tables that
 * were there before are made afterwards, while others go on writing.
 */
export async function migratePostgres(
  db: Migrated,
  steps: Readonly<Record<string, Migration>>,
  last?: string,
): Promise<void> {
  const names = Object.keys(steps)
    .filter((name) => last === undefined || name <= last)
    .sort()
  await makeTables(db)
  await makeIndexes(db)
  let done = await doneIn(db.read, steps)
  if (done.size === 0)
    done = await runTransaction(db.read, async (tx) => {
      await lock(tx)
      const found = await doneIn(tx, steps)
      if (found.size > 0) return found
      for (const name of names) await carryOut(tx, name, steps[name])
      return new Set(names)
    })
  for (const name of names) if (!done.has(name) && (await tryStep(db, name, steps))) await makeIndexes(db)
}

/** Returns the steps that are done, and the indexes that are to be made. Throws when some are of a newer version. */
export async function stateOfPostgres(
  { read }: Migrated,
  steps: Readonly<Record<string, Migration>>,
): Promise<{ done: Set<string>; indexes: string[] }> {
  const done = (await isThere(read, doneTable)) ? await doneIn(read, steps) : new Set<string>()
  if (!(await isThere(read, indexTable))) return { done, indexes: [] }
  const { rows } = await sql<{ name: string }>`SELECT name FROM ${sql.table(indexTable)} ORDER BY name`.execute(read)
  return { done, indexes: rows.map(({ name }) => name) }
}

async function isThere(db: Kysely<Schema>, table: string): Promise<boolean> {
  const { rows } = await sql<{ there: boolean }>`SELECT to_regclass(${table}) IS NOT NULL AS there`.execute(db)
  return rows[0]?.there === true
}

async function makeTables({ read }: Migrated): Promise<void> {
  if ((await isThere(read, doneTable)) && (await isThere(read, lockTable)) && (await isThere(read, indexTable))) return
  for (let attempt = 1; ; attempt++) {
    try {
      // Of two that make a table at once, one is told that it exists, or that its name is taken.
      await runTransaction(read, async (tx) => {
        await sql`CREATE TABLE IF NOT EXISTS ${sql.table(doneTable)}
          (name varchar(255) PRIMARY KEY, timestamp varchar(255) NOT NULL)`.execute(tx)
        await sql`CREATE TABLE IF NOT EXISTS ${sql.table(lockTable)}
          (id varchar(255) PRIMARY KEY, is_locked integer NOT NULL DEFAULT 0)`.execute(tx)
        await sql`CREATE TABLE IF NOT EXISTS ${sql.table(indexTable)}
          (name text PRIMARY KEY, statement text NOT NULL)`.execute(tx)
        await sql`INSERT INTO ${sql.table(lockTable)} VALUES ('migration_lock', 0) ON CONFLICT DO NOTHING`.execute(tx)
      })
      return
    } catch (error) {
      const { code } = error as { code?: unknown }
      if (attempt === maxTries || (code !== '42P07' && code !== '23505' && code !== '42710')) throw error
      await pause(attempt)
    }
  }
}

/** Has others wait that migrate, until the transaction ends. */
async function lock(tx: Tx): Promise<void> {
  await sql`SET LOCAL statement_timeout = 0`.execute(tx)
  await sql`SELECT id FROM ${sql.table(lockTable)} WHERE id = 'migration_lock' FOR UPDATE`.execute(tx)
}

async function doneIn(db: Kysely<Schema> | Tx, steps: Readonly<Record<string, Migration>>): Promise<Set<string>> {
  const { rows } = await sql<{ name: string }>`SELECT name FROM ${sql.table(doneTable)}`.execute(db)
  const unknown = rows.find(({ name }) => !(name in steps))
  if (unknown) throw new Error(`it is of a newer version of Pinfold, which has the step ${unknown.name}`)
  return new Set(rows.map(({ name }) => name))
}

async function carryOut(tx: Tx, name: string, step: Migration | undefined): Promise<void> {
  await step?.up(tx)
  await sql`INSERT INTO ${sql.table(doneTable)} VALUES (${name}, ${new Date().toISOString()})`.execute(tx)
}

/** Carries out a step unless it is done, and returns whether it did. */
async function tryStep(db: Migrated, name: string, steps: Readonly<Record<string, Migration>>): Promise<boolean> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await runTransaction(db.read, async (tx) => {
        if ((await doneIn(tx, steps)).has(name)) return false
        await lock(tx)
        if ((await doneIn(tx, steps)).has(name)) return false
        if (!db.unhurried) {
          await carryOut(tx, name, steps[name])
          return true
        }
        await sql`SET LOCAL lock_timeout = ${sql.lit(lockTimeoutMs)}`.execute(tx)
        const later = new Map<string, string>()
        await carryOut(tx.withPlugin(indexesAside(tx, await tablesIn(tx), later)) as Tx, name, steps[name])
        for (const [index, statement] of later)
          await sql`INSERT INTO ${sql.table(indexTable)} VALUES (${index}, ${statement})`.execute(tx)
        return true
      })
    } catch (error) {
      if (attempt === maxTries || (error as { code?: unknown }).code !== '55P03') throw error
      await pause(attempt)
    }
  }
}

async function tablesIn(tx: Tx): Promise<Set<string>> {
  const { rows } = await sql<{ name: string }>`
    SELECT relname AS name FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'`.execute(
    tx,
  )
  return new Set(rows.map(({ name }) => name))
}

const createIndex = /^\s*create index (?:if not exists )?"?(\w+)"? on "?(\w+)"?/i

/** The statement for an index that is there, which does nothing. */
const nothing = CreateIndexNode.cloneWith(CreateIndexNode.create(`${lockTable}_pkey`), {
  ifNotExists: true,
  table: TableNode.create(lockTable),
  columns: [ColumnNode.create('id')],
})

/**
 * Has the indexes of a step be made later: the statements go to `later`, by the names of the indexes. Not those that keep
 * something unique: the step may count on them.
 */
function indexesAside(tx: Tx, tables: ReadonlySet<string>, later: Map<string, string>): KyselyPlugin {
  return {
    transformQuery({ node, queryId }: PluginTransformQueryArgs): RootOperationNode {
      if (node.kind !== 'CreateIndexNode' && node.kind !== 'RawNode') return node
      const { sql: text } = tx.getExecutor().compileQuery(node, queryId)
      const [, index, table] = createIndex.exec(text) ?? []
      if (index === undefined || table === undefined || !tables.has(table)) return node
      later.set(
        index,
        text.replace(/^\s*create index (?:if not exists )?/i, 'CREATE INDEX CONCURRENTLY IF NOT EXISTS '),
      )
      return node.kind === 'RawNode' ? RawNode.createWithSql('select 1') : nothing
    },
    transformResult: async ({ result }) => result,
  }
}

/** Makes the indexes that are to be made, one after the other. Who comes meanwhile waits for them. */
async function makeIndexes(db: Migrated): Promise<void> {
  if (!db.unhurried || (await stateOfIndexes(db.read)) === 0) return
  const other = await db.unhurried()
  try {
    await sql`INSERT INTO ${sql.table(lockTable)} VALUES (${indexLock}, 0) ON CONFLICT DO NOTHING`.execute(db.read)
    while ((await stateOfIndexes(db.read)) > 0)
      if (!(await runTransaction(db.read, (tx) => makeIndex(tx, other.read)))) await sleep(lookMs)
  } finally {
    await other.close()
  }
}

async function stateOfIndexes(db: Kysely<Schema>): Promise<number> {
  const { rows } = await sql<{ n: number }>`SELECT count(*)::int AS n FROM ${sql.table(indexTable)}`.execute(db)
  return rows[0]?.n ?? 0
}

/**
 * Makes one index over another connection: the transaction only keeps others from making one. Returns false when another does;
 * to wait for it in a statement would have it wait for this one, since an index waits for all that saw rows when it was begun.
 * Two that each made one of the same table would wait for each other's transactions for ever.
 */
async function makeIndex(tx: Tx, other: Kysely<Schema>): Promise<boolean> {
  await sql`SET LOCAL statement_timeout = 0`.execute(tx)
  const held = await sql`
    SELECT id FROM ${sql.table(lockTable)} WHERE id = ${indexLock} FOR UPDATE SKIP LOCKED`.execute(tx)
  if (held.rows.length === 0) return false
  const { rows } = await sql<{ name: string; statement: string }>`
    SELECT name, statement FROM ${sql.table(indexTable)} ORDER BY name LIMIT 1 FOR UPDATE SKIP LOCKED`.execute(tx)
  const [index] = rows
  if (!index) return false
  // The last statement must not be one that sees rows: its portal would keep what it saw, which making an index waits for.
  await sql`SET LOCAL idle_in_transaction_session_timeout = 0`.execute(tx)
  const found = await sql<{ valid: boolean }>`
    SELECT indisvalid AS valid FROM pg_index WHERE indexrelid = to_regclass(${index.name})`.execute(other)
  // Somebody was cut off while making it.
  if (found.rows[0]?.valid === false) await sql`DROP INDEX CONCURRENTLY ${sql.id(index.name)}`.execute(other)
  await sql.raw(index.statement).execute(other)
  await sql`DELETE FROM ${sql.table(indexTable)} WHERE name = ${index.name}`.execute(tx)
  return true
}
