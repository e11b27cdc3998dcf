/** Ends what was to be called later. */
export type Cancel = () => void

/** The time that passes in a process, and calls at its moments: of the machine, or simulated. */
export interface Timers {
  /** Milliseconds since some moment: they never jump. */
  now(): number
  /** Calls once, in so many milliseconds. */
  after(ms: number, call: () => void): Cancel
  /** Calls again and again. */
  every(ms: number, call: () => void): Cancel
}

/** Those of the machine, which let the process end. */
export const machineTimers: Timers = {
  now: () => performance.now(),
  after(ms, call) {
    const timer = setTimeout(call, ms).unref()
    return () => clearTimeout(timer)
  },
  every(ms, call) {
    const timer = setInterval(call, ms).unref()
    return () => clearInterval(timer)
  },
}
