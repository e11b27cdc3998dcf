import { type ChildProcess, spawn } from 'node:child_process'
import { rm } from 'node:fs/promises'
import type { Socket } from 'node:net'
import { extname, join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { ApiError } from '../../core/errors.ts'
import type { NewFile } from '../../storage/storage.ts'
import { received, send } from './messages.ts'
import type { Renditions } from './renditions.ts'

/** The number of the stream over which the process is told what to do, and answers. */
export const jobsChannel = 3

/** A folder that does not exist yet, for the files of a picture; `sync`: whether the disk must have them. */
export interface AsideFolder {
  folder: string
  sync: boolean
}

/** What the process is told, with the picture's bytes. */
export interface Task {
  id: number
  aside: AsideFolder | undefined
}

/** What it answers: with the files, if there is no folder for them. */
export type Answer = { id: number } & ({ picture: MadePicture; names?: string[] } | { failed: Failure })

/** Why there is no picture: what is wrong with it, or with the machine. */
type Failure = { unusable: string | undefined } | { message: string; code: string | undefined }

type MadePicture = Omit<Renditions, 'files'> & { originalBytes: number }

/** A picture that was made. Its files are here, or in the folder that was named. */
export type Picture = MadePicture & { files?: NewFile[] }

/** A picture that takes longer is given up. */
const timeoutMs = 60_000
/** A process that had nothing to do for so long ends, and gives its memory back. */
const idleMs = 60_000

/** Variables that programs need to run, and nothing of the server's: it decodes what strangers send. */
const passedOn = ['PATH', 'LD_LIBRARY_PATH', 'SystemRoot', 'TEMP', 'TMP', 'TMPDIR', 'NODE_OPTIONS']

/** The process was ended, by its decoder's crash or by somebody, before it was done. */
class ProcessEnded extends Error {}

interface Job {
  resolve(made: Picture): void
  reject(error: Error): void
}

let shared: PictureProcess | undefined
/** With the other pictures' process gone, each is tried once more in one of its own: alone, so that it is to blame. */
let alone: Promise<unknown> = Promise.resolve()

/**
 * Makes every rendition of a picture, in another process: decoders of pictures that strangers send can crash, and take
 * the processor from whoever answers requests. Throws `imageInvalid` as `makeRenditions` does, also for a picture that
 * ends the process twice, and `unavailable` when the machine has no room for a process. `bytes` are not used any more
 * when it is done.
 */
export async function makeApart(bytes: Buffer, aside?: AsideFolder): Promise<Picture> {
  if (!shared?.isUsable) shared = new PictureProcess()
  try {
    return await shared.make(bytes, aside)
  } catch (error) {
    if (!(error instanceof ProcessEnded)) throw error
  }
  const tidy = () => aside && rm(aside.folder, { recursive: true, force: true })
  const again = alone.then(async () => {
    await tidy()
    const own = new PictureProcess()
    try {
      return await own.make(bytes, aside)
    } finally {
      own.end()
    }
  })
  alone = again.catch(() => {})
  try {
    return await again
  } catch (error) {
    if (!(error instanceof ProcessEnded)) throw error
    await tidy()
    throw new ApiError('imageInvalid', { detail: 'It could not be processed.', cause: error })
  }
}

class PictureProcess {
  readonly #child: ChildProcess
  readonly #channel: Socket
  readonly #jobs = new Map<number, Job>()
  #lastId = 0
  readonly #exit: Promise<{ code: number | null; signal: NodeJS.Signals | null }>
  readonly #kill = () => void this.#child.kill('SIGKILL')
  #idle: NodeJS.Timeout | undefined
  isUsable = true

  constructor() {
    // By itself V8 goes through its whole heap for every 32 MB of pictures' bytes, which are outside it.
    setFlagsFromString('--external-memory-accounted-in-global-limit')
    this.#child = startChild()
    this.#channel = this.#child.stdio[jobsChannel] as Socket
    this.#exit = new Promise((resolve) => this.#child.once('exit', (code, signal) => resolve({ code, signal })))
    process.prependListener('exit', this.#kill)
    this.#channel.on('error', () => {})
    // Only then has nobody the bytes of a picture any more.
    this.#channel.on('close', () => void this.#rejectAll())
    this.#child.unref()
    this.#rest()
    void this.#receive()
  }

  async make(bytes: Buffer, aside: AsideFolder | undefined): Promise<Picture> {
    const id = ++this.#lastId
    const { promise, resolve, reject } = Promise.withResolvers<Picture>()
    this.#jobs.set(id, { resolve, reject })
    clearTimeout(this.#idle)
    this.#channel.ref()
    const task: Task = { id, aside }
    const timer = setTimeout(() => this.end(), timeoutMs)
    try {
      const [made] = await Promise.all([promise, send(this.#channel, task, [bytes]).catch(() => {})])
      return made
    } finally {
      clearTimeout(timer)
      if (this.#jobs.size === 0) this.#rest()
    }
  }

  /** Ends the process; what it had to do fails. */
  end(): void {
    this.isUsable = false
    this.#kill()
    this.#channel.destroy()
  }

  #rest(): void {
    if (!this.isUsable) return
    this.#channel.unref()
    this.#idle = setTimeout(() => this.end(), idleMs).unref()
  }

  async #receive(): Promise<void> {
    for await (const { head, parts } of received<Answer>(this.#channel)) {
      const job = this.#jobs.get(head.id)
      this.#jobs.delete(head.id)
      if ('failed' in head) job?.reject(failure(head.failed))
      else if (!head.names) job?.resolve(head.picture)
      else job?.resolve({ ...head.picture, files: head.names.map((name, i) => ({ name, bytes: parts[i] ?? nothing })) })
    }
    this.end()
  }

  async #rejectAll(): Promise<void> {
    this.isUsable = false
    clearTimeout(this.#idle)
    const { code, signal } = await this.#exit
    process.removeListener('exit', this.#kill)
    const error = signal
      ? new ProcessEnded(`The process of pictures was ended by ${signal}.`)
      : new Error(`The process of pictures ended with ${code}.`)
    for (const { reject } of this.#jobs.values()) reject(error)
    this.#jobs.clear()
  }
}

/** Throws `unavailable` when the system does not let it. */
function startChild(): ChildProcess {
  const variables = passedOn.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]))
  const program = join(import.meta.dirname, `picture-process${extname(import.meta.filename)}`)
  const unavailable = (cause?: unknown) =>
    new ApiError('unavailable', { detail: 'It cannot start a process for pictures.', cause })
  try {
    const child = spawn(process.execPath, ['--', program], {
      stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
      env: { ...Object.fromEntries(variables), UV_THREADPOOL_SIZE: '8', MALLOC_ARENA_MAX: '2' },
    })
    child.on('error', () => {}) // It is for signals that cannot be sent, too.
    if (child.pid === undefined) throw unavailable()
    return child
  } catch (error) {
    throw error instanceof ApiError ? error : unavailable(error)
  }
}

const nothing = Buffer.alloc(0)

function failure(failed: Failure): Error {
  if ('message' in failed) return Object.assign(new Error(failed.message), { code: failed.code })
  return new ApiError('imageInvalid', failed.unusable === undefined ? {} : { detail: failed.unusable })
}
