import { setTimeout as wait } from 'node:timers/promises'
import type { PinterestError } from '@pinfold/client'
import type { Progress } from './progress.ts'

/** Why an import ended before its rows did. */
export type Stopped = { why: 'interrupted' | 'unavailable' | 'notPermitted'; reason: string }

const awayNames = ['ConnectionError', 'RateLimitError', 'ServerError']

/** Whether an error says that the service is away or has failed, so that another try may go well. */
export const isAway = ({ name }: PinterestError): boolean => awayNames.includes(name)

/** Waits for a service that is away, until it was so for too long. */
export class Patience {
  #answeredAt = Date.now()
  readonly #giveUpAfterMs: number
  readonly #progress: Progress

  constructor(giveUpAfterMs: number, progress: Progress) {
    this.#giveUpAfterMs = giveUpAfterMs
    this.#progress = progress
  }

  /** How long ago it answered last. */
  get silentMs(): number {
    return Date.now() - this.#answeredAt
  }

  answered(): void {
    this.#answeredAt = Date.now()
    this.#progress.waiting = undefined
  }

  /** Waits longer with each try. Gives why there is no use in another, if it is because of the service. */
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
