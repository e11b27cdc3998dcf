import type { Database } from './database.ts'

/**
 * What was read at once, until something is committed, whatever it is: then it goes as a whole. Of a bounded size in all. A
 * database that others write to as well keeps nothing.
 */
export class UntilCommit<Key, Value> {
  readonly #version: (() => number) | undefined
  readonly #mostBytes: number
  readonly #bytesOf: (value: Value) => number
  #values = new Map<Key, Value>()
  #readAt = -1
  #bytes = 0

  /** `mostBytes`: what all values may take, by what `bytesOf` says of each. */
  constructor({ version }: Pick<Database, 'version'>, mostBytes: number, bytesOf: (value: Value) => number) {
    this.#version = version
    this.#mostBytes = mostBytes
    this.#bytesOf = bytesOf
  }

  /** Returns what is kept under a key, or else what `read` returns; that is kept if it is there at once. */
  get<Read extends Value | Promise<Value>>(key: Key, read: () => Read): Value | Read {
    if (this.#version === undefined) return read()
    const version = this.#version()
    if (version !== this.#readAt) this.#forget(version)
    const kept = this.#values.get(key)
    if (kept !== undefined) return kept
    const value = read()
    if (value instanceof Promise || value === undefined) return value
    const bytes = this.#bytesOf(value as Value)
    if (this.#bytes + bytes > this.#mostBytes) this.#forget(version)
    if (bytes > this.#mostBytes) return value
    this.#bytes += bytes
    this.#values.set(key, value as Value)
    return value
  }

  #forget(version: number): void {
    this.#readAt = version
    if (this.#values.size === 0) return
    this.#values = new Map()
    this.#bytes = 0
  }
}
