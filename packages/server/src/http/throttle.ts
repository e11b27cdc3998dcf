import { LRUCache } from 'lru-cache'
import type { Clock } from '../core/clock.ts'

/** Slows down who guesses: after so many failures within a window, a key is refused until the window is over. */
export class Throttle {
  readonly #clock: Clock
  readonly #maxFailures: number
  readonly #windowMs: number
  readonly #failures = new LRUCache<string, { count: number; since: number }>({ max: 20_000 })

  constructor(clock: Clock, maxFailures: number, windowMs: number) {
    this.#clock = clock
    this.#maxFailures = maxFailures
    this.#windowMs = windowMs
  }

  /** Seconds until `key` may try again; 0 if it may now. */
  waitSeconds(key: string): number {
    const { count = 0, since = 0 } = this.#failures.get(key) ?? {}
    const waitMs = since + this.#windowMs - this.#clock.now()
    return count >= this.#maxFailures && waitMs > 0 ? Math.ceil(waitMs / 1000) : 0
  }

  /**
   * Counts a failure. Where finding out takes time, count before and take it back after: else those that come at once
   * all pass.
   */
  failed(key: string): void {
    const now = this.#clock.now()
    const known = this.#failures.get(key)
    const current = known && now - known.since < this.#windowMs ? known : { count: 0, since: now }
    this.#failures.set(key, { ...current, count: current.count + 1 })
  }

  /** Takes back one failure: it was none. */
  takeBack(key: string): void {
    const known = this.#failures.get(key)
    if (known) this.#failures.set(key, { ...known, count: Math.max(0, known.count - 1) })
  }

  /** Forgets the failures of `key`: it has shown what it knows. */
  succeeded(key: string): void {
    this.#failures.delete(key)
  }
}
