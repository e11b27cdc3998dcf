import { machineTimers, type Timers } from './timers.ts'

/** How long to wait before work that failed goes on: a second at first, then twice as long each time. */
const [firstPauseMs, mostPauses] = [1000, 10]

/**
 * Returns a function that does `work`, of which what was done stays done. When it fails, that throws, and the work goes on by
 * itself, for a quarter of an hour.
 */
export function goingOn<T>(work: (of: T) => Promise<void>, timers: Timers = machineTimers): (of: T) => Promise<void> {
  function later(of: T, pauses: number): void {
    if (pauses < mostPauses)
      timers.after(firstPauseMs * 2 ** pauses, () => void work(of).catch(() => later(of, pauses + 1)))
  }
  return async (of) => {
    try {
      await work(of)
    } catch (error) {
      later(of, 0)
      throw error
    }
  }
}
