import { MalformedPicture } from './malformed-picture.ts'

/** Throws unless `length` bytes can be read at `at`. */
export function requireBytes(bytes: Buffer, at: number, length: number): void {
  if (at + length > bytes.length) {
    throw new MalformedPicture(`${length} bytes were expected at offset ${at}, but the file is ${bytes.length} long`)
  }
}

/** Reads a big-endian unsigned number of `width` bytes; 0 for a width of 0, as AVIF's `iloc` may have. */
export function readUint(bytes: Buffer, at: number, width: 0 | 1 | 2 | 4 | 8): number {
  requireBytes(bytes, at, width)
  if (width === 0) return 0
  if (width < 8) return bytes.readUIntBE(at, width)

  const value = bytes.readBigUInt64BE(at)
  if (value > Number.MAX_SAFE_INTEGER) throw new MalformedPicture(`the number at offset ${at} is beyond any file`)
  return Number(value)
}

export function readUint32LittleEndian(bytes: Buffer, at: number): number {
  requireBytes(bytes, at, 4)
  return bytes.readUInt32LE(at)
}

export function readAscii(bytes: Buffer, at: number, length: number): string {
  requireBytes(bytes, at, length)
  return bytes.toString('latin1', at, at + length)
}
