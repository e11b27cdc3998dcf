import { hash } from 'node:crypto'

/** An answer that is already JSON text, and its headers. */
export class JsonText {
  readonly text: string
  readonly headers: Record<string, string> | undefined

  constructor(text: string, headers?: Record<string, string>) {
    this.text = text
    this.headers = headers
  }
}

/** Returns the tag of a text for `ETag` and `If-None-Match`. */
export const etagOf = (text: string): string => `"${hash('sha256', text, 'base64url').slice(0, 22)}"`
