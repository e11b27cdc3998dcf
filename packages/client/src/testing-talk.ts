import type { Credentials } from './testing-seed.ts'

// What `startPinfold` and the server's thread say to each other.

export interface ThreadData {
  folder: string
  seed: string
  rateLimits: string
  /** The time of a manual clock. */
  time: BigInt64Array | undefined
}

export type Order = 'reset' | 'close'

export type Answer = { ready: { url: string; credentials: Credentials[] } } | { done: Order } | { failed: string }
