import { setTimeout as sleep } from 'node:timers/promises'
import { DatabaseAway } from '../../core/unavailable.ts'

/** How long work that a lost connection interrupted is tried again: PostgreSQL restarts in less. */
const patienceMs = 5000

/** What the system says when a connection cannot be made or breaks. */
const systemCodes = /^(ECONN(REFUSED|RESET|ABORTED)|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOENT|EAI_AGAIN)$/
/**
 * Connection exceptions, shutdown and start, too many connections, and a server that has become, or is still, the copy of
 * another: https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const stateCodes = /^(08...|57P0[1235]|53300|25006)$/
/** What the driver says, without a code. */
const driverWords =
  /^(Connection terminated|Client (has encountered a connection error|was closed)|timeout exceeded when trying to connect|timeout expired)/

/** Returns whether the connection is of no use any more, or there is none. */
export function isConnectionLost(error: unknown): boolean {
  const { code, message } = error as { code?: unknown; message?: unknown }
  if (typeof code === 'string') return systemCodes.test(code) || stateCodes.test(code)
  return driverWords.test(String(message))
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
export async function despiteLosses<T>(work: () => Promise<T>): Promise<T> {
  let since: number | undefined
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      if (!isConnectionLost(error)) throw error
      since ??= performance.now()
      if (performance.now() - since > patienceMs) throw new DatabaseAway({ cause: error })
      await pause(attempt)
    }
  }
}

/** Waits longer after each attempt, and not as long as others do. */
export const pause = (attempt: number): Promise<void> => sleep(Math.random() * Math.min(10 * 2 ** attempt, 300))
