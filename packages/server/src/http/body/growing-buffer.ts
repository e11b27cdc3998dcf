/** Bytes that come bit by bit, in one piece of memory that grows with them: bits would cost more than they hold. */
export class GrowingBuffer {
  #memory: Buffer = Buffer.alloc(0)
  #length = 0

  get length(): number {
    return this.#length
  }

  /** What came so far: good until more is added. */
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

  /** Forgets all but the first `length` bytes. */
  cutTo(length: number): void {
    this.#length = length
  }
}
