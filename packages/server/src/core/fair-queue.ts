import { ApiError } from './errors.ts'
import { type Load, loadNamed } from './loads.ts'

/** How much work a fair queue takes, in all and of one account. */
export interface FairQueueLimits {
  /** At most this many pieces of work run at once… */
  running: number
  /** …of which at most this many are one account's, so that others find a free slot. */
  runningPerAccount: number
  /** At most this many wait… */
  waiting: number
  /** …of which at most this many are one account's. */
  waitingPerAccount: number
  /** All work that runs or waits has at most this many bytes… Default: no limit. */
  bytes?: number
  /** …of which at most this many are one account's. Default: the same. */
  bytesPerAccount?: number
  /** The name of its load. Default: that is not told. */
  name?: string
  /** The message for a client when there is no room: "Too many pictures are waiting to be processed." */
  refusal: string
}

/** Further properties of a piece of work. */
export interface WorkOptions {
  /** The bytes of memory that it holds until it is done. Default: 0. */
  bytes?: number
  /** Takes the work out of the queue while it waits. Work that already runs handles the signal itself. */
  signal?: AbortSignal
}

/** A queue that serves accounts in turn, however much each of them sends. */
export interface FairQueue {
  /**
   * Runs `work` when it is the account's turn, and returns its result. The work of an account runs in the order in which
   * it came; while several accounts wait, each is served once before any of them is served again.
   *
   * Throws what `work` throws, `rateLimited` with `Retry-After` when there is no room for it, and the signal's reason when
   * it is taken out.
   */
  run<T>(accountId: number, work: () => Promise<T>, options?: WorkOptions): Promise<T>
}

/** How long a refused client should wait before it retries, in seconds. */
const retryAfterSeconds = 2

/** The work of one account that runs or waits. */
interface Lane {
  waiting: (() => void)[]
  running: number
  bytes: number
}

/** Makes an empty queue. */
export function fairQueue(limits: FairQueueLimits): FairQueue {
  const { bytes: mostBytes = Number.POSITIVE_INFINITY, bytesPerAccount = mostBytes } = limits
  /** In the order of their turns. */
  const lanes = new Map<number, Lane>()
  let bytesInAll = 0
  /** What runs and waits; `all`: in all queues of that name. */
  const own: Load = { running: 0, waiting: 0 }
  const all = limits.name === undefined ? own : loadNamed(limits.name)
  const count = (running: number, waiting: number) => {
    own.running += running
    own.waiting += waiting
    if (all === own) return
    all.running += running
    all.waiting += waiting
  }

  function hasRoom(lane: Lane, bytes: number): boolean {
    if (bytesInAll + bytes > mostBytes || lane.bytes + bytes > bytesPerAccount) return false
    const startsNow = own.running < limits.running && lane.running < limits.runningPerAccount
    return startsNow || (own.waiting < limits.waiting && lane.waiting.length < limits.waitingPerAccount)
  }

  /** Starts work while there is room. An account that got its turn goes behind all others. */
  function startNext(): void {
    for (const [accountId, lane] of lanes) {
      if (own.running >= limits.running) return
      if (lane.running >= limits.runningPerAccount) continue
      const start = lane.waiting.shift()
      if (!start) continue
      count(1, -1)
      lane.running++
      lanes.delete(accountId)
      lanes.set(accountId, lane)
      start()
    }
  }

  /** Resolves when it is the account's turn. */
  function turn(lane: Lane, signal: AbortSignal | undefined): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const leave = () => {
      const place = lane.waiting.indexOf(start)
      if (place === -1) return
      lane.waiting.splice(place, 1)
      count(0, -1)
      reject(signal?.reason)
    }
    const start = () => {
      signal?.removeEventListener('abort', leave)
      resolve()
    }
    signal?.addEventListener('abort', leave)
    lane.waiting.push(start)
    count(0, 1)
    startNext()
    return promise
  }

  return {
    async run(accountId, work, { bytes = 0, signal } = {}) {
      signal?.throwIfAborted()
      const lane = lanes.get(accountId) ?? { waiting: [], running: 0, bytes: 0 }
      if (!hasRoom(lane, bytes)) throw tooMany(limits.refusal)
      lanes.set(accountId, lane)
      lane.bytes += bytes
      bytesInAll += bytes
      let isRunning = false
      try {
        await turn(lane, signal)
        isRunning = true
        return await work()
      } finally {
        lane.bytes -= bytes
        bytesInAll -= bytes
        if (isRunning) {
          count(-1, 0)
          lane.running--
        }
        if (lane.running === 0 && lane.waiting.length === 0) lanes.delete(accountId)
        startNext()
      }
    },
  }
}

function tooMany(refusal: string): ApiError {
  return new ApiError('rateLimited', {
    detail: `${refusal} Try again in ${retryAfterSeconds} s.`,
    headers: { 'retry-after': String(retryAfterSeconds) },
  })
}
