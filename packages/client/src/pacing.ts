/** Told when a request waits because of a rate limit. */
export interface RateLimitWait {
  /** Which limit: `org_read`, `org_write`, … */
  category: string
  waitSeconds: number
  /** Whether the service refused a request (429), or the client held one back before it could. */
  refused: boolean
}

interface Window {
  remaining: number
  resetsAt: number
}

/**
 * Keeps within the limits that answers tell of: when a window has nothing left, requests of its category wait until it
 * begins anew, instead of being refused.
 */
export class Pacer {
  readonly #windows = new Map<string, Window>()
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
  }

  /** Milliseconds to wait before a request of this category may go; it is counted as gone when there are none. */
  take(category: string): number {
    const window = this.#windows.get(category)
    const waitMs = window && window.remaining <= 0 ? window.resetsAt - this.#now() : 0
    if (waitMs > 0) return waitMs
    if (window && window.resetsAt <= this.#now()) this.#windows.delete(category)
    else if (window) window.remaining--
    return 0
  }

  /** Learns from the headers of an answer. */
  learn(category: string, headers: Headers): void {
    const remaining = readNumber(headers.get('x-ratelimit-remaining'))
    const resetSeconds = readNumber(headers.get('x-ratelimit-reset'))
    if (remaining === undefined || resetSeconds === undefined) return
    const known = this.#windows.get(category)
    const resetsAt = this.#now() + resetSeconds * 1000
    // Answers can overtake each other: within a window the smallest number that was heard is the truest.
    const sameWindow = known !== undefined && known.resetsAt > this.#now() && Math.abs(known.resetsAt - resetsAt) < 1500
    this.#windows.set(category, { remaining: sameWindow ? Math.min(known.remaining, remaining) : remaining, resetsAt })
  }
}

/** Seconds to wait that an answer names: `Retry-After` as seconds or a date, or `X-RateLimit-Reset`. */
export function retryAfterSeconds(headers: Headers, status: number, now: number): number | undefined {
  const header = headers.get('retry-after')
  const seconds = readNumber(header)
  if (seconds !== undefined) return seconds
  const date = header === null ? Number.NaN : Date.parse(header)
  if (!Number.isNaN(date)) return Math.max(0, (date - now) / 1000)
  return status === 429 ? readNumber(headers.get('x-ratelimit-reset')) : undefined
}

function readNumber(text: string | null): number | undefined {
  if (text === null || text.trim() === '') return undefined
  const value = Number(text)
  return Number.isFinite(value) && value >= 0 ? value : undefined
}
