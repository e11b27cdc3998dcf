import { waitMs } from './backoff.ts'

// What is decided about deliveries, without a database or a clock: the queue and the outcomes ask here, and so does the
// simulation (webhooks-simulation.test.ts).

/** Nobody else sends a delivery for this long; those that take longer are renewed. */
export const leaseMs = 6000

/** A webhook that fails for this long is paused. */
export const failsForMs = 24 * 60 * 60 * 1000

/** The times: of the server, which may be moved, and of the machine, for leases. */
export interface Times {
  now: number
  machineNow: number
}

/**
 * Returns what to do with what waits about an object, by its oldest delivery: `take` all of it; `leave` it to whoever sends it;
 * `wait` until the oldest is due, since what is newer must not overtake it.
 */
export function laneDecision(
  first: { leased_until: number; next_attempt_at: number } | undefined,
  { now, machineNow }: Times,
): 'take' | 'leave' | 'wait' {
  if (!first || first.leased_until > machineNow) return 'leave'
  return first.next_attempt_at <= now ? 'take' : 'wait'
}

/** Returns when to try a delivery again that failed; undefined: never. */
export function nextAttempt(
  { tried_until, attempts }: { tried_until: number; attempts: number },
  { retryAfterMs }: { retryAfterMs: number },
  now: number,
  random?: () => number,
): number | undefined {
  return now >= tried_until ? undefined : now + Math.max(waitMs(attempts + 1, random), retryAfterMs)
}
