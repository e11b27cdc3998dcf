import { hash } from 'node:crypto'

const comma = 44

/** A text whose items are shared with others of its kind, with commas between them. `before` and `after` are ASCII. */
export class JoinedText {
  readonly before: string
  readonly items: readonly Uint8Array[]
  readonly after: string
  /** The number of its bytes. */
  readonly length: number

  constructor(before: string, items: readonly Uint8Array[], after: string) {
    this.before = before
    this.items = items
    this.after = after
    let length = before.length + after.length + Math.max(0, items.length - 1)
    for (const item of items) length += item.length
    this.length = length
  }

  toString(): string {
    return this.toBytes().toString()
  }

  /** Returns its bytes, anew: to copy those of each item takes less than to join texts and encode them. */
  toBytes(): Buffer {
    const { items } = this
    const bytes = Buffer.allocUnsafeSlow(this.length)
    let at = bytes.write(this.before, 0, 'latin1')
    for (let i = 0; i < items.length; i++) {
      if (i > 0) bytes[at++] = comma
      const item = items[i] as Uint8Array
      bytes.set(item, at)
      at += item.length
    }
    bytes.write(this.after, at, 'latin1')
    return bytes
  }
}

/** Returns the bytes of a text, in memory of their own: of a shared piece the rest would stay as well. */
export function bytesOfText(text: string): Buffer {
  const bytes = Buffer.allocUnsafeSlow(Buffer.byteLength(text))
  bytes.write(text)
  return bytes
}

/** A text, or its bytes, which nobody changes any more, or what it is put together from. */
export type JsonBody = string | Buffer | JoinedText

/** An answer that is already JSON text, and its headers. */
export class JsonText {
  readonly body: JsonBody
  readonly headers: Record<string, string> | undefined

  constructor(body: JsonBody, headers?: Record<string, string>) {
    this.body = body
    this.headers = headers
  }

  /** Its text. */
  get text(): string {
    return String(this.body)
  }
}

/** Returns the tag of a text for `ETag` and `If-None-Match`. */
export const etagOf = (text: string): string => `"${hash('sha256', text, 'base64url').slice(0, 22)}"`
