/** An answer with a status that the handler chose among the successes of its operation. */
export class Answer<Status extends number, Body> {
  readonly status: Status
  readonly body: Body

  /** `body`: a value, or JSON text. */
  constructor(status: Status, body: Body) {
    this.status = status
    this.body = body
  }
}
