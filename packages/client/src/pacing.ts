/** Describes a wait for a rate limit. */
export interface RateLimitWait {
  /** Which limit: `org_read`, `org_write`, … */
  category: string
  waitSeconds: number
  /** Whether the service refused a request (429); otherwise the client held one back before it could. */
  refused: boolean
}

interface Window {
  /** The smallest remainder that an answer in this window has reported: answers can overtake each other. */
  remaining: number
  resetsAt: number
}

/**
 * Keeps within the limits that answers report: when a window is used up, requests of its category wait until the next
 * one begins, instead of being refused.
 */
export class Pacer {
  readonly #windows = new Map<string, Window>()
  /** The number of requests in progress per category: a reported remainder may not include them yet. */
  readonly #underWay = new Map<string, number>()
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
  }

  /** Returns how many milliseconds a request of this category must wait. If none, the request counts as in progress. */
  take(category: string): number {
    const window = this.#windows.get(category)
    const underWay = this.#underWay.get(category) ?? 0
    const waitMs = window && window.remaining <= underWay ? window.resetsAt - this.#now() : 0
    if (waitMs > 0) return waitMs
    if (window && window.resetsAt <= this.#now()) this.#windows.delete(category)
    this.#underWay.set(category, underWay + 1)
    return 0
  }

  /** Ends a request, and learns from the headers of its answer if there was one. */
  settle(category: string, headers?: Headers): void {
    this.#underWay.set(category, (this.#underWay.get(category) ?? 1) - 1)
    const remaining = readNumber(headers?.get('x-ratelimit-remaining') ?? null)
    const resetSeconds = readNumber(headers?.get('x-ratelimit-reset') ?? null)
    if (remaining === undefined || resetSeconds === undefined) return
    const known = this.#windows.get(category)
    const resetsAt = this.#now() + resetSeconds * 1000
    const sameWindow = known !== undefined && known.resetsAt > this.#now() && Math.abs(known.resetsAt - resetsAt) < 1500
    this.#windows.set(category, { remaining: sameWindow ? Math.min(known.remaining, remaining) : remaining, resetsAt })
  }
}

/** Returns the seconds to wait that an answer names: `Retry-After` as seconds or a date, or `X-RateLimit-Reset`. */
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
