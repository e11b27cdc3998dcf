import { extname, join } from 'node:path'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { Worker } from 'node:worker_threads'

/**
 * What is committed goes from the log into the file when so many pages wait: 32 MB. Those that are often rewritten reach
 * the file less often so.
 */
const pagesThatWait = 8000
/** So many of them SQLite moves itself, on the thread that commits: if the other thread fails. */
export const mostPagesThatWait = 5 * pagesThatWait
/** After how many transactions to look. */
const everyWrites = 8
/** How long the thread may be idle before it ends. */
const idleMs = 60_000

/**
 * Moves what is committed from the write-ahead log into the file, on a thread of its own: of 8,000 pages all over the file
 * it takes some 80 ms, in which nobody would be answered.
 */
export class Checkpoints {
  readonly #file: string
  /** A connection of its own, since one with a transaction cannot look. */
  #looking: { connection: DatabaseSync; look: StatementSync } | undefined
  #writes = 0
  #isRunning = false
  #thread: Worker | undefined
  #idle: NodeJS.Timeout | undefined

  constructor(file: string) {
    this.#file = file
  }

  /** To be called after each transaction. */
  wrote(): void {
    if (this.#isRunning || ++this.#writes < everyWrites) return
    this.#writes = 0
    if (this.#waiting() < pagesThatWait) return
    this.#isRunning = true
    clearTimeout(this.#idle)
    this.#thread ??= this.#start()
    this.#thread.postMessage('checkpoint')
  }

  /** Ends the thread, when it has done what it is doing. To be called before the connections are closed. */
  async close(): Promise<void> {
    this.#isRunning = true
    await this.#end()
    this.#looking?.connection.close()
  }

  /** Returns how many pages of the log are not in the file yet. */
  #waiting(): number {
    this.#looking ??= this.#prepare()
    const { log, checkpointed } = this.#looking.look.get() ?? {}
    return Number(log) - Number(checkpointed)
  }

  #prepare() {
    const connection = new DatabaseSync(this.#file, { timeout: 5000 })
    return { connection, look: connection.prepare('PRAGMA wal_checkpoint(NOOP)') }
  }

  #start(): Worker {
    const program = join(import.meta.dirname, `checkpoint-thread${extname(import.meta.filename)}`)
    const thread = new Worker(program, { workerData: this.#file })
    thread.unref()
    thread.on('message', () => {
      this.#isRunning = false
      this.#idle = setTimeout(() => void this.#end(), idleMs).unref()
    })
    // The next look starts another; if none can be started, SQLite does it itself in time.
    thread.on('error', () => {})
    thread.on('exit', () => {
      if (this.#thread !== thread) return
      this.#thread = undefined
      this.#isRunning = false
    })
    return thread
  }

  async #end(): Promise<void> {
    clearTimeout(this.#idle)
    const thread = this.#thread
    if (!thread) return
    this.#thread = undefined
    const ended = new Promise((resolve) => thread.once('exit', resolve))
    thread.ref()
    thread.postMessage('close')
    await ended
  }
}
