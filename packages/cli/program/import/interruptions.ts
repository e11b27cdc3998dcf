/** After Ctrl-C, what is under way has so long to finish. */
const finishMs = 5000

export interface Interruptions {
  /** Aborted by the first Ctrl-C. */
  stop: AbortSignal
  /** Aborted by the second, or when what is under way took too long to finish. */
  abandon: AbortSignal
  /** Leaves Ctrl-C to others again. */
  release(): void
}

/** The first Ctrl-C takes no more rows and lets what is under way finish for a while; the second does not wait. */
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
