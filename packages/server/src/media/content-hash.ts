import { subtle } from 'node:crypto'

const known = new WeakMap<Buffer, Promise<string>>()

/** The SHA-256 of some bytes, in hex. It is computed beside the main thread, and once for the same buffer. */
export function contentHash(bytes: Buffer): Promise<string> {
  const before = known.get(bytes)
  if (before) return before
  const hash = subtle
    .digest('SHA-256', bytes as Buffer<ArrayBuffer>)
    .then((digest) => Buffer.from(digest).toString('hex'))
  known.set(bytes, hash)
  return hash
}
