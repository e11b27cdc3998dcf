import type { AdRight, MainOutput, Operation, OperationInput, OperationSuccess, resources } from '@pinfold/contract'
import type { JsonText } from '../core/json-text.ts'
import type { AppCaller, Caller, Viewer } from '../core/viewer.ts'
import type { AdAccountRow } from '../domains/ad-accounts/ad-accounts.ts'
import type { Creation } from '../domains/idempotency/idempotency.ts'
import type { Answer } from './answer.ts'

interface ByToken {
  caller: Caller
  viewer: Viewer
}

/** The origin of a request. */
export interface Sender {
  userAgent: string
  address: string
  /** Returns whether it may control the server without a token: the person in front of its machine. */
  mayControl: () => boolean
}

type Identified<Op extends Operation> = Op['auth'] extends { by: 'token' }
  ? ByToken
  : Op['auth'] extends { by: 'app' }
    ? { app: AppCaller }
    : Partial<ByToken>

/** The ad account of the path, in which the caller may do this. */
type InAdAccount<Op extends Operation> = Op extends { adRight: AdRight } ? { adAccount: AdAccountRow } : unknown

/** The input of a handler: validated, and with the caller. */
export type Call<Op extends Operation> = OperationInput<Op> &
  Identified<Op> &
  InAdAccount<Op> & {
    sender: Sender
    /** Carries a creation out, or returns its earlier answer if this `Idempotency-Key` was used before. */
    once<Row>(creation: Creation<Row, MainOutput<Op>>): Promise<JsonText>
    /** Returns the bytes of a picture in the body, which was sent as base64. */
    pictureBytes: (data: string) => Buffer
  }

/** An answer with one of the operation's successes. */
type ChosenAnswer<Op extends Operation> =
  OperationSuccess<Op> extends infer S
    ? S extends { status: infer Status extends number; body: infer Body }
      ? Answer<Status, Body | JsonText>
      : never
    : never

type Answered<Op extends Operation> = MainOutput<Op> | JsonText | ChosenAnswer<Op>

/**
 * Carries out one operation. Returns the answer's body, as a value or as JSON text; or an `Answer` to choose another of
 * the successes that the operation declares.
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
