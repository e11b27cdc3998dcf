import type { MainOutput, Operation, OperationInput, OperationSuccess, resources } from '@pinfold/contract'
import type { JsonText } from '../core/json-text.ts'
import type { AppCaller, Caller, Viewer } from '../core/viewer.ts'
import type { Creation } from '../domains/idempotency/idempotency.ts'
import type { Answer } from './answer.ts'

interface ByToken {
  caller: Caller
  viewer: Viewer
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
    /** Carries a creation out, or returns the answer that it had if it came before with this `Idempotency-Key`. */
    once<Row>(creation: Creation<Row, MainOutput<Op>>): Promise<JsonText>
    /** The bytes of a picture that is in the body as base64. */
    pictureBytes: (data: string) => Buffer
  }

/** An answer of one of the operation's successes. */
type ChosenAnswer<Op extends Operation> =
  OperationSuccess<Op> extends infer S
    ? S extends { status: infer Status extends number; body: infer Body }
      ? Answer<Status, Body | JsonText>
      : never
    : never

type Answered<Op extends Operation> = MainOutput<Op> | JsonText | ChosenAnswer<Op>

/**
 * Carries out one operation. It returns the answer's body, as a value or as JSON text; or an `Answer` to choose
 * another of the successes that the operation declares.
 */
export type Handler<Op extends Operation> = (call: Call<Op>) => Answered<Op> | Promise<Answered<Op>>

/** The handlers of a resource's operations, under the same keys. */
export type Handlers<Resource> = {
  readonly [Name in keyof Resource]: Resource[Name] extends Operation ? Handler<Resource[Name]> : never
}

/** The handlers of several resources, under the same keys. */
export type ApiOf<Resources> = { readonly [Name in keyof Resources]: Handlers<Resources[Name]> }

/** The handlers of every operation in the contract. */
export type Api = ApiOf<typeof resources>
