import { LRUCache } from 'lru-cache'
import type { Clock } from '../core/clock.ts'

/** The tries of a key. */
export interface ThrottleRate {
  /** The number of tries at once. */
  burst: number
  /** One more try each time this has passed. */
  everyMs: number
}

/**
 * Slows down guessing. A key is never locked out: once its failures have used up the burst, it has one more try every
 * `everyMs`, whatever was tried in between.
 */
export class Throttle {
  readonly #clock: Clock
  readonly #rate: ThrottleRate
  /** The time when each key has its whole burst again. Made with the first failure: its places take a millisecond. */
  #fullAt: LRUCache<string, number> | undefined

  constructor(clock: Clock, rate: ThrottleRate) {
    this.#clock = clock
    this.#rate = rate
  }

  /** Returns the seconds until `key` may try again; 0 if it may now. */
  waitSeconds(key: string): number {
    const { burst, everyMs } = this.#rate
    const waitMs = (this.#fullAt?.get(key) ?? 0) - (burst - 1) * everyMs - this.#clock.now()
    return Math.max(0, Math.ceil(waitMs / 1000))
  }

  /**
   * Counts a failure. If checking takes time, count before and take it back after: otherwise all concurrent tries pass.
   */
  failed(key: string): void {
    const now = this.#clock.now()
    this.#fullAt ??= new LRUCache({ max: 20_000 })
    this.#fullAt.set(key, Math.max(this.#fullAt.get(key) ?? 0, now) + this.#rate.everyMs)
  }

  /** Takes back one failure. */
  takeBack(key: string): void {
    const fullAt = this.#fullAt?.get(key)
    if (fullAt !== undefined) this.#fullAt?.set(key, fullAt - this.#rate.everyMs)
  }

  /** Forgets the failures of `key`, which succeeded. */
  succeeded(key: string): void {
    this.#fullAt?.delete(key)
  }
}
