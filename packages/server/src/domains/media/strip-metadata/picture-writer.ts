/** A stripped picture is never longer than its original, save for the EXIF block that keeps its orientation. */
const roomForOrientation = 64

/** Collects the kept parts of a picture in one buffer, so that a million tiny parts cost no more than one large one. */
export class PictureWriter {
  #bytes: Buffer
  #length = 0

  constructor(original: Buffer) {
    this.#bytes = Buffer.allocUnsafe(original.length + roomForOrientation)
  }

  /** Appends `source`, or its bytes from `start` up to `end`. */
  write(source: Buffer, start = 0, end = source.length): void {
    this.#length += source.copy(this.#bytes, this.#length, start, end)
  }

  finish(): Buffer {
    return this.#bytes.subarray(0, this.#length)
  }
}
