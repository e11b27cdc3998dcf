import { hash } from 'node:crypto'

/** An answer that is JSON text already, and the headers that go with it. */
export class JsonText {
  readonly text: string
  readonly headers: Record<string, string> | undefined

  constructor(text: string, headers?: Record<string, string>) {
    this.text = text
    this.headers = headers
  }
}

/** The tag that stands for a text in `ETag` and `If-None-Match`. */
export const etagOf = (text: string): string => `"${hash('sha256', text, 'base64url').slice(0, 22)}"`
