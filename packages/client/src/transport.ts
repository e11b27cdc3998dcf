import { ConnectionError, errorFrom, type PinterestError } from './errors.ts'
import { Pacer, type RateLimitWait, retryAfterSeconds } from './pacing.ts'

/** Options of one call. */
export interface CallOptions {
  /** Ends the call, and the waiting before a retry. */
  signal?: AbortSignal
  timeoutMs?: number
  maxRetries?: number
  /**
   * Identifies a creation, so that it is carried out once however often it is sent; see
   * `ClientOptions.idempotencyKeys`.
   */
  idempotencyKey?: string
  /** Called with the headers of a successful answer. */
  onHeaders?: (headers: Headers) => void
}

/** Receives the client's log messages. */
export interface Logger {
  debug?(message: string): void
  warn?(message: string): void
}

export interface TransportOptions {
  /** Without `/v5`. */
  baseUrl: string
  fetch: typeof fetch
  timeoutMs: number
  maxRetries: number
  idempotencyKeys: boolean
  onRateLimit: ((wait: RateLimitWait) => void) | undefined
  logger: Logger | undefined
  /** The access token to send. */
  token: () => Promise<string>
  /** Gets another token when the service refused `token`; undefined if that is not possible. */
  renewToken: ((token: string) => Promise<string>) | undefined
}

export interface RequestPlan {
  method: string
  /** With everything filled in. */
  path: string
  category: string
  body?: unknown
}

/** The longest wait between two tries, unless the service asks for a longer one. */
const maxBackoffMs = 30_000
/** The longest wait that the client does by itself instead of reporting an error. */
const maxWaitMs = 15 * 60_000

/** Failures before anything was sent: the request cannot have been carried out. */
const notSent = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT', 'CERT_HAS_EXPIRED'])

/** The outcome of a try: an answer's body, or an error and whether to retry. */
type Outcome = { body: unknown } | { error: PinterestError; retry: boolean }

/** Sends requests: with a token, within rate limits, and again where that is safe. */
export class Transport {
  readonly #options: TransportOptions
  readonly #pacer = new Pacer(Date.now)

  constructor(options: TransportOptions) {
    this.#options = options
  }

  /** Returns the parsed body of the answer. Throws a `PinterestError`, or the reason `signal` was aborted with. */
  async request(plan: RequestPlan, options: CallOptions = {}): Promise<unknown> {
    const { maxRetries = this.#options.maxRetries, signal } = options
    const idempotencyKey = options.idempotencyKey ?? (plan.method === 'POST' ? crypto.randomUUID() : undefined)
    let token = await this.#options.token()
    let renewed = false
    for (let attempt = 0; ; attempt++) {
      await this.#pace(plan.category, signal)
      const outcome = await this.#send(plan, token, { ...options, ...(idempotencyKey && { idempotencyKey }) }, attempt)
      if ('body' in outcome) return outcome.body
      const { error, retry } = outcome
      if (error.status === 401 && error.code === 2 && !renewed && this.#options.renewToken) {
        renewed = true
        token = await this.#options.renewToken(token)
        continue
      }
      if (!retry || attempt >= maxRetries) throw error
      const waitMs = waitMsAfter(attempt, error)
      if (waitMs === undefined) throw error
      if (error.status === 429) this.#tellWait(plan.category, waitMs, true)
      this.#options.logger?.warn?.(`${plan.method} ${plan.path}: ${error.message} Trying again in ${waitMs} ms.`)
      await sleep(waitMs, signal)
    }
  }

  async #pace(category: string, signal: AbortSignal | undefined): Promise<void> {
    for (let waitMs = this.#pacer.take(category); waitMs > 0; waitMs = this.#pacer.take(category)) {
      this.#tellWait(category, waitMs, false)
      await sleep(waitMs, signal)
    }
  }

  #tellWait(category: string, waitMs: number, refused: boolean): void {
    this.#options.onRateLimit?.({ category, waitSeconds: waitMs / 1000, refused })
  }

  /** Sends a request that the pacer has released, and tells the pacer when it has ended. */
  async #answer({ path, category }: RequestPlan, init: RequestInit): Promise<Response> {
    const { fetch, baseUrl } = this.#options
    let headers: Headers | undefined
    try {
      const response = await fetch(`${baseUrl}${path}`, init)
      headers = response.headers
      return response
    } finally {
      this.#pacer.settle(category, headers)
    }
  }

  async #send(plan: RequestPlan, token: string, options: CallOptions, attempt: number): Promise<Outcome> {
    const { baseUrl, idempotencyKeys, logger } = this.#options
    const { timeoutMs = this.#options.timeoutMs, signal, idempotencyKey, onHeaders } = options
    const outcome = await sendOnce<unknown>({
      what: `${plan.method} ${baseUrl}${plan.path}`,
      timeoutMs,
      signal,
      isRepeatable: plan.method !== 'POST' || idempotencyKeys,
      send: async (ending) => {
        const response = await this.#answer(plan, {
          method: plan.method,
          signal: ending,
          headers: {
            accept: 'application/json',
            authorization: `Bearer ${token}`,
            ...(plan.body !== undefined && { 'content-type': 'application/json' }),
            ...(idempotencyKeys && idempotencyKey && plan.method === 'POST' && { 'idempotency-key': idempotencyKey }),
          },
          ...(plan.body !== undefined && { body: JSON.stringify(plan.body) }),
        })
        logger?.debug?.(`${plan.method} ${plan.path} ${response.status}`)
        return response
      },
      read: (text) => (text === '' ? undefined : JSON.parse(text)),
    })
    if ('body' in outcome) onHeaders?.(outcome.headers)
    // A deletion that is repeated because its answer was lost finds nothing left to delete: it has succeeded.
    else if (plan.method === 'DELETE' && outcome.error.status === 404 && attempt > 0) return { body: undefined }
    return outcome
  }
}

/** One try of a request. */
export interface Try<Body> {
  /** Its method and address, for messages. */
  what: string
  timeoutMs: number
  signal?: AbortSignal | undefined
  /** Whether it may be sent again though it may have been carried out. */
  isRepeatable: boolean
  send: (signal: AbortSignal) => Promise<Response>
  /** Reads the text of a successful answer; throws when it is not whole. */
  read: (text: string) => Body
}

/**
 * Sends a request once. Returns what was answered, or an error and whether to try again. Throws the reason `signal` was
 * aborted with.
 */
export async function sendOnce<Body>(
  request: Try<Body>,
): Promise<{ body: Body; headers: Headers } | { error: PinterestError; retry: boolean }> {
  const { what, timeoutMs, signal, isRepeatable, send, read } = request
  const timeout = AbortSignal.timeout(timeoutMs)
  try {
    const response = await send(signal ? AbortSignal.any([signal, timeout]) : timeout)
    const text = await response.text()
    if (response.ok) return { body: read(text), headers: response.headers }
    const retry = response.status === 429 || (isRepeatable && response.status >= 500)
    return { error: errorOf(response, text), retry }
  } catch (cause) {
    signal?.throwIfAborted()
    const sent = !notSent.has(codeOf(cause)) && !isNoConnectionOfDeno(cause)
    const why = timeout.aborted ? `No answer within ${timeoutMs} ms` : 'The connection failed'
    return { error: new ConnectionError(`${why}: ${what}.`, { cause }), retry: isRepeatable || !sent }
  }
}

/** Returns how long to wait before the next try; undefined if that is too long to wait for. */
export function waitMsAfter(attempt: number, { retryAfterSeconds }: PinterestError): number | undefined {
  const waitMs = backoffMs(attempt, retryAfterSeconds)
  return waitMs > maxWaitMs ? undefined : waitMs
}

/** Returns the error that an answer describes; an answer that is not JSON is quoted by its beginning. */
export function errorOf(response: Response, text: string): PinterestError {
  const { code, message, details } = readError(text)
  const requestId = response.headers.get('x-pinterest-rid') ?? undefined
  const wait = retryAfterSeconds(response.headers, response.status, Date.now())
  return errorFrom(message ?? `Status ${response.status}: ${text.slice(0, 200)}`, {
    status: response.status,
    ...(code !== undefined && { code }),
    ...(details !== undefined && { details }),
    ...(requestId !== undefined && { requestId }),
    ...(wait !== undefined && { retryAfterSeconds: wait }),
  })
}

function readError(text: string): { code?: number; message?: string; details?: unknown } {
  try {
    const { code, message, details } = JSON.parse(text) as { code?: unknown; message?: unknown; details?: unknown }
    return {
      ...(typeof code === 'number' && { code }),
      ...(typeof message === 'string' && message !== '' && { message }),
      details,
    }
  } catch {
    return {}
  }
}

/** Returns the code of a network failure, wherever `fetch` has put it. */
function codeOf(error: unknown): string {
  for (let e = error; typeof e === 'object' && e !== null; e = (e as { cause?: unknown }).cause) {
    const { code } = e as { code?: unknown }
    if (typeof code === 'string') return code
  }
  return ''
}

/** Returns whether no connection was made. Deno's failures have no codes, and say so in words. */
function isNoConnectionOfDeno(error: unknown): boolean {
  return error instanceof Error && error.cause instanceof Error && /client error \(Connect\)/.test(error.cause.message)
}

/**
 * Returns the time to wait: doubled with each try up to half a minute, partly random; longer if the service says so.
 */
function backoffMs(attempt: number, retryAfter: number | undefined): number {
  if (retryAfter !== undefined) return Math.ceil(retryAfter * 1000) + Math.floor(Math.random() * 250)
  return Math.ceil(Math.random() * Math.min(maxBackoffMs, 500 * 2 ** attempt))
}

/** Waits. Throws the reason `signal` was aborted with. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    const timer = setTimeout(done, ms)
    signal?.addEventListener('abort', aborted, { once: true })
    function done() {
      signal?.removeEventListener('abort', aborted)
      resolve()
    }
    function aborted() {
      clearTimeout(timer)
      reject(signal?.reason)
    }
  })
}
