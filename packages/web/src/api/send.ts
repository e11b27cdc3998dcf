import { noteConnection } from './connection.ts'

/** A request was refused, or not answered. */
export class ApiFailure extends Error {
  /** The HTTP status; 0 if no answer came. */
  readonly status: number
  /** The number under which the server's log has the request; empty if no answer came. */
  readonly rid: string
  /** The name of the error in the contract's catalogue; empty if none is known. */
  readonly entry: string
  /** How long to wait before the request is worth sending again, in milliseconds; 0 unless the server told. */
  readonly waitMs: number

  constructor(status: number, message: string, { rid = '', entry = '', waitMs = 0 }: Partial<FailureFacts> = {}) {
    super(message)
    this.status = status
    this.rid = rid
    this.entry = entry
    this.waitMs = waitMs
  }
}

type FailureFacts = Pick<ApiFailure, 'rid' | 'entry' | 'waitMs'>

/** Makes the failure that an answer tells of. `header`: returns a header of it. */
export function failureOf(status: number, message: string, header: (name: string) => string | null): ApiFailure {
  return new ApiFailure(status, message, {
    rid: header('x-pinterest-rid') ?? '',
    entry: header('x-pinfold-error') ?? '',
    waitMs: Number(header('retry-after') ?? 0) * 1000,
  })
}

/** A request of the API, as data: it can be kept and sent later. */
export interface ApiRequest {
  method: string
  /** Path and query. */
  address: string
  /** JSON. */
  body?: string
  /** Makes a creation safe to send again: under one key, one thing is made. */
  idempotencyKey?: string
  /** The `Authorization` header, in place of the session. */
  authorization?: string | undefined
}

/** Sends a request with the session's cookie, and returns the answer's body. Throws `ApiFailure`. */
export async function send({ method, address, body, idempotencyKey, authorization }: ApiRequest, signal?: AbortSignal) {
  const answer = await fetch(address, {
    method,
    headers: {
      'x-pinfold-app': '1',
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(authorization && { authorization }),
      ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
    },
    ...(body !== undefined && { body }),
    ...(signal && { signal }),
  }).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    noteConnection(false)
    throw new ApiFailure(0, String(error))
  })
  const text = await answer.text()
  const answered = text === '' ? undefined : JSON.parse(text)
  if (answer.ok) return answered
  throw failureOf(answer.status, answered?.message ?? '', (name) => answer.headers.get(name))
}
