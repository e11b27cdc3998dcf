import { inject, vi } from 'vitest'

declare module 'vitest' {
  interface ProvidedContext {
    /** How many times slower this machine is than the one that limits were chosen on; see `machine.ts`. */
    slowness: number
  }
}

/** As long on this machine as `ms` would be on the one that the limits of tests were chosen on, in milliseconds. */
export const onThisMachine = (ms: number): number => Math.ceil(ms * inject('slowness'))

/**
 * Waits until `condition` gives something true, and returns that. Fails after half of the time that a test has, so that
 * what did not come is named. `intervalMs`: the pause between two looks.
 */
export function until<T>(condition: () => T | Promise<T>, { intervalMs = 10 } = {}): Promise<Truthy<T>> {
  return vi.waitUntil(condition, { timeout: onThisMachine(waitMs), interval: intervalMs }) as Promise<Truthy<T>>
}

type Truthy<T> = Exclude<T, false | '' | 0 | null | undefined>

const waitMs = 30_000
