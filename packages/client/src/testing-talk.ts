import type { Credentials } from './testing-seed.ts'

// The messages between `startPinfold` and the server's thread.

export interface ThreadData {
  folder: string
  seed: string
  rateLimits: string
  /** The time of a manual clock. */
  time: BigInt64Array | undefined
}

export type Order = 'reset' | 'close'

export type Answer = { ready: { url: string; credentials: Credentials[] } } | { done: Order } | { failed: string }
