import { ApiFailure } from '../api/call.ts'
import { type WatchedList, watchList } from '../api/calls.ts'

/** Requests follow one another at this distance at least. */
const leastMs = 1000
/** After a failure the next one waits for this long. */
const afterFailureMs = 5000

/** The last version of each list that somebody looked at, so that what changed meanwhile is seen when they come back. */
const known = new Map<string, string>()

/**
 * Watches a list until `signal` ends it, while the window is seen. `changed`: is called with the Pin that was made last,
 * first to compare it, then whenever the list has changed.
 */
export async function watch(
  list: WatchedList,
  changed: (newest: string | null, isFirst: boolean) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const key = JSON.stringify(list)
  while (!signal.aborted) {
    await untilSeen(signal)
    const since = known.get(key)
    const pause = wait(leastMs, signal)
    try {
      // A window that nobody sees takes no connection: there are six for all windows of a browser.
      const query = { ...list, ...(since !== undefined && { since }) }
      const state = await whileSeen(signal, (ending) => watchList({ query }, { signal: ending }))
      if (state.version !== since) await changed(state.newest_id, since === undefined)
      known.set(key, state.version)
    } catch (error) {
      // It was ended here, or failed.
      const failure = error instanceof ApiFailure ? error : undefined
      if (failure && [400, 401, 403, 404].includes(failure.status)) return
      if (failure) await wait(Math.max(afterFailureMs, failure.waitMs), signal)
    }
    await pause
  }
}

const wait = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })

/** Resolves when the window is seen. */
const untilSeen = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const look = () => {
      if (document.hidden && !signal.aborted) return
      document.removeEventListener('visibilitychange', look)
      resolve()
    }
    document.addEventListener('visibilitychange', look)
    signal.addEventListener('abort', look)
    look()
  })

/** Runs `work` with a signal that aborts when the window is hidden, or `signal` does. */
async function whileSeen<T>(signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const done = new AbortController()
  const hidden = new AbortController()
  const look = () => document.hidden && hidden.abort()
  document.addEventListener('visibilitychange', look, { signal: done.signal })
  try {
    return await work(AbortSignal.any([signal, hidden.signal]))
  } finally {
    done.abort()
  }
}
