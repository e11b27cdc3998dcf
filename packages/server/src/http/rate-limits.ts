import type { AccessTier, RateLimitCategory, RateLimits, RateLimitWindow } from '@pinfold/contract'
import type { Clock } from '../clock.ts'
import { ApiError } from './errors.ts'

/** Who is counted: an app, and the account it acts for. */
export interface RateLimited {
  appId: number
  /** Undefined where an app acts for itself. */
  accountId: number | undefined
  tier: AccessTier
}

interface Counter {
  windowStart: number
  used: number
}

/** One window that applies to a request, with what is left of it. */
interface State {
  name: string
  window: RateLimitWindow
  remaining: number
  resetSeconds: number
}

/** So many counters are kept before those whose window is over are thrown out. */
const maxCounters = 50_000

/**
 * Counts requests in fixed windows, as Envoy does, and says in headers what is left. In memory: the counts begin anew
 * with the process.
 */
export class RateLimiter {
  readonly #limits: RateLimits
  readonly #clock: Clock
  readonly #counters = new Map<string, Counter>()

  constructor(limits: RateLimits, clock: Clock) {
    this.#limits = limits
    this.#clock = clock
  }

  /**
   * Counts one request and gives the headers that tell of it, those of the window with the least left.
   * Throws a 429 with `Retry-After` when a window is used up; a refused request counts nowhere.
   */
  take(who: RateLimited, category: RateLimitCategory): Record<string, string> {
    const now = this.#clock.now()
    const user = `${who.appId}:${who.accountId ?? ''}`
    const main = this.#mainWindow(who, category, user)
    const windows = [{ key: `all:${user}`, name: 'safety_net_app_id_user_id', window: this.#limits.universal }, main]
    const counters = windows.map(({ key, window }) => this.#counter(key, window, now))
    const full = windows.findIndex(({ window }, i) => (counters[i]?.used ?? 0) >= window.limit)
    if (full === -1) for (const counter of counters) counter.used++

    const states = windows.map(({ name, window }, i): State => {
      const { used = 0, windowStart = now } = counters[i] ?? {}
      const resetSeconds = Math.max(1, Math.ceil((windowStart + window.windowSeconds * 1000 - now) / 1000))
      return { name, window, remaining: Math.max(0, window.limit - used), resetSeconds }
    })
    const refused = full === -1 ? undefined : states[full]
    const headers = render(states, refused ?? least(states))
    if (!refused) return headers
    throw new ApiError('rateLimited', {
      detail:
        `${refused.window.limit} requests per ${refused.window.windowSeconds} s (${refused.name}) are used up. ` +
        `Try again in ${refused.resetSeconds} s.`,
      headers: { ...headers, 'retry-after': String(refused.resetSeconds) },
    })
  }

  #mainWindow(who: RateLimited, category: RateLimitCategory, user: string) {
    if (who.tier === 'trial')
      return { key: `trial:${category}:${who.appId}`, name: `${category}_trial_app_id`, window: this.#limits.trial }
    const window = this.#limits.standard[category]
    return { key: `${category}:${user}`, name: `${category}_app_id_user_id`, window }
  }

  #counter(key: string, { windowSeconds }: RateLimitWindow, now: number): Counter {
    const windowMs = windowSeconds * 1000
    const windowStart = now - (now % windowMs)
    let counter = this.#counters.get(key)
    if (!counter) {
      if (this.#counters.size >= maxCounters) this.#forgetOld(now)
      counter = { windowStart, used: 0 }
      this.#counters.set(key, counter)
    } else if (counter.windowStart !== windowStart) {
      counter.windowStart = windowStart
      counter.used = 0
    }
    return counter
  }

  #forgetOld(now: number): void {
    for (const [key, { windowStart }] of this.#counters)
      if (!key.startsWith('trial:') && now - windowStart > 120_000) this.#counters.delete(key)
  }
}

const least = (states: State[]): State => states.reduce((a, b) => (b.remaining < a.remaining ? b : a))

/** Envoy's form: the window with the least left, then every window with its length and name. */
function render(states: State[], shown: State): Record<string, string> {
  const all = states.map(({ name, window }) => `${window.limit};w=${window.windowSeconds};name="${name}"`)
  return {
    'x-ratelimit-limit': [shown.window.limit, ...all].join(', '),
    'x-ratelimit-remaining': String(shown.remaining),
    'x-ratelimit-reset': String(shown.resetSeconds),
  }
}
