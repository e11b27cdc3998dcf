import type { Static, TObject, TSchema } from 'typebox'
import type { AdRight } from './business-access.ts'
import { type ErrorEntry, type ErrorName, errorCatalogue } from './errors.ts'
import type { RestrictedFeature } from './features.ts'
import type { RateLimitCategory } from './rate-limits.ts'
import type { Scope } from './scopes.ts'

/** How an operation authenticates its caller. */
export type OperationAuth =
  /**
   * A bearer token with every one of `scopes`. `clientCredentials`: whether an app's own token (`pinc_…`) is accepted.
   * `secretScopes`: the scopes a token needs besides, so that the answer includes secret boards and Pins; by default
   * they follow from `scopes` (see the function `secretScopes`).
   */
  | { by: 'token'; scopes: readonly Scope[]; secretScopes?: readonly Scope[]; clientCredentials: boolean }
  /** The app's id and secret, as HTTP Basic. */
  | { by: 'app' }
  /**
   * Nothing. A bearer token is optional and identifies the caller. It must have `scopes`, if any are named; secret things
   * need further ones, as above.
   */
  | { by: 'anyone'; scopes?: readonly Scope[] }
  /**
   * Being on the server's machine, or the server's control token as a bearer token. No token of an app matters. Requests
   * are not counted against limits.
   */
  | { by: 'control' }

/** A successful answer of an operation. */
export interface Success {
  status: 200 | 201 | 204 | 206
  description: string
  /** The schema of the body; without it there is none. */
  schema?: TSchema
}

export interface Operation {
  /** Pinterest's name for it, such as `pins/create`. */
  id: string
  method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
  /** The path below `/v5` or `root`, with parameters in braces. */
  path: string
  /** The root of operations that are not Pinterest's. */
  root?: '/_pinfold'
  tag: string
  summary: string
  description: string
  /** Whether programs should no longer call it; the description says what instead. */
  deprecated?: true
  auth: OperationAuth
  category: RateLimitCategory
  /** The restricted feature that an app must have to call it. */
  feature?: RestrictedFeature
  /** What the caller's roles in the ad account of the path must allow. Without one there, the ad account is not shown to be there. */
  adRight?: AdRight
  /** Whether only somebody who is signed in in a browser may call it, and no app: for what guards the account itself. */
  sessionOnly?: true
  /** Whether apps on the trial tier may call it in the sandbox only. */
  trialInSandboxOnly?: true
  params?: TObject
  query?: TObject
  body?: {
    type: 'json' | 'form'
    schema: TSchema
    /** The longest body; 256 KB if not given. */
    maxBytes?: number
    /** Whether it may hold pictures as base64. The rest of such a body may be 256 KB. */
    hasPictures?: true
    /** An example, where that of the schema does not show what the operation is for. */
    example?: unknown
  }
  /** Whether the answer has an ETag, and a client that already has the answer gets a 304. */
  hasEtag?: true
  success: Success
  /** Further successes, each with a status of its own. The handler chooses. */
  otherSuccesses?: readonly Success[]
  /** A success that only Pinterest answers. It is described for clients of both. */
  alsoAtPinterest?: Pick<Success, 'status' | 'schema'>
  /**
   * The operation's own errors, with the codes and messages that it changes. Errors that every operation has are
   * implied.
   */
  errors: Partial<Record<ErrorName, { code?: number; message?: string }>>
}

type Part<T> = T extends TSchema ? Static<T> : undefined

/** The validated input of a handler of `Op`. */
export interface OperationInput<Op extends Operation> {
  params: Part<Op['params']>
  query: Part<Op['query']>
  body: Op['body'] extends { schema: infer S } ? Part<S> : undefined
}

/** The declarations of all successes of an operation. */
type Successes<Op extends Operation> =
  | Op['success']
  | (Op extends { otherSuccesses: readonly (infer S extends Success)[] } ? S : never)

type BodyOf<S extends Success> = S extends { schema: infer Schema } ? Part<Schema> : undefined

/** The body of any success of an operation. */
export type OperationOutput<Op extends Operation> = BodyOf<Successes<Op>>

/** The body of the main success, for a handler that names no status. */
export type MainOutput<Op extends Operation> = BodyOf<Op['success']>

/** The statuses that an operation's handler may choose from, each with its body. */
export type OperationSuccess<Op extends Operation> =
  Successes<Op> extends infer S extends Success
    ? S extends Success
      ? { status: S['status']; body: BodyOf<S> }
      : never
    : never

/** Returns all successes of an operation, the main one first. */
export function successesOf({ success, otherSuccesses = [] }: Operation): readonly Success[] {
  return [success, ...otherSuccesses]
}

/** Declares an operation and keeps its exact type, from which handlers, client and documents follow. */
export function operation<const Op extends Operation>(declared: Op): Op {
  return declared
}

/** Returns the errors that an operation can answer: its own, with its codes and messages, and those of its shape. */
export function errorsOf(op: Operation): Map<ErrorName, ErrorEntry> {
  const names = [...errorsOfShape(op), ...(Object.keys(op.errors) as ErrorName[])]
  return new Map(names.map((name) => [name, { ...errorCatalogue[name], ...op.errors[name] }]))
}

const authErrors: Record<OperationAuth['by'], readonly ErrorName[]> = {
  token: ['authenticationFailed', 'insufficientScope'],
  app: ['authenticationFailed'],
  anyone: ['authenticationFailed'],
  control: ['authenticationFailed', 'forbidden'],
}

/**
 * Returns the errors that every operation of this shape can answer. A 500 is not among them: it would be a bug in the
 * server.
 */
function errorsOfShape({ method, auth, query, adRight }: Operation): ErrorName[] {
  return [
    'invalidRequest',
    ...authErrors[auth.by],
    ...(auth.by === 'anyone' && auth.scopes ? (['insufficientScope'] as const) : []),
    ...((query && 'ad_account_id' in query.properties) || adRight ? (['forbidden'] as const) : []),
    ...(query && 'bookmark' in query.properties ? (['invalidBookmark'] as const) : []),
    ...(method === 'POST' && auth.by !== 'app' && auth.by !== 'control' ? (['idempotencyKeyReused'] as const) : []),
    // An undeclared body is ignored, but its headers must be valid.
    ...(method !== 'GET' ? (['requestTimeout', 'bodyTooLarge', 'unsupportedMediaType'] as const) : []),
    'misdirectedHost',
    'rateLimited',
    'unavailable',
  ]
}
