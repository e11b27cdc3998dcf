import type { Readable, Writable } from 'node:stream'

/** A message between two processes: a JSON value, and bytes. */
export interface Message<Head> {
  head: Head
  parts: Buffer[]
}

/** The length in bytes of the prefix of each message, which has the length of the JSON after it. */
const sizeBytes = 4

/** Sends a message. Once it resolves the bytes are no longer used; rejects when the other side is gone. */
export function send(stream: Writable, head: object, parts: readonly Buffer[]): Promise<void> {
  const json = Buffer.from(JSON.stringify({ head, lengths: parts.map(({ length }) => length) }))
  const size = Buffer.alloc(sizeBytes)
  size.writeUInt32BE(json.length)
  const written = [Buffer.concat([size, json]), ...parts].map(
    (bytes) =>
      new Promise<void>((resolve, reject) => {
        stream.write(bytes, (error) => (error ? reject(error) : resolve()))
      }),
  )
  return Promise.all(written).then(() => {})
}

/** Yields the received messages, until the other side is gone. Ignores an incomplete message at the end. */
export async function* received<Head>(stream: Readable): AsyncGenerator<Message<Head>> {
  const take = taker(stream)
  for (;;) {
    const size = await take(sizeBytes)
    const json = size && (await take(size.readUInt32BE()))
    if (!json) return
    const { head, lengths }: { head: Head; lengths: number[] } = JSON.parse(json.toString())
    const parts: Buffer[] = []
    for (const length of lengths) {
      const part = await take(length)
      if (!part) return
      parts.push(part)
    }
    yield { head, parts }
  }
}

/**
 * Returns a function that reads the next `length` bytes into memory of their own; it resolves with undefined when the
 * stream ends before.
 */
function taker(stream: Readable): (length: number) => Promise<Buffer | undefined> {
  const chunks: AsyncIterator<Buffer> = stream[Symbol.asyncIterator]()
  let rest: Buffer = Buffer.alloc(0)
  return async (length) => {
    const bytes = Buffer.allocUnsafeSlow(length)
    let filled = 0
    while (filled < length) {
      if (rest.length === 0) {
        const next = await chunks.next().catch(() => undefined)
        if (!next || next.done) return undefined
        rest = next.value
      }
      const copied = rest.copy(bytes, filled)
      filled += copied
      rest = rest.subarray(copied)
    }
    return bytes
  }
}
