import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, open, truncate } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { DatabaseSync } from 'node:sqlite'
import { CommandProblem } from '../problem.mts'

/** What an import is about: a journal is for one of them. */
export interface ImportIdentity {
  api: string
  account: string
}

interface Head extends ImportIdentity {
  journal: string
}

/** A row's creation was begun, came to a Pin, or certainly to none. Times are milliseconds since 1970. */
export type Entry =
  | { begun: string; row: number; at: number }
  | { made: string; row: number; pin: string }
  | { failed: string; row: number; reason: string }

/** What is known of earlier runs. */
export interface Past {
  /** What makes this import's keys its own. */
  id: string
  made: Set<string>
  /** Rows of which it is not known what came of them, with when they were begun. */
  begun: Map<string, number>
}

/** Reads a journal; undefined if there is none yet. `whole`: how many of its bytes are lines that are all there. */
async function readJournal(path: string, identity: ImportIdentity): Promise<(Past & { whole: number }) | undefined> {
  const made = new Set<string>()
  const begun = new Map<string, number>()
  let head: Head | undefined
  let whole = 0
  try {
    for await (const { line, end } of linesOf(path)) {
      const entry = JSON.parse(line) as Head | Entry
      whole = end
      if ('journal' in entry) head = entry
      else if ('begun' in entry) begun.set(entry.begun, entry.at)
      else if ('made' in entry) {
        made.add(entry.made)
        begun.delete(entry.made)
      } else begun.delete(entry.failed)
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    if (error instanceof SyntaxError) throw new CommandProblem(`${path} is not a journal of an import.`)
    throw error
  }
  if (head === undefined) return undefined
  if (head.api !== identity.api || head.account !== identity.account)
    throw new CommandProblem(
      `${path} is the journal of an import to ${head.api} as ${head.account}. Name another with --journal.`,
    )
  return { id: head.journal, made, begun, whole }
}

/** The lines that are whole: a run that was killed can leave half of one at the end. */
async function* linesOf(path: string): AsyncGenerator<{ line: string; end: number }> {
  const file = await open(path)
  const { size } = await file.stat()
  const ends = size > 0 && (await file.read({ buffer: Buffer.alloc(1), position: size - 1 })).buffer[0] === 10
  await file.close()
  let end = 0
  let last: { line: string; end: number } | undefined
  for await (const line of createInterface({ input: createReadStream(path) })) {
    if (last) yield last
    end += Buffer.byteLength(line) + 1
    last = { line, end }
  }
  if (last && ends) yield last
}

/** What earlier runs did, without taking part. */
export const readPast = (path: string, identity: ImportIdentity): Promise<Past | undefined> =>
  readJournal(path, identity)

/** A file that a line is added to for whatever happens to a row, so that the next run knows. */
export class Journal {
  readonly past: Past
  readonly #file: FileHandle
  readonly #lock: DatabaseSync
  #pending: string[] = []
  #flushing: Promise<void> | undefined

  private constructor(past: Past, file: FileHandle, lock: DatabaseSync) {
    this.past = past
    this.#file = file
    this.#lock = lock
  }

  /** Opens a journal for this process alone; it is made if it is not there. */
  static async open(path: string, identity: ImportIdentity): Promise<Journal> {
    const lock = takeLock(path)
    try {
      const past = await readJournal(path, identity)
      if (past) await truncate(path, past.whole)
      const file = await open(path, past ? 'a' : 'w', 0o600)
      const id = past?.id ?? randomUUID()
      const journal = new Journal(past ?? { id, made: new Set(), begun: new Map() }, file, lock)
      if (!past) await journal.#line({ journal: id, ...identity } satisfies Head)
      return journal
    } catch (error) {
      lock.close()
      throw error
    }
  }

  /** Resolves when the entry is on the disk. */
  add(entry: Entry): Promise<void> {
    return this.#line(entry)
  }

  async close(): Promise<void> {
    await this.#flushing
    await this.#file.close()
    this.#lock.close()
  }

  #line(content: Head | Entry): Promise<void> {
    this.#pending.push(`${JSON.stringify(content)}\n`)
    // What comes while a batch is being written goes with the next one.
    const after = this.#flushing ?? Promise.resolve()
    if (this.#pending.length === 1) this.#flushing = after.then(() => this.#flush())
    return this.#flushing ?? after
  }

  async #flush(): Promise<void> {
    const batch = this.#pending.join('')
    this.#pending = []
    await this.#file.appendFile(batch)
    await this.#file.datasync()
  }
}

/** One of SQLite's locks on a file of its own: the system gives it up when the process ends, however it ends. */
function takeLock(path: string): DatabaseSync {
  const lock = new DatabaseSync(`${path}.lock`, { timeout: 0 })
  try {
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
    return lock
  } catch {
    lock.close()
    throw new CommandProblem(`Another import is using ${path}. Wait until it ends, or name another with --journal.`)
  }
}
