/** The server's clock. Everything that needs the time reads it here, so that a test can move it. */
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

/** Formats a time as Pinterest does: `YYYY-MM-DDTHH:MM:SS`, UTC without a time zone. */
export function wireTime(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19)
}

/** Formats a time with microseconds, `YYYY-MM-DDTHH:MM:SS.ffffff`, as some of Pinterest's are. */
export function wireTimeMicros(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 23)}000`
}
