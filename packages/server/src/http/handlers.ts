import type { Operation, OperationInput, OperationOutput, resources } from '@pinfold/contract'
import type { JsonText } from '../core/json-text.ts'
import type { AppCaller, Caller, Viewer } from '../core/viewer.ts'
import type { RecordAnswer } from '../domains/idempotency/idempotency.ts'

interface ByToken {
  caller: Caller
  viewer: Viewer
  /** Notes the answer of a creation, in the transaction that creates; does nothing if none was asked for. */
  record: RecordAnswer
}

/** What is known of where a request comes from. */
export interface Sender {
  userAgent: string
  address: string
}

type Identified<Op extends Operation> = Op['auth'] extends { by: 'token' }
  ? ByToken
  : Op['auth'] extends { by: 'app' }
    ? { app: AppCaller }
    : Partial<ByToken>

/** What a handler is given: validated input, and who asks. */
export type Call<Op extends Operation> = OperationInput<Op> &
  Identified<Op> & {
    sender: Sender
    /** The bytes of a picture that is in the body as base64. */
    pictureBytes: (data: string) => Buffer
  }

/** Carries out one operation. It returns the answer's body, as a value or as JSON text. */
export type Handler<Op extends Operation> = (
  call: Call<Op>,
) => OperationOutput<Op> | JsonText | Promise<OperationOutput<Op> | JsonText>

/** The handlers of a resource's operations, under the same keys. */
export type Handlers<Resource> = {
  readonly [Name in keyof Resource]: Resource[Name] extends Operation ? Handler<Resource[Name]> : never
}

/** The handlers of every operation in the contract. */
export type Api = { readonly [Name in keyof typeof resources]: Handlers<(typeof resources)[Name]> }
