import { inject, vi } from 'vitest'

declare module 'vitest' {
  interface ProvidedContext {
    /** How many times slower this machine is than the one that limits were chosen on; see `machine.ts`. */
    slowness: number
  }
}

/** Returns how long this machine takes for what takes `ms` on the one that the limits of tests were chosen on. */
export const onThisMachine = (ms: number): number => Math.ceil(ms * inject('slowness'))

/**
 * Waits until `condition` returns something true, and returns that. Fails after half of a test's time, so that the
 * failure names what is missing. `intervalMs`: the pause between two checks.
 */
export function until<T>(condition: () => T | Promise<T>, { intervalMs = 10 } = {}): Promise<Truthy<T>> {
  return vi.waitUntil(condition, { timeout: onThisMachine(waitMs), interval: intervalMs }) as Promise<Truthy<T>>
}

type Truthy<T> = Exclude<T, false | '' | 0 | null | undefined>

const waitMs = 30_000
