import type { ErrorName } from '@pinfold/contract'
import type { RefusalReason } from '../core/errors.ts'
import type { Fault } from './faults.ts'

/** A request and its answer, as they are kept: shortened and made readable when somebody reads them. */
export interface KeptCall {
  /** Its number in the log; 0 before it is there. */
  id: number
  /** When it was answered, in milliseconds since 1970, by the server's clock. */
  at: number
  durationMs: number
  requestId: string
  method: string
  url: string
  operation: string | undefined
  app: string | undefined
  account: string | undefined
  /** Who asked: that decides how it can be sent again. */
  sender: KeptSender
  /** Names and values in turn, each on a line, without tokens and cookies. One text is kept with less work than many. */
  requestHeaders: string
  request: KeptBody
  /** Undefined: no answer was sent. */
  status: number | undefined
  /** As they were sent: lines that end with a carriage return as well, which may begin with the status line. */
  answerHeaders: string
  answer: KeptBody
  refusal: { entry: ErrorName; text: string; reason: RefusalReason | undefined } | undefined
  fault: Pick<Fault, 'id' | 'effect'> | undefined
  /** The number of the call that it repeats. */
  replayOf: number | undefined
  /** What is told of no call, wherever it stands: the server's own secrets. */
  secrets: readonly string[]
}

/** Who sent a call: a token is kept as its hash. */
export type KeptSender =
  | { by: 'token'; tokenHash: string }
  | { by: 'app' | 'session' | 'nobody' }
  /** It was refused before it was known who asks, though it named somebody. */
  | { by: 'unknown' }

/** The text of a body, or why it is not kept. */
export interface KeptBody {
  readonly text: string | undefined
  /** The number of its characters. */
  readonly length: number
  readonly note?: string
}

/** A call that has its number in the log. */
export type LoggedCall = KeptCall

/** What a log may hold. */
export interface LogLimits {
  calls: number
  /** What they may take in memory, about. */
  bytes: number
}

/** What the log of a server may hold. */
export const logLimits: LogLimits = { calls: 10_000, bytes: 16 * 1024 * 1024 }

/** The last calls, in memory. */
export interface RequestLog {
  /** Keeps a call, and forgets the oldest if there are too many. Returns it with its number. */
  add(call: KeptCall): LoggedCall
  /** Returns a call by its number; undefined if it is not there. */
  byId(id: number): LoggedCall | undefined
  /** Returns the newest call with this request id; undefined if there is none. */
  byRequestId(requestId: string): LoggedCall | undefined
  /** Returns the calls with numbers below `before`, newest first. */
  newestBefore(before: number): Iterable<LoggedCall>
  /** Returns all calls, oldest first. */
  oldestFirst(): Iterable<LoggedCall>
  /** Forgets all calls. Numbers go on. */
  clear(): void
  /** Has calls numbered by a function from now on: it is given the last number, and returns a larger one. */
  numberBy(number: (last: number) => number): void
  /** Has a function called with each call from now on. Returns the function that ends that. */
  watch(watcher: (call: LoggedCall) => void): () => void
  /** Aborted when the server ends: who waits for calls is let go. */
  closed: AbortSignal
  /** Lets go of who waits for calls. */
  close(): void
}

/** What a call takes beside its texts, about. */
const overheadBytes = 800

/** Makes an empty log. */
export function requestLogOf(limits: LogLimits = logLimits): RequestLog {
  const ring = new Array<LoggedCall | undefined>(limits.calls)
  // Beside the calls: to look at one that has long been there costs more than to keep its size.
  const sizes = new Uint32Array(limits.calls)
  const closing = new AbortController()
  const watchers = new Set<(call: LoggedCall) => void>()
  // Those that are kept have the places from `oldest` to `next`, without `next`.
  let oldest = 1
  let next = 1
  let bytes = 0
  let lastNumber = 0
  let number = (last: number) => last + 1

  function forgetOldest(): void {
    const at = oldest++ % limits.calls
    bytes -= sizes[at] as number
    ring[at] = undefined
  }

  const inPlace = (place: number) => ring[place % limits.calls] as LoggedCall

  /** Returns the place of the first call with this number or a larger one. */
  function placeOf(id: number): number {
    let [low, high] = [oldest, next]
    while (low < high) {
      const middle = Math.floor((low + high) / 2)
      if (inPlace(middle).id < id) low = middle + 1
      else high = middle
    }
    return low
  }

  function byId(id: number): LoggedCall | undefined {
    const place = placeOf(id)
    return place < next && inPlace(place).id === id ? inPlace(place) : undefined
  }

  // Others have a turn between two calls: meanwhile some may be forgotten.
  function* newestBefore(before: number): Iterable<LoggedCall> {
    for (let place = placeOf(before) - 1; place >= oldest; place--) yield inPlace(place)
  }

  return {
    add(call) {
      if (next - oldest >= limits.calls) forgetOldest()
      lastNumber = number(lastNumber)
      call.id = lastNumber
      const at = next++ % limits.calls
      const size = bytesOf(call)
      ring[at] = call
      sizes[at] = size
      bytes += size
      while (bytes > limits.bytes && oldest < next) forgetOldest()
      for (const watcher of watchers) watcher(call)
      return call
    },

    byId,

    byRequestId(requestId) {
      for (const call of newestBefore(Number.POSITIVE_INFINITY)) if (call.requestId === requestId) return call
      return undefined
    },

    newestBefore,

    *oldestFirst() {
      const end = next
      for (let place = oldest; place < end; place++) if (place >= oldest) yield inPlace(place)
    },

    clear() {
      ring.fill(undefined)
      oldest = next
      bytes = 0
    },

    numberBy(given) {
      number = given
    },

    watch(watcher) {
      watchers.add(watcher)
      return () => void watchers.delete(watcher)
    },

    closed: closing.signal,
    close: () => closing.abort(),
  }
}

/** About what a call takes: each character counts as a byte. */
function bytesOf({ url, request, answer, requestHeaders, answerHeaders }: LoggedCall): number {
  return overheadBytes + url.length + request.length + answer.length + requestHeaders.length + answerHeaders.length
}
