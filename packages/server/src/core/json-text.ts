import { hash } from 'node:crypto'

/**
 * A text of ASCII whose items are shared with others of its kind, with commas between them: put together only when
 * somebody wants it as one.
 */
export class AsciiText {
  readonly before: string
  readonly items: readonly string[]
  readonly after: string
  /** The number of its characters, which is that of its bytes. */
  readonly length: number

  constructor(before: string, items: readonly string[], after: string) {
    this.before = before
    this.items = items
    this.after = after
    let length = before.length + after.length + Math.max(0, items.length - 1)
    for (const item of items) length += item.length
    this.length = length
  }

  toString(): string {
    return `${this.before}${this.items.join()}${this.after}`
  }

  /** Returns its bytes: to write each item into them takes less than to join and encode all. */
  toBuffer(): Buffer {
    const bytes = Buffer.allocUnsafe(this.length)
    let at = bytes.write(this.before, 0, 'latin1')
    for (const [i, item] of this.items.entries()) {
      if (i > 0) bytes[at++] = comma
      at += bytes.write(item, at, 'latin1')
    }
    bytes.write(this.after, at, 'latin1')
    return bytes
  }
}

const comma = 44

/** Returns whether a text is ASCII. */
export const isAscii = (text: string): boolean => !/[^\0-\x7f]/.test(text)

/** An answer that is already JSON text, and its headers. */
export class JsonText {
  readonly body: string | AsciiText
  readonly headers: Record<string, string> | undefined

  constructor(body: string | AsciiText, headers?: Record<string, string>) {
    this.body = body
    this.headers = headers
  }

  /** Its text as one. */
  get text(): string {
    return String(this.body)
  }
}

/** Returns the tag of a text for `ETag` and `If-None-Match`. */
export const etagOf = (text: string): string => `"${hash('sha256', text, 'base64url').slice(0, 22)}"`
