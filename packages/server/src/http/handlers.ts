import type { OperationId, OperationInput, OperationOf, OperationOutput } from '@pinfold/contract'
import type { Record } from '../idempotency/idempotency.ts'
import type { AppCaller, Caller, Viewer } from './caller.ts'
import type { JsonText } from './json-text.ts'

interface ByToken {
  caller: Caller
  viewer: Viewer
  /** Notes the answer of a creation, in the transaction that creates; does nothing if none was asked for. */
  record: Record
}

/** What is known of where a request comes from. */
export interface Sender {
  userAgent: string
  address: string
}

type Identified<Id extends OperationId> = OperationOf<Id>['auth'] extends { by: 'token' }
  ? ByToken
  : OperationOf<Id>['auth'] extends { by: 'app' }
    ? { app: AppCaller }
    : Partial<ByToken>

/** What a handler is given: validated input, and who asks. */
export type Call<Id extends OperationId> = OperationInput<OperationOf<Id>> &
  Identified<Id> & {
    sender: Sender
    /** The bytes of a picture that is in the body as base64. */
    pictureBytes: (data: string) => Buffer
  }

/** Carries out one operation. It returns the answer's body, as a value or as JSON text. */
export type Handler<Id extends OperationId> = (
  call: Call<Id>,
) => OperationOutput<OperationOf<Id>> | JsonText | Promise<OperationOutput<OperationOf<Id>> | JsonText>

/** The handlers of a domain's operations. */
export type Handlers<Ids extends OperationId = OperationId> = { [Id in Ids]: Handler<Id> }
