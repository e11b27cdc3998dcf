import { invalid } from './errors.ts'

// The plain form of tar archives (ustar of POSIX.1-1988), which every tar reads: regular files with short names, each
// below 8 GB. Whatever else an archive can hold (links, sparse files, extended headers) has no use here and is refused.

/** A file for an archive. */
export interface NewTarFile {
  /** At most 100 bytes, of ASCII. */
  name: string
  /** In bytes. */
  size: number
  content: AsyncIterable<Buffer> | Iterable<Buffer>
}

/** A file of an archive that is being read. Its content must be read before the next file is asked for. */
export interface TarFile {
  name: string
  size: number
  content: AsyncIterable<Buffer>
}

const block = 512
/** Files must be smaller than this, in bytes. */
export const mostTarFileBytes = 8 ** 11

/** Yields the bytes of an archive. Throws when a file has not the size that it was said to have. */
export async function* writeTar(files: AsyncIterable<NewTarFile>): AsyncGenerator<Buffer> {
  for await (const { name, size, content } of files) {
    yield header(name, size)
    let left = size
    for await (const part of content) {
      left -= part.length
      if (left < 0) break
      yield part
    }
    if (left !== 0) throw new Error(`${name} has not ${size} bytes.`)
    yield Buffer.alloc(padding(size))
  }
  yield Buffer.alloc(2 * block)
}

/** Yields the files of an archive as it arrives. Throws `invalidRequest` when it is none, or has anything but files. */
export async function* readTar(bytes: AsyncIterable<Buffer>): AsyncGenerator<TarFile> {
  const source = new Source(bytes)
  for (let head = await source.exactly(block); head[0] !== 0; head = await source.exactly(block)) {
    const { name, size } = readHeader(head)
    const content = source.next(size)
    yield { name, size, content }
    for await (const _ of content); // What nobody has read.
    await source.exactly(padding(size))
  }
  await source.rest()
}

const padding = (size: number): number => (block - (size % block)) % block

function header(name: string, size: number): Buffer {
  if (Buffer.byteLength(name) > 100 || size >= mostTarFileBytes) throw new Error(`${name} does not go into an archive.`)
  const bytes = Buffer.alloc(block)
  const octal = (value: number, at: number, length: number) =>
    bytes.write(value.toString(8).padStart(length - 1, '0'), at, 'latin1')
  bytes.write(name, 0, 'latin1')
  octal(0o600, 100, 8)
  octal(0, 108, 8)
  octal(0, 116, 8)
  octal(size, 124, 12)
  octal(0, 136, 12)
  bytes.write('0', 156, 'latin1')
  bytes.write('ustar\x0000', 257, 'latin1')
  bytes.write(`${sumOf(bytes).toString(8).padStart(6, '0')}\x00 `, 148, 'latin1')
  return bytes
}

function readHeader(bytes: Buffer): { name: string; size: number } {
  const text = (at: number, length: number) => bytes.toString('latin1', at, at + length).split('\0', 1)[0] ?? ''
  const octal = (at: number, length: number) => {
    const digits = text(at, length).trim()
    return /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number.NaN
  }
  if (text(257, 5) !== 'ustar' || octal(148, 8) !== sumOf(bytes)) throw invalid('The file is no archive of tar.')
  const [name, size, kind] = [text(0, 100), octal(124, 12), text(156, 1)]
  if ((kind !== '0' && kind !== '') || text(345, 155) !== '' || Number.isNaN(size))
    throw invalid('The archive has something else than files with short names in it.')
  return { name, size }
}

/** The sum of a header's bytes; that of the sum itself counts as spaces. */
function sumOf(header: Buffer): number {
  let sum = 8 * 32
  for (const [at, byte] of header.entries()) if (at < 148 || at >= 156) sum += byte
  return sum
}

/** Bytes that are read in pieces of other sizes than they come in. */
class Source {
  readonly #bytes: AsyncIterator<Buffer>
  #there: Buffer = Buffer.alloc(0)

  constructor(bytes: AsyncIterable<Buffer>) {
    this.#bytes = bytes[Symbol.asyncIterator]()
  }

  /** Returns so many bytes, few. */
  async exactly(size: number): Promise<Buffer> {
    const parts = await Array.fromAsync(this.next(size))
    return parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts)
  }

  /** Yields the next so many bytes, as they come. Going on where it was left off, it yields the rest of them. */
  next(size: number): AsyncIterable<Buffer> {
    let left = size
    const source = this
    return {
      async *[Symbol.asyncIterator]() {
        while (left > 0) {
          if (source.#there.length === 0) await source.#more()
          const part = source.#there.subarray(0, left)
          source.#there = source.#there.subarray(part.length)
          left -= part.length
          yield part
        }
      },
    }
  }

  /** Reads to the end. */
  async rest(): Promise<void> {
    while (!(await this.#bytes.next()).done);
  }

  async #more(): Promise<void> {
    const { value, done } = await this.#bytes.next()
    if (done) throw invalid('The archive ends too early.')
    this.#there = value
  }
}
