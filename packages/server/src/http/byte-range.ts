import type { ByteRange } from '../storage/storage.ts'

/**
 * Reads a Range header for a file of `size` bytes: a part, `'none'` if it is past the end, or undefined for the whole
 * file: without a header, with an unknown one, or with several parts (RFC 9110, 14.2).
 */
export function readRange(header: string | undefined, size: number): ByteRange | 'none' | undefined {
  const [, first, last] = /^bytes *= *(\d*) *- *(\d*)$/i.exec(header?.trim() ?? '') ?? []
  if (first === undefined || last === undefined || (first === '' && last === '')) return undefined
  if (first === '') {
    const count = Math.min(Number(last), size)
    return count === 0 ? 'none' : { start: size - count, end: size - 1 }
  }
  const start = Number(first)
  if (last !== '' && Number(last) < start) return undefined
  if (start >= size) return 'none'
  return { start, end: last === '' ? size - 1 : Math.min(Number(last), size - 1) }
}
