import { setTimeout as sleep } from 'node:timers/promises'
import { DatabaseAway, saysConnectionLost } from '../../core/unavailable.ts'

/** How long work that a lost connection interrupted is tried again: PostgreSQL restarts in less. */
export const patienceMs = 5000

/** What the system says when a connection cannot be made or breaks. */
const systemCodes = /^(ECONN(REFUSED|RESET|ABORTED)|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOENT|EAI_AGAIN)$/

/** Returns whether the connection is of no use any more, or there is none. */
export function isConnectionLost(error: unknown): boolean {
  const { code } = error as { code?: unknown }
  return (typeof code === 'string' && systemCodes.test(code)) || saysConnectionLost(error)
}

/**
 * Returns whether a prepared statement is not what it was: the columns of a table have changed, or a pooler between has
 * given us the connection of another.
 */
export function isStatementStale(error: unknown): boolean {
  const { code, message } = error as { code?: unknown; message?: unknown }
  return code === '26000' || code === '42P05' || (code === '0A000' && /cached plan/.test(String(message)))
}

/** Runs `work`, which may be repeated, and again while there is no connection. Throws `DatabaseAway` in the end. */
export async function despiteLosses<T>(work: () => Promise<T>, forMs = patienceMs): Promise<T> {
  let since: number | undefined
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      if (!isConnectionLost(error)) throw error
      since ??= performance.now()
      if (performance.now() - since >= forMs) throw new DatabaseAway({ cause: error })
      await pause(attempt)
    }
  }
}

/** Waits longer after each attempt, and not as long as others do. */
export const pause = (attempt: number): Promise<void> => sleep(Math.random() * Math.min(10 * 2 ** attempt, 300))
