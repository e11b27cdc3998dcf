/** Values by key, of a bounded size in all. What was used lately stays: of two generations, the older one goes as a whole. */
export class BoundedCache<Key, Value> {
  readonly #mostInGeneration: number
  readonly #sizeOf: (value: Value) => number
  #young = new Map<Key, Value>()
  #old = new Map<Key, Value>()
  #youngSize = 0

  /** `mostBytes`: what all values may take, by what `sizeOf` says of each. */
  constructor(mostBytes: number, sizeOf: (value: Value) => number) {
    this.#mostInGeneration = mostBytes / 2
    this.#sizeOf = sizeOf
  }

  get(key: Key): Value | undefined {
    const value = this.#young.get(key)
    if (value !== undefined) return value
    const older = this.#old.get(key)
    if (older !== undefined) {
      this.#old.delete(key)
      this.set(key, older)
    }
    return older
  }

  set(key: Key, value: Value): void {
    const size = this.#sizeOf(value)
    if (size > this.#mostInGeneration) {
      this.delete(key)
      return
    }
    if (this.#youngSize + size > this.#mostInGeneration) {
      this.#old = this.#young
      this.#young = new Map()
      this.#youngSize = 0
    }
    // One that is there already is counted twice, until the generation goes: that is on the safe side.
    this.#youngSize += size
    this.#young.set(key, value)
    this.#old.delete(key)
  }

  delete(key: Key): void {
    this.#young.delete(key)
    this.#old.delete(key)
  }

  clear(): void {
    this.#young.clear()
    this.#old.clear()
    this.#youngSize = 0
  }
}
