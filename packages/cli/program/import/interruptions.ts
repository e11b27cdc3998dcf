/** How long rows in progress may take to finish after Ctrl-C. */
const finishMs = 5000

export interface Interruptions {
  /** Aborted by the first Ctrl-C. */
  stop: AbortSignal
  /** Aborted by the second, or when rows in progress took too long to finish. */
  abandon: AbortSignal
  /** Stops handling Ctrl-C. */
  release(): void
}

/**
 * Handles Ctrl-C: the first takes no more rows and lets those in progress finish for a while, the second does not wait.
 */
export function interruptions(): Interruptions {
  const [stop, abandon] = [new AbortController(), new AbortController()]
  const interrupt = () => {
    if (stop.signal.aborted) return abandon.abort()
    process.stderr.write('\nStopping. What is under way is finished first; Ctrl-C again does not wait for it.\n')
    stop.abort()
    setTimeout(() => abandon.abort(), finishMs).unref()
  }
  process.on('SIGINT', interrupt)
  process.on('SIGTERM', interrupt)
  const release = () => {
    process.off('SIGINT', interrupt)
    process.off('SIGTERM', interrupt)
  }
  return { stop: stop.signal, abandon: abandon.signal, release }
}
