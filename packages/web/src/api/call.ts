import type { OperationId, OperationInput, OperationOf, OperationOutput } from '@pinfold/contract'
import { takeFirstAnswer } from './first-answers.ts'
import { deliver } from './outbox.ts'
import { type ApiRequest, send } from './send.ts'

export { ApiFailure, failureOf } from './send.ts'

type RootOf<Id extends OperationId> = OperationOf<Id> extends { root: infer Root extends string } ? Root : '/v5'
/** The whole path of an operation, as the contract has it: a wrong one does not compile. */
export type PathOf<Id extends OperationId> = `${RootOf<Id>}${OperationOf<Id>['path']}`

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
export type Call<Id extends OperationId> = (
  given: Given<Id>,
  options?: CallOptions,
) => Promise<OperationOutput<OperationOf<Id>>>

/** The same, whatever the operation. */
export interface AnyGiven {
  params?: object
  query?: object
  body?: unknown
}

/** Returns the address of a request: the path with its parameters, and the query. */
export function addressOf(path: string, { params = {}, query = {} }: AnyGiven): string {
  let filled = path
  for (const [name, value] of Object.entries(params))
    filled = filled.replace(`{${name}}`, encodeURIComponent(String(value)))
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value))
  return search.size > 0 ? `${filled}?${search}` : filled
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
    const { body }: AnyGiven = given
    const address = addressOf(path, given)
    const first = method === 'GET' && takeFirstAnswer(address)
    if (first) return first
    const request: ApiRequest = {
      ...{ method, address },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(idempotencyKey !== undefined && { idempotencyKey }),
    }
    return method === 'GET' ? send(request, signal) : deliver(request)
  }
}

/** Ends the session in this browser. */
export async function signOut(): Promise<void> {
  await fetch('/oauth/sign-out', { method: 'POST', headers: { 'x-pinfold-app': '1' }, redirect: 'manual' })
}
