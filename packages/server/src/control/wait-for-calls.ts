import { setTimeout as delay } from 'node:timers/promises'
import { ApiError } from '../core/errors.ts'
import type { CallSummary, LogFilters } from './told-call.ts'
import type { ToldCalls } from './told-calls.ts'

/** The most that wait at once. */
const mostWaiting = 100
let waiting = 0

/**
 * Returns `count` calls that match, oldest first, once there are so many; fewer after `ms` milliseconds of the machine's
 * time, or when the server ends. Throws a 429 when too many wait already.
 */
export async function waitForCalls(
  calls: ToldCalls,
  filters: LogFilters,
  { count, ms }: { count: number; ms: number },
): Promise<CallSummary[]> {
  if (waiting >= mostWaiting)
    throw new ApiError('rateLimited', {
      detail: `${mostWaiting} wait for requests already.`,
      headers: { 'retry-after': '1' },
    })
  const enough = new AbortController()
  const found: CallSummary[] = []
  let hasBegun = false
  const checkEnough = () => hasBegun && found.length >= count && enough.abort()
  const following = calls.follow(filters, count, (call) => {
    found.push(call)
    checkEnough()
  })
  waiting++
  try {
    await following.begun
    hasBegun = true
    checkEnough()
    await delay(ms, undefined, { signal: AbortSignal.any([enough.signal, calls.closed]) }).catch(() => {})
    return found.sort((a, b) => Number(a.id) - Number(b.id)).slice(0, count)
  } finally {
    waiting--
    following.end()
  }
}
