import type { Clock } from '../core/clock.ts'

/** Times that a JavaScript date can have, with room for what the server adds to the time. */
const [earliestMs, latestMs] = [0, Date.UTC(9000, 0)]

/** How a clock was moved: how far it is ahead of the one that it follows, or the time at which it stands. */
export interface ClockState {
  aheadMs: number
  standsAt: number | null
}

/** A clock that follows another, at a distance, or stands still. */
export class MovableClock implements Clock {
  readonly #base: Clock
  #aheadMs = 0
  #standsAt: number | undefined

  constructor(base: Clock) {
    this.#base = base
  }

  /** Milliseconds since 1970, UTC. */
  now(): number {
    return this.#standsAt ?? this.#base.now() + this.#aheadMs
  }

  /** Whether it runs. Otherwise it stands still until it is moved. */
  get runs(): boolean {
    return this.#standsAt === undefined
  }

  /** How far it is ahead of the clock that it follows, in milliseconds; negative if behind. */
  get aheadMs(): number {
    return this.now() - this.#base.now()
  }

  /**
   * Sets it to a time, in milliseconds since 1970, from which it runs or at which it stands. Undefined: to that of the
   * clock that it follows. Times outside the years 1970 to 9000 become the nearest inside.
   */
  set(now: number | undefined, runs: boolean): void {
    const wanted = Math.min(Math.max(now ?? this.#base.now(), earliestMs), latestMs)
    this.#aheadMs = now === undefined ? 0 : wanted - this.#base.now()
    this.#standsAt = runs ? undefined : wanted
  }

  /** Moves it forward, whether it runs or stands. */
  advance(ms: number): void {
    this.set(this.now() + ms, this.runs)
  }

  /** How it was moved. */
  get state(): ClockState {
    return { aheadMs: this.#aheadMs, standsAt: this.#standsAt ?? null }
  }

  /** Moves it as another was. */
  adopt({ aheadMs, standsAt }: ClockState): void {
    this.#aheadMs = aheadMs
    this.#standsAt = standsAt ?? undefined
  }
}
