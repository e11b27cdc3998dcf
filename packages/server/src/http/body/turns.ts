import { setImmediate as nextTurn } from 'node:timers/promises'

/**
 * Starts one piece of long work in each turn of the event loop, so that other requests are answered in between. Owners
 * take turns: one piece of each, however many somebody has.
 */
export class Turns {
  readonly #waiting = new Map<string, (() => void)[]>()
  #isRunning = false

  /** Waits for a turn of `owner`. */
  take(owner: string): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const queue = this.#waiting.get(owner)
    if (queue) queue.push(resolve)
    else this.#waiting.set(owner, [resolve])
    if (!this.#isRunning) void this.#run()
    return promise
  }

  async #run(): Promise<void> {
    this.#isRunning = true
    for (let next = this.#next(); next; next = this.#next()) {
      next()
      await nextTurn()
    }
    this.#isRunning = false
  }

  /** Removes the first piece of the next owner, who then goes to the end. */
  #next(): (() => void) | undefined {
    const [owner, queue] = this.#waiting.entries().next().value ?? []
    if (owner === undefined || !queue) return undefined
    this.#waiting.delete(owner)
    const next = queue.shift()
    if (queue.length > 0) this.#waiting.set(owner, queue)
    return next
  }
}
