import { setTimeout as delay } from 'node:timers/promises'
import { ApiError } from '../core/errors.ts'
import type { LoggedCall, RequestLog } from './request-log.ts'
import { taken } from './take-calls.ts'

/** The most that wait at once. */
const mostWaiting = 100
let waiting = 0

/**
 * Returns `count` calls that match, oldest first, once there are so many; fewer after `ms` milliseconds of the machine's
 * time, or when the server ends. Throws a 429 when too many wait already.
 */
export async function waitForCalls(
  log: RequestLog,
  matches: (call: LoggedCall) => boolean,
  { count, ms }: { count: number; ms: number },
): Promise<LoggedCall[]> {
  if (waiting >= mostWaiting)
    throw new ApiError('rateLimited', {
      detail: `${mostWaiting} wait for requests already.`,
      headers: { 'retry-after': '1' },
    })
  const enough = new AbortController()
  const found: LoggedCall[] = []
  const later: LoggedCall[] = []
  const checkEnough = () => found.length + later.length >= count && enough.abort()
  const unwatch = log.watch((call) => {
    if (matches(call)) later.push(call)
    checkEnough()
  })
  waiting++
  try {
    found.push(...(await taken(log.oldestFirst(), matches, count)))
    checkEnough()
    await delay(ms, undefined, { signal: AbortSignal.any([enough.signal, log.closed]) }).catch(() => {})
    return [...found, ...later].slice(0, count)
  } finally {
    waiting--
    unwatch()
  }
}
