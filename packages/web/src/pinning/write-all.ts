import { ApiFailure } from '../api/call.ts'
import { isConnected } from '../api/connection.ts'

/** How many requests are under way at once. */
const together = 3

/** Resolves after a time. */
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Sends a request, and again whenever the server asks to wait. */
export async function patiently<T>(send: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await send()
    } catch (error) {
      if (!(error instanceof ApiFailure) || error.status !== 429) throw error
      await wait(Math.max(1000, error.waitMs))
    }
  }
}

/** Has the browser ask before the page is closed. */
const warn = (event: BeforeUnloadEvent): void => {
  // What waits for a connection is kept.
  if (isConnected()) event.preventDefault()
}
/** How many calls of `writeAll` are under way. */
let underWay = 0

/**
 * Writes each of some things, a few at a time. Returns those that failed, with the last error. Until it ends, the browser
 * asks before the page is closed.
 */
export async function writeAll<Item>(
  items: readonly Item[],
  write: (item: Item) => Promise<void>,
): Promise<{ failed: Item[]; error: unknown }> {
  const waiting = [...items]
  const failed: Item[] = []
  let last: unknown
  const work = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) {
      const current = item
      await patiently(() => write(current)).catch((error: unknown) => {
        failed.push(current)
        last = error
      })
    }
  }
  if (underWay++ === 0) addEventListener('beforeunload', warn)
  await Promise.all(Array.from({ length: together }, work))
  if (--underWay === 0) removeEventListener('beforeunload', warn)
  return { failed, error: last }
}
