/** An answer that is JSON text already, and the headers that go with it. */
export class JsonText {
  readonly text: string
  readonly headers: Record<string, string> | undefined

  constructor(text: string, headers?: Record<string, string>) {
    this.text = text
    this.headers = headers
  }
}
