import { LRUCache } from 'lru-cache'
import type { Clock } from '../core/clock.ts'
import type { SharedMemory } from '../core/shared-memory.ts'

/** The tries of a key. */
export interface ThrottleRate {
  /** The number of tries at once. */
  burst: number
  /** One more try each time this has passed. */
  everyMs: number
}

/** What servers tell each other of tries. */
interface Told {
  /** The throttle. */
  name: string
  what: 'failed' | 'takeBack' | 'succeeded'
  key: string
}

/** Makes the throttles of a server, each under a name of its own. */
export type Throttles = (name: string, rate: ThrottleRate) => Throttle

/**
 * Returns what makes throttles. With `memory` servers tell each other of failures, so that who tries at all of them is not
 * better off; it takes no longer, and between two that are tried at the same moment a few tries more pass.
 */
export function throttlesOf(clock: Clock, memory?: SharedMemory): Throttles {
  const known = new Map<string, Throttle>()
  memory?.hear('tries', (news) => {
    const told = news as Told
    known.get(told.name)?.told(told)
  })
  return (name, rate) => {
    const throttle = new Throttle(clock, rate, (what, key) => memory?.tell('tries', { name, what, key }))
    known.set(name, throttle)
    return throttle
  }
}

/**
 * Slows down guessing. A key is never locked out: once its failures have used up the burst, it has one more try every
 * `everyMs`, whatever was tried in between.
 */
export class Throttle {
  readonly #clock: Clock
  readonly #rate: ThrottleRate
  readonly #tell: (what: Told['what'], key: string) => void
  /** The time when each key has its whole burst again. Made with the first failure: its places take a millisecond. */
  #fullAt: LRUCache<string, number> | undefined

  /** `tell`: tells other servers what happened to a key. */
  constructor(clock: Clock, rate: ThrottleRate, tell: (what: Told['what'], key: string) => void = () => {}) {
    this.#clock = clock
    this.#rate = rate
    this.#tell = tell
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
    this.#failed(key)
    this.#tell('failed', key)
  }

  /** Takes back one failure. */
  takeBack(key: string): void {
    this.#takeBack(key)
    this.#tell('takeBack', key)
  }

  /** Forgets the failures of `key`, which succeeded. */
  succeeded(key: string): void {
    this.#fullAt?.delete(key)
    this.#tell('succeeded', key)
  }

  /** Does what another server has told. */
  told({ what, key }: Pick<Told, 'what' | 'key'>): void {
    if (what === 'failed') this.#failed(key)
    else if (what === 'takeBack') this.#takeBack(key)
    else this.#fullAt?.delete(key)
  }

  #failed(key: string): void {
    const now = this.#clock.now()
    this.#fullAt ??= new LRUCache({ max: 20_000 })
    this.#fullAt.set(key, Math.max(this.#fullAt.get(key) ?? 0, now) + this.#rate.everyMs)
  }

  #takeBack(key: string): void {
    const fullAt = this.#fullAt?.get(key)
    if (fullAt !== undefined) this.#fullAt?.set(key, fullAt - this.#rate.everyMs)
  }
}
