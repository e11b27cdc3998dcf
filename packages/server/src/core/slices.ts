/** Lets long work of several go on by turns: a slice of each, one in each turn of the event loop. */
export class Slices {
  readonly #waiting: (() => void)[] = []
  #isRunning = false

  /** Resolves when the next slice may begin: first come, first served. */
  next(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#waiting.push(resolve)
    if (!this.#isRunning) {
      this.#isRunning = true
      setImmediate(() => this.#run())
    }
    return promise
  }

  #run(): void {
    this.#waiting.shift()?.()
    this.#isRunning = this.#waiting.length > 0
    if (this.#isRunning) setImmediate(() => this.#run())
  }
}
