/**
 * Bytes that arrive in small parts, in one buffer that grows: an object for each part would cost more than its bytes.
 */
export class GrowingBuffer {
  #memory: Buffer = Buffer.alloc(0)
  #length = 0

  get length(): number {
    return this.#length
  }

  /** The bytes received so far: valid until more are added. */
  get bytes(): Buffer {
    return this.#memory.subarray(0, this.#length)
  }

  add(part: Buffer): void {
    const length = this.#length + part.length
    if (length > this.#memory.length) {
      const larger = Buffer.allocUnsafe(Math.max(length, this.#memory.length * 2))
      this.#memory.copy(larger, 0, 0, this.#length)
      this.#memory = larger
    }
    part.copy(this.#memory, this.#length)
    this.#length = length
  }

  /** Drops all but the first `length` bytes. */
  cutTo(length: number): void {
    this.#length = length
  }
}
