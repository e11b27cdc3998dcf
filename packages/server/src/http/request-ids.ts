import { randomInt } from 'node:crypto'

/**
 * Returns a generator of increasing numbers from a random start, so that those of two runs do not collide. Small ones
 * are formatted fastest.
 */
export function requestIds(): () => string {
  const run = randomInt(1e9)
  let next = 1_000_000
  return () => `${run}${next++}`
}
