import { setTimeout as wait } from 'node:timers/promises'
import type { PinterestError } from '@pinfold/client'
import type { Progress } from './progress.ts'

/** Why an import ended before its last row. */
export type Stopped = { why: 'interrupted' | 'unavailable' | 'notPermitted'; reason: string }

const awayNames = ['ConnectionError', 'RateLimitError', 'ServerError']

/** Returns whether an error means that the service is unavailable or has failed, so that a retry may succeed. */
export const isAway = ({ name }: PinterestError): boolean => awayNames.includes(name)

/** Waits for a service that is unavailable, up to a limit. */
export class Patience {
  #answeredAt = Date.now()
  readonly #giveUpAfterMs: number
  readonly #progress: Progress

  constructor(giveUpAfterMs: number, progress: Progress) {
    this.#giveUpAfterMs = giveUpAfterMs
    this.#progress = progress
  }

  /** The time since its last answer. */
  get silentMs(): number {
    return Date.now() - this.#answeredAt
  }

  answered(): void {
    this.#answeredAt = Date.now()
    this.#progress.waiting = undefined
  }

  /** Waits longer with each try. Returns why there is no point in another, if the service is the reason. */
  async wait(tries: number, problem: string, stopping: AbortSignal): Promise<Stopped | undefined> {
    const { silentMs } = this
    if (silentMs > this.#giveUpAfterMs) {
      const reason = `The service was away for ${Math.round(silentMs / 1000)} s: ${problem}`
      return { why: 'unavailable', reason }
    }
    if (stopping.aborted) return undefined
    this.#progress.waiting = 'the service does not answer; trying again'
    const waitMs = Math.random() * Math.min(10_000, 250 * 2 ** tries)
    await wait(waitMs, undefined, { signal: stopping }).catch(() => {})
    return undefined
  }
}
