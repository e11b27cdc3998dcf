import { type FileHandle, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { type CompiledQuery, Kysely, type SqliteDatabase, SqliteDialect } from 'kysely'
import { makePrivateFile } from '../core/make-folder.ts'
import { type Database, runTransaction } from './database.ts'
import type { Schema } from './schema.ts'

/** `full`: an acknowledged write survives power loss. `relaxed`: it only survives the end of the process. */
export type Durability = 'full' | 'relaxed'

/** How many prepared statements a connection caches. */
const maxStatements = 500

/**
 * Opens the embedded database, in a file of its own. One connection writes and one reads, so that a reader never waits
 * for a transaction (the write-ahead log gives each read the last committed state).
 */
export function openSqlite(file: string, durability: Durability): Database {
  makePrivateFile(file) // SQLite gives the files beside it the same mode.
  const { connection: writer, hasLog } = connect(file, durability)
  const write = kyselyOf(writer)
  const { connection: reader } = connect(file, durability)
  const read = kyselyOf(reader)
  const snapshot = new Snapshot(reader)
  const log = durability === 'full' && hasLog ? new LogSync(`${file}-wal`) : undefined
  return {
    dialect: 'sqlite',
    read,
    run: async <Row>({ sql }: CompiledQuery<Row>, parameters: readonly unknown[]) => {
      snapshot.take()
      return reader.prepare(sql).all(parameters) as Row[]
    },
    async write(work) {
      const result = await snapshot.without(() => runTransaction(write, work))
      await log?.synced()
      return result
    },
    settled: async () => log?.synced(),
    async close() {
      snapshot.close()
      await log?.close()
      await read.destroy()
      await write.destroy()
    },
  }
}

const kyselyOf = (database: KeptStatements) => new Kysely<Schema>({ dialect: new SqliteDialect({ database }) })

function connect(file: string, durability: Durability): { connection: KeptStatements; hasLog: boolean } {
  const connection = new DatabaseSync(file, { timeout: 5000 })
  // Some file systems, such as shared ones, do not support a write-ahead log.
  const hasLog = connection.prepare('PRAGMA journal_mode = WAL').get()?.journal_mode === 'wal'
  // With a log, `LogSync` waits for the disk, without blocking requests.
  const synchronous = hasLog ? 'NORMAL' : 'FULL'
  connection.exec(`PRAGMA synchronous = ${durability === 'full' ? synchronous : 'OFF'}`)
  connection.exec('PRAGMA foreign_keys = ON')
  connection.exec('PRAGMA cache_size = -16000')
  // Pages that are often rewritten reach the file itself less often: 32 MB of log instead of 4.
  connection.exec('PRAGMA wal_autocheckpoint = 8000')
  return { connection: new KeptStatements(connection), hasLog }
}

/** How long a read snapshot lasts: writes by other processes are seen after at most this long. */
const snapshotMs = 250

/**
 * Keeps the reading connection in one transaction from one write to the next, so that SQLite does not lock and unlock
 * the file for each read, which takes longer than the read. It sees all writes of this process. Other processes write
 * seldom (the operator's commands), and are seen a moment later, since the transaction ends by itself. During a write
 * each read is separate again: a checkpoint gets no further than the oldest transaction that reads.
 */
class Snapshot {
  readonly #reader: KeptStatements
  #writes = 0
  #ending: NodeJS.Timeout | undefined

  constructor(reader: KeptStatements) {
    this.#reader = reader
  }

  take(): void {
    if (this.#writes > 0 || this.#reader.isTransaction) return
    this.#reader.prepare('BEGIN').run([])
    this.#ending ??= setTimeout(() => this.#end(), snapshotMs).unref()
  }

  /** Ends it permanently. */
  close(): void {
    clearTimeout(this.#ending)
  }

  #end(): void {
    this.#ending = undefined
    if (this.#reader.isTransaction) this.#reader.prepare('COMMIT').run([])
  }

  async without<T>(write: () => Promise<T>): Promise<T> {
    if (this.#reader.isTransaction) this.#reader.prepare('COMMIT').run([])
    this.#writes++
    try {
      return await write()
    } finally {
      this.#writes--
    }
  }
}

/**
 * Waits until the write-ahead log is on disk. SQLite can do that itself at each commit, but on the thread that answers
 * requests; here another thread does, and writes that arrive meanwhile share the next wait. With synchronous = NORMAL,
 * SQLite itself waits around checkpoints (https://sqlite.org/wal.html, "Performance Considerations"), so that what is
 * in the log in this order is in the database after power loss.
 */
class LogSync {
  readonly #path: string
  #file: Promise<FileHandle> | undefined
  #running: Promise<void> | undefined
  #next: Promise<void> | undefined

  constructor(path: string) {
    this.#path = path
  }

  /** Resolves when everything that is committed now would survive power loss. */
  synced(): Promise<void> {
    this.#next ??= this.#syncNext()
    return this.#next
  }

  async close(): Promise<void> {
    await Promise.allSettled([this.#running, this.#next])
    const file = await this.#file?.catch(() => undefined)
    await file?.close()
  }

  async #syncNext(): Promise<void> {
    await this.#running?.catch(() => {})
    this.#running = this.#next
    this.#next = undefined
    this.#file ??= this.#open().catch((error) => {
      this.#file = undefined
      throw error
    })
    const file = await this.#file
    await file.datasync()
  }

  /** SQLite keeps this file while the database is open. Its name must survive as well. */
  async #open(): Promise<FileHandle> {
    const file = await open(this.#path, 'r+')
    if (process.platform === 'win32') return file
    const folder = await open(dirname(this.#path), 'r')
    await folder.sync().finally(() => folder.close())
    return file
  }
}

/** A connection as Kysely needs it, with cached prepared statements: Kysely by itself prepares anew for each call. */
class KeptStatements implements SqliteDatabase {
  readonly #connection: DatabaseSync
  readonly #statements = new Map<string, ReturnType<typeof asKysely>>()

  constructor(connection: DatabaseSync) {
    this.#connection = connection
  }

  get isTransaction(): boolean {
    return this.#connection.isTransaction
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

  /** On a full disk SQLite ends the transaction itself; ending it again would fail, and hide the reason. */
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
  const names = statement.columns().map(({ name }) => name)
  const rows = (parameters: readonly unknown[]): unknown[] => statement.all(...values(parameters))
  // node:sqlite returns rows as dictionaries, which are slow to make and to read; these are plain objects.
  statement.setReturnArrays(true)
  // The last rowid that FTS5 writes in one of its tables can exceed the range of a number. Nobody reads it.
  if (names.length === 0) statement.setReadBigInts(true)
  const toRow = (cells: unknown) => {
    const row: Record<string, unknown> = {}
    if (Array.isArray(cells)) for (let i = 0; i < cells.length; i++) row[names[i] ?? ''] = cells[i]
    return row
  }
  return {
    reader: names.length > 0,
    all: (parameters: readonly unknown[]) => rows(parameters).map(toRow),
    run: (parameters: readonly unknown[]) => statement.run(...values(parameters)),
    iterate: (parameters: readonly unknown[]) => rows(parameters).map(toRow).values(),
  }
}
