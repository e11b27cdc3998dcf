import { MalformedPicture } from './malformed-picture.ts'
import { readAscii, readUint } from './read.ts'

/** A range of the file, from `start` up to `end`. */
export type Span = { start: number; end: number }

/** The range of a box of an ISO base media file (ISO/IEC 14496-12, clause 4.2). */
export type Box = Span & { type: string; payload: number }

/** Yields the boxes that fill a range of the file. */
export function* boxes(bytes: Buffer, within: Span): Generator<Box> {
  let start = within.start
  while (start < within.end) {
    const size = readUint(bytes, start, 4)
    const type = readAscii(bytes, start + 4, 4)
    const payload = start + (size === 1 ? 16 : 8)
    const end = boxEnd(bytes, start, size)
    if (end < payload || end > within.end) {
      throw new MalformedPicture(`the ${type} box at offset ${start} does not fit in what holds it`)
    }
    yield { type, start, payload, end }
    start = end
  }
}

/** Turns a box into free space of the same length, so that nothing after it moves. */
export function freeBox(bytes: Buffer, { start, payload, end }: Box): void {
  bytes.write('free', start + 4, 'latin1')
  bytes.fill(0, payload, end)
}

/**
 * Returns the end of a box. A size of 0 means that it extends to the end of the file, 1 that its size follows in 64
 * bits.
 */
function boxEnd(bytes: Buffer, start: number, size: number): number {
  if (size === 0) return bytes.length
  if (size === 1) return start + readUint(bytes, start + 8, 8)
  return start + size
}
