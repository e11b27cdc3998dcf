import { randomUUID } from 'node:crypto'
import { closeSync, createReadStream, openSync, rmSync, statSync } from 'node:fs'
import { type FileHandle, open, truncate } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { DatabaseSync } from 'node:sqlite'
import { CommandError } from '../command-error.ts'

/** Identifies an import: a journal belongs to one of them. */
export interface ImportIdentity {
  api: string
  account: string
}

interface Head extends ImportIdentity {
  journal: string
}

/**
 * Reads a journal, and passes each entry to `take`. Returns its id and the length in bytes of its complete lines;
 * undefined if there is no journal.
 */
export async function readJournal<Entry extends object>(
  path: string,
  identity: ImportIdentity,
  take: (entry: Entry) => void,
): Promise<{ id: string; whole: number } | undefined> {
  let head: Head | undefined
  let whole = 0
  try {
    for await (const { line, end } of linesOf(path)) {
      const entry = JSON.parse(line) as Head | Entry
      whole = end
      if ('journal' in entry) head = entry
      else take(entry)
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    if (error instanceof SyntaxError) throw new CommandError(`${path} is not a journal of an import.`)
    throw error
  }
  if (head === undefined) return undefined
  if (head.api !== identity.api || head.account !== identity.account)
    throw new CommandError(
      `${path} is the journal of an import to ${head.api} as ${head.account}. Name another with --journal.`,
    )
  return { id: head.journal, whole }
}

/** Yields the complete lines: a run that was killed can leave a partial one at the end. */
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

/** A file that lines are appended to, so that the next run knows what this one did. */
export class JournalFile<Entry extends object> {
  /** The journal's id. */
  readonly id: string
  readonly #file: FileHandle
  readonly #lock: Lock
  #pending: string[] = []
  #flushing: Promise<void> | undefined

  private constructor(id: string, file: FileHandle, lock: Lock) {
    this.id = id
    this.#file = file
    this.#lock = lock
  }

  /** Opens a journal for this process alone, and passes its entries to `take`; makes it if it does not exist. */
  static async open<Entry extends object>(
    path: string,
    identity: ImportIdentity,
    take: (entry: Entry) => void,
  ): Promise<JournalFile<Entry>> {
    const lock = takeLock(path)
    try {
      const past = await readJournal(path, identity, take)
      if (past) await truncate(path, past.whole)
      const file = await open(path, past ? 'a' : 'w', 0o600)
      const journal = new JournalFile<Entry>(past?.id ?? randomUUID(), file, lock)
      if (!past) await journal.#line({ journal: journal.id, ...identity } satisfies Head)
      return journal
    } catch (error) {
      lock.release()
      throw error
    }
  }

  /** Resolves when the entry is on disk. */
  add(entry: Entry): Promise<void> {
    return this.#line(entry)
  }

  async close(): Promise<void> {
    await this.#flushing
    await this.#file.close()
    this.#lock.release()
  }

  #line(content: Head | Entry): Promise<void> {
    this.#pending.push(`${JSON.stringify(content)}\n`)
    // Entries that arrive while a batch is being written go with the next one.
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

interface Lock {
  release(): void
}

/**
 * Takes one of SQLite's locks on a file of its own, which is removed on release. The system releases the lock when the
 * process ends, however it ends. Throws a `CommandError` when another process has it.
 */
function takeLock(journal: string): Lock {
  const path = `${journal}.lock`
  for (;;) {
    closeSync(openSync(path, 'a', 0o600))
    const before = inodeOf(path)
    const lock = new DatabaseSync(path, { timeout: 0 })
    try {
      lock.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
    } catch {
      lock.close()
      throw new CommandError(`Another import is using ${journal}. Wait until it ends, or name another with --journal.`)
    }
    // The previous owner may have removed the file after it was opened here: then the lock is on a file that nobody
    // else sees.
    if (before !== undefined && inodeOf(path) === before) return { release: () => release(lock, path) }
    lock.close()
  }
}

const inodeOf = (path: string): bigint | undefined => statSync(path, { bigint: true, throwIfNoEntry: false })?.ino

/**
 * Removes the file while the lock is still held, so that nobody else's is removed; Windows only allows it afterwards.
 */
function release(lock: DatabaseSync, path: string): void {
  const remove = () => {
    try {
      rmSync(path, { force: true })
    } catch {} // It is empty, and the next import takes and removes it.
  }
  if (process.platform !== 'win32') remove()
  lock.close()
  if (process.platform === 'win32') remove()
}
