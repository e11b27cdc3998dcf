import type { Clock } from './clock.ts'

/** 2026-01-01, the epoch of the milliseconds in an id. */
const epochMs = Date.UTC(2026, 0, 1)
const nodes = 2 ** 5
const sequences = 2 ** 7

/** The number of a process among those that write to the same database: 0 to 31. It may change while it runs. */
export interface NodeNumber {
  readonly number: number
}

/**
 * Makes ids: 41 bits of milliseconds, 5 of node, 7 of sequence, so that a later id is a larger number and fits into 53
 * bits. When a millisecond has no numbers left, or the clock goes back, it counts on from the last one.
 */
export class IdMaker {
  readonly #clock: Clock
  readonly #node: NodeNumber
  #lastMs = 0
  #sequence = 0

  /**
   * `node`: 0 to 31, different for each process that writes to the same database. `after`: the newest existing id, so
   * that later ones are larger even if the clock went back in between.
   */
  constructor(clock: Clock, { node = 0, after = 0 }: { node?: number | NodeNumber; after?: number } = {}) {
    this.#clock = clock
    this.#node = typeof node === 'number' ? { number: node % nodes } : node
    this.#lastMs = after === 0 ? 0 : Math.floor(after / (nodes * sequences)) + 1
  }

  /** Returns an id that is larger than all earlier ones. */

  next(): number {
    const ms = Math.max(this.#clock.now() - epochMs, 1)
    if (ms > this.#lastMs) {
      this.#lastMs = ms
      this.#sequence = 0
    } else if (++this.#sequence === sequences) {
      this.#lastMs++
      this.#sequence = 0
    }
    return (this.#lastMs * nodes + this.#node.number) * sequences + this.#sequence
  }
}

/**
 * Returns the id that a text names: digits without a sign, a blank or a leading zero. Undefined for anything else that
 * `Number` would accept (`0x7d1`, `2001.0`, ` 2001`), and for a number too large to be an id.
 */
export function parseId(text: string): number | undefined {
  const id = /^[1-9]\d{0,15}$/.test(text) ? Number(text) : Number.NaN
  return Number.isSafeInteger(id) ? id : undefined
}

/** Returns when an id was made, in milliseconds. */
export function timeOfId(id: number): number {
  return Math.floor(id / (nodes * sequences)) + epochMs
}

/** Returns the smallest id that can have been made at a time or later. */
export function firstIdAt(ms: number): number {
  return Math.max(0, ms - epochMs) * nodes * sequences
}
