import type { OperationId, OperationOf } from '@pinfold/contract'
import { type AnyGiven, addressOf, type Call, type PathOf } from '../api/call.ts'
import { send } from '../api/send.ts'

/** The control token, if somebody gave it. It is in the memory of this page alone, and gone when that is left. */
let token = ''

/** Keeps the control token for the calls from now on. */
export function keepControlToken(given: string): void {
  token = given
}

/** Returns the header that lets a request control the server; undefined if it needs none here, or none is known. */
export const controlAuthorization = (): string | undefined => (token === '' ? undefined : `Bearer ${token}`)

/** Declares a call of one of the operations that control the server. */
export function declareControl<Id extends OperationId>(method: OperationOf<Id>['method'], path: PathOf<Id>): Call<Id> {
  return (given, { signal } = {}) => {
    const { body }: AnyGiven = given
    const request = { method, address: addressOf(path, given), authorization: controlAuthorization() }
    return send({ ...request, ...(body !== undefined && { body: JSON.stringify(body) }) }, signal)
  }
}
