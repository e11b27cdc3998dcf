import type { OperationId, OperationInput, OperationOf, OperationOutput } from '@pinfold/contract'
import { takeFirstAnswer } from './first-answers.ts'

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

type RootOf<Id extends OperationId> = OperationOf<Id> extends { root: infer Root extends string } ? Root : '/v5'
/** The whole path of an operation, as the contract has it: a wrong one does not compile. */
type PathOf<Id extends OperationId> = `${RootOf<Id>}${OperationOf<Id>['path']}`

type Input<Id extends OperationId> = OperationInput<OperationOf<Id>>
/** The parts of the input that an operation has. The query may be left out. */
type Given<Id extends OperationId> = (Input<Id>['params'] extends object ? { params: Input<Id>['params'] } : object) &
  (Input<Id>['body'] extends object ? { body: Input<Id>['body'] } : object) &
  (Input<Id>['query'] extends object ? { query?: Input<Id>['query'] } : object)

export interface CallOptions {
  signal?: AbortSignal
  /** Makes a creation safe to send again: under one key, one thing is made. */
  idempotencyKey?: string
}

/** A declared call: takes what the operation takes, and returns what it answers. */
type Call<Id extends OperationId> = (
  given: Given<Id>,
  options?: CallOptions,
) => Promise<OperationOutput<OperationOf<Id>>>

/** The same, whatever the operation. */
interface AnyGiven {
  params?: object
  query?: object
  body?: unknown
}

/**
 * Declares a call of one of the contract's operations.
 *
 * @example
 * const getPin = declareCall<'web/get_pin'>('GET', '/_pinfold/web/pins/{pin_id}')
 * const { pin } = await getPin({ params: { pin_id: '1' } })
 */
export function declareCall<Id extends OperationId>(method: OperationOf<Id>['method'], path: PathOf<Id>): Call<Id> {
  return async (given, { signal, idempotencyKey } = {}) => {
    const { params = {}, query = {}, body }: AnyGiven = given
    let filled: string = path
    for (const [name, value] of Object.entries(params))
      filled = filled.replace(`{${name}}`, encodeURIComponent(String(value)))
    const search = new URLSearchParams()
    for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value))
    const address = search.size > 0 ? `${filled}?${search}` : filled
    const first = method === 'GET' && takeFirstAnswer(address)
    if (first) return first
    return send(address, {
      method,
      headers: {
        'x-pinfold-app': '1',
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(signal && { signal }),
    })
  }
}

/** Sends a request with the session's cookie, and returns the answer's body. Throws `ApiFailure`. */
async function send(address: string, init: RequestInit) {
  const answer = await fetch(address, init).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new ApiFailure(0, String(error))
  })
  const text = await answer.text()
  const body = text === '' ? undefined : JSON.parse(text)
  if (answer.ok) return body
  throw failureOf(answer.status, body?.message ?? '', (name) => answer.headers.get(name))
}

/** Ends the session in this browser. */
export async function signOut(): Promise<void> {
  await fetch('/oauth/sign-out', { method: 'POST', headers: { 'x-pinfold-app': '1' }, redirect: 'manual' })
}
