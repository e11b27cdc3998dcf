import { type ChildProcess, spawn } from 'node:child_process'
import type { Socket } from 'node:net'
import { extname, join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { ApiError } from '../../core/errors.ts'
import type { NewFile } from '../../storage/storage.ts'
import type { PictureLook } from '../looks/picture-look.ts'
import { type Message, received, send } from './messages.ts'
import {
  type Answer,
  type AsideFolder,
  type CostLimit,
  type Failure,
  jobsChannel,
  type MadePicture,
  type Task,
  type Work,
} from './picture-task.ts'
import type { SmallOptions, SmallPicture } from './small-picture.ts'

/** A picture that was made, with its files unless they are in the given folder. */
export type Picture = MadePicture & { files?: NewFile[] }

/** The destination of a picture's files, and its cost limit. */
export interface MakeOptions {
  aside: AsideFolder | undefined
  limit: CostLimit
}

/** How long a picture may take before the process counts as stuck, in milliseconds. */
const timeoutMs = 60_000
/** How long a process may be idle before it ends and frees its memory. */
const idleMs = 60_000

/** Variables that programs need to run, and none of the server's: it decodes what strangers send. */
const passedOn = ['PATH', 'LD_LIBRARY_PATH', 'SystemRoot', 'TEMP', 'TMP', 'TMPDIR', 'NODE_OPTIONS']

/** The process ended before the picture was done: its decoder crashed, or somebody ended it. */
export class ProcessEnded extends Error {}

/** The process ended because of another picture. */
export class EndedByAnother extends ProcessEnded {}

type Done = Exclude<Answer, { failed: Failure }>

interface Job {
  resolve(done: Message<Done>): void
  reject(error: Error): void
}

/** The process that makes pictures, seen from the server. */
export class PictureWorker {
  readonly #child: ChildProcess
  readonly #channel: Socket
  readonly #jobs = new Map<number, Job>()
  #lastId = 0
  readonly #exit: Promise<{ code: number | null; signal: NodeJS.Signals | null }>
  readonly #kill = () => void this.#child.kill('SIGKILL')
  #idle: NodeJS.Timeout | undefined
  /** Whether it reported which picture it ends because of. */
  #isBlameKnown = false
  /** Whether it accepts another picture. */
  isUsable = true

  /** Starts the process. Throws `unavailable` when the system does not permit it. */
  constructor() {
    // By default V8 goes through its whole heap for every 32 MB of pictures' bytes, which are outside it.
    setFlagsFromString('--external-memory-accounted-in-global-limit')
    this.#child = startChild()
    this.#channel = this.#child.stdio[jobsChannel] as Socket
    this.#exit = new Promise((resolve) => this.#child.once('exit', (code, signal) => resolve({ code, signal })))
    process.prependListener('exit', this.#kill)
    this.#channel.on('error', () => {})
    // Only then does nobody use a picture's bytes any more.
    this.#channel.on('close', () => void this.#rejectAll())
    this.#child.unref()
    this.#rest()
    void this.#receive()
  }

  /** Makes a picture. Throws `imageInvalid`, `ProcessEnded`, or the machine's error. */
  async make(bytes: Buffer, { aside, limit }: MakeOptions): Promise<Picture> {
    const { head, parts } = await this.#ask(bytes, { kind: 'all', aside, limit })
    if (!('picture' in head)) throw new TypeError('The process of pictures did something else.')
    const { picture, names } = head
    return names ? { ...picture, files: names.map((name, i) => ({ name, bytes: parts[i] ?? nothing })) } : picture
  }

  /** Looks at a rendition. Throws as `make` does. */
  async look(bytes: Buffer, limit: CostLimit): Promise<PictureLook> {
    const { head } = await this.#ask(bytes, { kind: 'look', limit })
    if (!('look' in head)) throw new TypeError('The process of pictures did something else.')
    return head.look
  }

  /** Makes a small picture. Throws as `make` does. */
  async makeSmall(bytes: Buffer, options: SmallOptions, limit: CostLimit): Promise<SmallPicture> {
    const { head, parts } = await this.#ask(bytes, { kind: 'small', options, limit })
    if (!('small' in head)) throw new TypeError('The process of pictures did something else.')
    return { ...head.small, data: parts[0] ?? nothing }
  }

  async #ask(bytes: Buffer, task: Work & { limit: CostLimit }): Promise<Message<Done>> {
    const id = ++this.#lastId
    const { promise, resolve, reject } = Promise.withResolvers<Message<Done>>()
    this.#jobs.set(id, { resolve, reject })
    clearTimeout(this.#idle)
    this.#channel.ref()
    const head: Task = { id, ...task }
    const timer = setTimeout(() => this.end(), timeoutMs)
    try {
      const [done] = await Promise.all([promise, send(this.#channel, head, [bytes]).catch(() => {})])
      return done
    } finally {
      clearTimeout(timer)
      if (this.#jobs.size === 0) this.#rest()
    }
  }

  /** Ends the process; its pictures fail. */
  end(): void {
    this.isUsable = false
    this.#kill()
    this.#channel.destroy()
  }

  #rest(): void {
    if (!this.isUsable) return
    this.#channel.unref()
    // Of two pictures that are done at the same time, both begin the rest.
    clearTimeout(this.#idle)
    this.#idle = setTimeout(() => this.end(), idleMs).unref()
  }

  async #receive(): Promise<void> {
    for await (const { head, parts } of received<Answer>(this.#channel)) {
      const job = this.#jobs.get(head.id)
      this.#jobs.delete(head.id)
      if ('failed' in head) {
        job?.reject(failure(head.failed))
        if (!head.isLast) continue
        this.#isBlameKnown = true
        this.isUsable = false
      } else job?.resolve({ head, parts })
    }
    this.end()
  }

  async #rejectAll(): Promise<void> {
    this.isUsable = false
    clearTimeout(this.#idle)
    const { code, signal } = await this.#exit
    process.removeListener('exit', this.#kill)
    const Ended = this.#isBlameKnown ? EndedByAnother : ProcessEnded
    const error = signal
      ? new Ended(`The process of pictures was ended by ${signal}.`)
      : new Error(`The process of pictures ended with ${code}.`)
    for (const { reject } of this.#jobs.values()) reject(error)
    this.#jobs.clear()
  }
}

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
    child.on('error', () => {}) // Also emitted for signals that cannot be sent.
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
