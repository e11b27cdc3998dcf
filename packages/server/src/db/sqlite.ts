import { type FileHandle, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { type CompiledQuery, Kysely, type SqliteDatabase, SqliteDialect } from 'kysely'
import { makePrivateFile } from '../core/make-folder.ts'
import { Checkpoints, mostPagesThatWait } from './checkpoints.ts'
import { type Database, runTransaction } from './database.ts'
import { type RunNow, withDirectRun } from './direct.ts'
import { RowWatch } from './row-watch.ts'
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
  const { connection: writing, hasLog } = connect(file, durability)
  const watch = new RowWatch(writing)
  const writer = new KeptStatements(writing, watch)
  const write = kyselyOf(writer)
  const { connection: reading } = connect(file, durability)
  // Without a log a transaction of another process could make the file shorter while it is mapped.
  if (hasLog) for (const each of [reading, writing]) each.exec(`PRAGMA mmap_size = ${mappedBytes}`)
  const reader = new KeptStatements(reading)
  const read = kyselyOf(reader)
  const snapshot = new Snapshot(reader)
  const others = new OthersWatch(watch, snapshot)
  const runInTransaction: RunNow = ({ sql }, parameters) => writer.prepare(sql).all(parameters) as never[]
  const checkpoints = hasLog ? new Checkpoints(file) : undefined
  const log = durability === 'full' && hasLog ? new LogSync(`${file}-wal`) : undefined
  const runNow = <Row>({ sql }: CompiledQuery<Row>, parameters: readonly unknown[]): Row[] => {
    snapshot.take()
    return reader.prepare(sql).all(parameters) as Row[]
  }
  return {
    dialect: 'sqlite',
    read,
    run: async (query, parameters) => runNow(query, parameters),
    runNow,
    watchRows(table, columns, changed) {
      watch.add(table, columns, changed)
      return others
    },
    watchOthers(changed) {
      watch.addOthers(changed)
      return others
    },
    version() {
      others.refresh()
      return watch.version
    },
    async write(work, committed) {
      const result = await snapshot.without(() =>
        runTransaction(write, (tx) => withDirectRun(tx, runInTransaction, work)),
      )
      committed?.()
      checkpoints?.wrote()
      await log?.synced()
      return result
    },
    settled: async () => log?.synced(),
    async close() {
      snapshot.close()
      await log?.close()
      await checkpoints?.close()
      await read.destroy()
      await write.destroy()
      // Kysely closes none that it has not used itself.
      reader.close()
      writer.close()
    },
  }
}

const kyselyOf = (database: KeptStatements) => new Kysely<Schema>({ dialect: new SqliteDialect({ database }) })

/**
 * How much of the file is mapped into memory for reading, instead of read into a cache of its own: the most that SQLite maps.
 * What is mapped counts as memory of the process, and the system takes it back when it needs it.
 */
const mappedBytes = 0x7fff0000

function connect(file: string, durability: Durability): { connection: DatabaseSync; hasLog: boolean } {
  const connection = new DatabaseSync(file, { timeout: 5000 })
  // Some file systems, such as shared ones, do not support a write-ahead log.
  const hasLog = connection.prepare('PRAGMA journal_mode = WAL').get()?.journal_mode === 'wal'
  // With a log, `LogSync` waits for the disk, without blocking requests.
  const synchronous = hasLog ? 'NORMAL' : 'FULL'
  connection.exec(`PRAGMA synchronous = ${durability === 'full' ? synchronous : 'OFF'}`)
  connection.exec('PRAGMA foreign_keys = ON')
  connection.exec('PRAGMA cache_size = -16000')
  connection.exec(`PRAGMA wal_autocheckpoint = ${mostPagesThatWait}`)
  return { connection, hasLog }
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

  /** Ends it, so that the next read sees what other processes have written. */
  renew(): void {
    if (this.#reader.isTransaction) this.#reader.prepare('COMMIT').run([])
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

/** Finds out, as often as a snapshot ends, whether another process has committed anything; not while nobody asks. */
class OthersWatch {
  readonly #watch: RowWatch
  readonly #snapshot: Snapshot
  #isFresh = false

  constructor(watch: RowWatch, snapshot: Snapshot) {
    this.#watch = watch
    this.#snapshot = snapshot
  }

  refresh(): void {
    if (this.#isFresh) return
    this.#isFresh = true
    setTimeout(() => {
      this.#isFresh = false
    }, snapshotMs).unref()
    // The snapshot first: what is read from now on is at least as new as what is found out.
    this.#snapshot.renew()
    this.#watch.findOthers()
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
  readonly #watch: RowWatch | undefined
  readonly #statements = new Map<string, KeptStatement>()

  /** `watch`: what is to know when a transaction ends. */
  constructor(connection: DatabaseSync, watch?: RowWatch) {
    this.#connection = connection
    this.#watch = watch
  }

  get isTransaction(): boolean {
    return this.#connection.isTransaction
  }

  prepare(sql: string) {
    const kept = this.#statements.get(sql)
    if (kept) return kept
    const statement = this.#special(sql, asKysely(this.#connection.prepare(withoutPeeking(sql))))
    if (this.#statements.size >= maxStatements) this.#statements.clear()
    this.#statements.set(sql, statement)
    return statement
  }

  #special(sql: string, statement: KeptStatement): KeptStatement {
    const watch = this.#watch
    if (sql === 'rollback') {
      const rollback = this.#unlessEnded(statement)
      return watch ? after(rollback, () => watch.rolledBack()) : rollback
    }
    // Also when it fails: who knows what is in the file then.
    return sql === 'commit' && watch ? after(statement, () => watch.committed()) : statement
  }

  /** On a full disk SQLite ends the transaction itself; ending it again would fail, and hide the reason. */
  #unlessEnded(rollback: KeptStatement): KeptStatement {
    const nothing = { changes: 0, lastInsertRowid: 0 }
    return { ...rollback, run: (parameters) => (this.#connection.isTransaction ? rollback.run(parameters) : nothing) }
  }

  close() {
    if (this.#connection.isOpen) this.#connection.close()
  }
}

type KeptStatement = ReturnType<typeof asKysely>

/** A statement that calls `then` when it has run, or failed. */
function after(statement: KeptStatement, then: () => void): KeptStatement {
  return {
    ...statement,
    run(parameters) {
      try {
        return statement.run(parameters)
      } finally {
        then()
      }
    },
  }
}

/**
 * With a bare parameter as its limit SQLite plans a statement anew whenever another value is bound, since it looks at the
 * value; at that of an expression it does not look.
 */
const withoutPeeking = (sql: string): string => sql.replaceAll(/\b(limit|offset) \?/gi, '$1 +?')

function asKysely(statement: StatementSync) {
  const values = (parameters: readonly unknown[]) => parameters as SQLInputValue[]
  const names = statement.columns().map(({ name }) => name)
  // node:sqlite returns rows as dictionaries, which are slow to make and to read; these are plain objects.
  statement.setReturnArrays(true)
  // The last rowid that FTS5 writes in one of its tables can exceed the range of a number. Nobody reads it.
  if (names.length === 0) statement.setReadBigInts(true)
  let toRow: ToRow | undefined
  const rows = (parameters: readonly unknown[]): Record<string, unknown>[] => {
    const found = statement.all(...values(parameters)) as unknown[] as unknown[][]
    toRow ??= rowMaker(names)
    return found.map(toRow)
  }
  return {
    reader: names.length > 0,
    all: rows,
    run: (parameters: readonly unknown[]) => statement.run(...values(parameters)),
    iterate: (parameters: readonly unknown[]) => rows(parameters).values(),
  }
}

type ToRow = (cells: readonly unknown[]) => Record<string, unknown>

/** Returns a function that makes an object of a row's cells: one written out for these names is four times as fast as a loop. */
function rowMaker(names: readonly string[]): ToRow {
  const fields = names.map((name, i) => `${JSON.stringify(name)}: cells[${i}]`)
  return new Function('cells', `return { ${fields.join(', ')} }`) as ToRow
}
