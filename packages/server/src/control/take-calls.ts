import { setImmediate } from 'node:timers/promises'
import type { LoggedCall } from './request-log.ts'

/** Requests have a turn after this many calls. */
const turnEvery = 50

/** Returns the first `most` calls that match. Others have a turn meanwhile. */
export async function taken(
  calls: Iterable<LoggedCall>,
  matches: (call: LoggedCall) => boolean,
  most: number = Number.POSITIVE_INFINITY,
): Promise<LoggedCall[]> {
  const found: LoggedCall[] = []
  let seen = 0
  for (const call of calls) {
    if (matches(call)) found.push(call)
    if (found.length >= most) break
    if (++seen % turnEvery === 0) await setImmediate()
  }
  return found
}

/** Returns what `make` makes of each call. Others have a turn meanwhile. */
export async function mapInTurns<Call, Made>(calls: readonly Call[], make: (call: Call) => Made): Promise<Made[]> {
  const made: Made[] = []
  for (const call of calls) {
    made.push(make(call))
    if (made.length % turnEvery === 0) await setImmediate()
  }
  return made
}
