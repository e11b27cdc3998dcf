import { createHash } from 'node:crypto'
import { setImmediate as othersTurn } from 'node:timers/promises'

const known = new WeakMap<Buffer, Promise<string>>()
/** Hashing this many bytes takes half a millisecond; then other requests get a turn. */
const pieceBytes = 1_000_000

/** Returns the SHA-256 of some bytes, in hex. Computes it in pieces, and once for the same buffer. */
export function contentHash(bytes: Buffer): Promise<string> {
  const hash = known.get(bytes) ?? inPieces(bytes)
  known.set(bytes, hash)
  return hash
}

async function inPieces(bytes: Buffer): Promise<string> {
  const hash = createHash('sha256')
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    if (at > 0) await othersTurn()
    hash.update(bytes.subarray(at, at + pieceBytes))
  }
  return hash.digest('hex')
}
