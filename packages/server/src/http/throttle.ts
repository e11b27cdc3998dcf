import { LRUCache } from 'lru-cache'
import type { Clock } from '../core/clock.ts'

/** How many tries a key has. */
export interface ThrottleRate {
  /** How many it has at once. */
  burst: number
  /** One more comes each time this has passed. */
  everyMs: number
}

/**
 * Slows down who guesses. A key is never locked out: once its failures have used up the burst, it has one more try each
 * `everyMs`, whatever was tried in between.
 */
export class Throttle {
  readonly #clock: Clock
  readonly #rate: ThrottleRate
  /** When each key will have its whole burst again. */
  readonly #fullAt = new LRUCache<string, number>({ max: 20_000 })

  constructor(clock: Clock, rate: ThrottleRate) {
    this.#clock = clock
    this.#rate = rate
  }

  /** Returns the seconds until `key` may try again; 0 if it may now. */
  waitSeconds(key: string): number {
    const { burst, everyMs } = this.#rate
    const waitMs = (this.#fullAt.get(key) ?? 0) - (burst - 1) * everyMs - this.#clock.now()
    return Math.max(0, Math.ceil(waitMs / 1000))
  }

  /**
   * Counts a failure. Where finding out takes time, count before and take it back after: else those that come at once
   * all pass.
   */
  failed(key: string): void {
    const now = this.#clock.now()
    this.#fullAt.set(key, Math.max(this.#fullAt.get(key) ?? 0, now) + this.#rate.everyMs)
  }

  /** Takes back one failure: it was none. */
  takeBack(key: string): void {
    const fullAt = this.#fullAt.get(key)
    if (fullAt !== undefined) this.#fullAt.set(key, fullAt - this.#rate.everyMs)
  }

  /** Forgets the failures of `key`: it has shown what it knows. */
  succeeded(key: string): void {
    this.#fullAt.delete(key)
  }
}
