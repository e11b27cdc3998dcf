/** The server's clock: everything that asks for the time asks here, so that a test can move it. */
export interface Clock {
  /** Milliseconds since 1970, UTC. */
  now(): number
}

export const systemClock: Clock = { now: Date.now }

/** A clock that stands still until it is moved. */
export class TestClock implements Clock {
  #now: number

  constructor(startMs: number = Date.UTC(2026, 2, 14, 9, 26, 53)) {
    this.#now = startMs
  }

  /** Returns the time it stands at, in milliseconds since 1970. */
  now(): number {
    return this.#now
  }

  /** Moves the clock forward. */
  advance(ms: number): void {
    this.#now += ms
  }
}

/** `YYYY-MM-DDTHH:MM:SS`, UTC without a zone: how Pinterest writes a time. */
export function wireTime(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19)
}

/** The same with microseconds, `YYYY-MM-DDTHH:MM:SS.ffffff`: some of Pinterest's times have them. */
export function wireTimeMicros(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 23)}000`
}
