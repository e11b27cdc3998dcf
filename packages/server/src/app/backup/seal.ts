import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  type Hash,
  type Hmac,
  hkdfSync,
  randomBytes,
} from 'node:crypto'
import { BackupError } from './backup-error.ts'

/** How the content of files is written to a backup, and how it is named there. */
export interface Seal {
  /** Starts the sum that names a content: of what is in it alone, so that equal contents are there once. */
  newSum(): Hash | Hmac
  /** Returns the size in bytes of what is written for a content of `size` bytes. */
  sealedSize(size: number): number
  /** Yields what is written for a content. `context`: where it belongs; it can be opened there alone. */
  seal(content: AsyncIterable<Buffer>, context: string): AsyncIterable<Buffer>
  /** Yields the content again. Throws `BackupError` when it was altered, or belongs elsewhere. */
  open(sealed: AsyncIterable<Buffer>, context: string): AsyncIterable<Buffer>
}

/** Writes contents as they are. That they are not altered their names show. */
export const openSeal: Seal = {
  newSum: () => createHash('sha256'),
  sealedSize: (size) => size,
  seal: (content) => content,
  open: (sealed) => sealed,
}

// A sealed content: the magic, a salt, then AES-256-GCM of each 64 kB with a key of its own (HKDF of the salt). The nonce
// counts the segments and marks the last, so that none can be moved, left out or added.
const magic = Buffer.from('PFB1')
const saltBytes = 32
const segmentBytes = 65_536
const tagBytes = 16

/** Encrypts contents with a key of 32 bytes, and keeps their names from telling what is in them. */
export function sealWith(key: Buffer): Seal {
  const nameKey = derive(key, Buffer.alloc(0), 'pinfold backup names')

  return {
    newSum: () => createHmac('sha256', nameKey),
    sealedSize: (size) => magic.length + saltBytes + size + Math.max(1, Math.ceil(size / segmentBytes)) * tagBytes,

    async *seal(content, context) {
      const salt = randomBytes(saltBytes)
      yield Buffer.concat([magic, salt])
      const fileKey = derive(key, salt, context)
      let count = 0
      for await (const { segment, isLast } of segmentsOf(content, segmentBytes)) {
        const cipher = createCipheriv('aes-256-gcm', fileKey, nonceOf(count++, isLast), { authTagLength: tagBytes })
        yield Buffer.concat([cipher.update(segment), cipher.final(), cipher.getAuthTag()])
      }
    },

    async *open(sealed, context) {
      const { head, rest } = await headOf(sealed, magic.length + saltBytes)
      if (!head.subarray(0, magic.length).equals(magic)) throw new BackupError('it is not sealed')
      const fileKey = derive(key, head.subarray(magic.length), context)
      let count = 0
      for await (const { segment, isLast } of segmentsOf(rest, segmentBytes + tagBytes))
        yield opened(segment, fileKey, nonceOf(count++, isLast))
    },
  }
}

function opened(segment: Buffer, key: Buffer, nonce: Buffer): Buffer {
  if (segment.length < tagBytes) throw new BackupError('it is cut off')
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes })
  decipher.setAuthTag(segment.subarray(-tagBytes))
  try {
    return Buffer.concat([decipher.update(segment.subarray(0, -tagBytes)), decipher.final()])
  } catch (error) {
    throw new BackupError('it was altered', { cause: error })
  }
}

const derive = (key: Buffer, salt: Buffer, context: string): Buffer =>
  Buffer.from(hkdfSync('sha256', key, salt, context, 32))

function nonceOf(count: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12)
  nonce.writeUIntBE(count, 5, 6)
  nonce[11] = isLast ? 1 : 0
  return nonce
}

/** Cuts bytes into segments of `size`; the last, which may be shorter, is marked. There is always one. */
async function* segmentsOf(
  bytes: AsyncIterable<Buffer>,
  size: number,
): AsyncGenerator<{ segment: Buffer; isLast: boolean }> {
  let left: Buffer = Buffer.alloc(0)
  for await (const part of bytes) {
    left = left.length === 0 ? part : Buffer.concat([left, part])
    for (; left.length > size; left = left.subarray(size)) yield { segment: left.subarray(0, size), isLast: false }
  }
  yield { segment: left, isLast: true }
}

/** Takes the first bytes off. */
async function headOf(
  bytes: AsyncIterable<Buffer>,
  size: number,
): Promise<{ head: Buffer; rest: AsyncIterable<Buffer> }> {
  const parts = bytes[Symbol.asyncIterator]()
  let begun: Buffer = Buffer.alloc(0)
  while (begun.length < size) {
    const { value, done } = await parts.next()
    if (done) throw new BackupError('it is cut off')
    begun = Buffer.concat([begun, value])
  }
  async function* rest() {
    try {
      yield begun.subarray(size)
      for (;;) {
        const { value, done } = await parts.next()
        if (done) return
        yield value as Buffer
      }
    } finally {
      await parts.return?.()
    }
  }
  return { head: begun.subarray(0, size), rest: rest() }
}
