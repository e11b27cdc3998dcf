/** Numbers that look random, the same ones for the same seed. */
export interface Random {
  /** Returns a number from 0 to below 1. */
  next(): number
  /** Returns a whole number from 0 to below `limit`. */
  below(limit: number): number
  /** Returns one of the items; undefined if there is none. */
  pick<T>(items: readonly T[]): T | undefined
  /** Returns true in this part of the cases. */
  chance(part: number): boolean
}

/** Makes the numbers of a seed (Mulberry32); `stream` sets several of one seed apart. */
export function randomOf(seed: number, stream = 0): Random {
  let state = (seed ^ Math.imul(stream + 1, 0x9e3779b9)) >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (limit: number) => Math.floor(next() * limit)
  return { next, below, pick: (items) => items[below(items.length)], chance: (part) => next() < part }
}
