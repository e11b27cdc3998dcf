import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { Kysely, type SqliteDatabase, SqliteDialect } from 'kysely'
import { type Database, runTransaction } from './database.ts'
import type { Schema } from './schema.ts'

/** `full`: an acknowledged write survives power loss. `relaxed`: it survives the end of the process only. */
export type Durability = 'full' | 'relaxed'

/** How many prepared statements a connection keeps. */
const maxStatements = 500

/**
 * Opens the embedded database, in a file of its own. One connection writes and one reads, so that a reader never
 * waits for a transaction (the write-ahead log gives each read the last committed state).
 */
export function openSqlite(file: string, durability: Durability): Database {
  const write = connect(file, durability)
  const read = connect(file, durability)
  return {
    read,
    write: (work) => runTransaction(write, work),
    async close() {
      await read.destroy()
      await write.destroy()
    },
  }
}

function connect(file: string, durability: Durability): Kysely<Schema> {
  const connection = new DatabaseSync(file, { timeout: 5000 })
  connection.exec('PRAGMA journal_mode = WAL')
  connection.exec(`PRAGMA synchronous = ${durability === 'full' ? 'FULL' : 'OFF'}`)
  connection.exec('PRAGMA foreign_keys = ON')
  connection.exec('PRAGMA cache_size = -16000')
  return new Kysely<Schema>({ dialect: new SqliteDialect({ database: new KeptStatements(connection) }) })
}

/** What Kysely wants of a connection; keeps prepared statements, which Kysely by itself makes anew for each call. */
class KeptStatements implements SqliteDatabase {
  readonly #connection: DatabaseSync
  readonly #statements = new Map<string, ReturnType<typeof asKysely>>()

  constructor(connection: DatabaseSync) {
    this.#connection = connection
  }

  prepare(sql: string) {
    const kept = this.#statements.get(sql)
    if (kept) return kept
    const prepared = asKysely(this.#connection.prepare(sql))
    const statement = sql === 'rollback' ? this.#unlessEnded(prepared) : prepared
    if (this.#statements.size >= maxStatements) this.#statements.clear()
    this.#statements.set(sql, statement)
    return statement
  }

  /** On a full disk SQLite ends the transaction itself; ending it once more would fail, and hide why. */
  #unlessEnded(rollback: ReturnType<typeof asKysely>): ReturnType<typeof asKysely> {
    const nothing = { changes: 0, lastInsertRowid: 0 }
    return { ...rollback, run: (parameters) => (this.#connection.isTransaction ? rollback.run(parameters) : nothing) }
  }

  close() {
    this.#connection.close()
  }
}

function asKysely(statement: StatementSync) {
  const values = (parameters: readonly unknown[]) => parameters as SQLInputValue[]
  return {
    reader: statement.columns().length > 0,
    all: (parameters: readonly unknown[]): unknown[] => statement.all(...values(parameters)),
    run: (parameters: readonly unknown[]) => statement.run(...values(parameters)),
    iterate: (parameters: readonly unknown[]) => statement.iterate(...values(parameters)),
  }
}
