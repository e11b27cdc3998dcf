import type { Static, TObject, TSchema } from 'typebox'
import { type ErrorEntry, type ErrorName, errorCatalogue } from './errors.ts'
import type { RestrictedFeature } from './features.ts'
import type { RateLimitCategory } from './rate-limits.ts'
import type { Scope } from './scopes.ts'

/** How an operation wants its caller known. */
export type OperationAuth =
  /**
   * A bearer token with every one of `scopes`; `clientCredentials`: whether an app's own token (`pinc_…`) will do.
   * `secretScopes`: what a token needs besides for secret boards and Pins to be in the answer, unless it follows from
   * `scopes` (see `secretScopes`).
   */
  | { by: 'token'; scopes: readonly Scope[]; secretScopes?: readonly Scope[]; clientCredentials: boolean }
  /** The app's id and secret, as HTTP Basic. */
  | { by: 'app' }
  /** Nothing. A bearer token, if there is one, says who it is. */
  | { by: 'anyone' }

/** How an operation answers when it did what was asked. */
export interface Success {
  status: 200 | 201 | 204 | 206
  description: string
  /** What the body is; without one there is none. */
  schema?: TSchema
}

export interface Operation {
  /** Pinterest's name for it, such as `pins/create`. */
  id: string
  method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
  /** Below `/v5` or what `root` says, with parameters in braces. */
  path: string
  /** Where it is, if it is none of Pinterest's. */
  root?: '/_pinfold'
  tag: string
  summary: string
  description: string
  auth: OperationAuth
  category: RateLimitCategory
  /** The restricted feature that an app must have for it. */
  feature?: RestrictedFeature
  /** Apps on the trial tier may do it in the sandbox alone. */
  trialInSandboxOnly?: true
  params?: TObject
  query?: TObject
  body?: {
    type: 'json' | 'form'
    schema: TSchema
    /** How long it may be; 256 KB if not given. */
    maxBytes?: number
    /** Whether there may be pictures in it, as base64: what is besides them may be 256 KB. */
    hasPictures?: true
    /** If that of the schema does not show what the operation is for. */
    example?: unknown
  }
  /** Whether the answer carries an ETag, and a client that has it already is told so with a 304. */
  hasEtag?: true
  success: Success
  /** Further successes, each of a status of its own, for the handler to choose. */
  otherSuccesses?: readonly Success[]
  /** A success that Pinterest declares beside these. It is described for clients of both; Pinfold never answers so. */
  alsoAtPinterest?: Pick<Success, 'status' | 'schema'>
  /** The errors that are its own (those that every operation has go without saying), with what it changes in them. */
  errors: Partial<Record<ErrorName, { code?: number; message?: string }>>
}

type Part<T> = T extends TSchema ? Static<T> : undefined

/** What a handler of `Op` is given, validated. */
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

/** What an operation answers, whichever of its successes it is. */
export type OperationOutput<Op extends Operation> = BodyOf<Successes<Op>>

/** What an operation answers when its handler names no status. */
export type MainOutput<Op extends Operation> = BodyOf<Op['success']>

/** The statuses that an operation's handler may choose from, each with the body that goes with it. */
export type OperationSuccess<Op extends Operation> =
  Successes<Op> extends infer S extends Success
    ? S extends Success
      ? { status: S['status']; body: BodyOf<S> }
      : never
    : never

/** All successes of an operation, the usual one first. */
export function successesOf({ success, otherSuccesses = [] }: Operation): readonly Success[] {
  return [success, ...otherSuccesses]
}

/** Declares an operation; keeps its exact type, from which handlers, client and documents follow. */
export function operation<const Op extends Operation>(declared: Op): Op {
  return declared
}

/** The errors that an operation can answer, with its own codes and messages put in: its own, and those of its shape. */
export function errorsOf(op: Operation): Map<ErrorName, ErrorEntry> {
  const names = [...errorsOfShape(op), ...(Object.keys(op.errors) as ErrorName[])]
  return new Map(names.map((name) => [name, { ...errorCatalogue[name], ...op.errors[name] }]))
}

const authErrors: Record<OperationAuth['by'], readonly ErrorName[]> = {
  token: ['authenticationFailed', 'insufficientScope'],
  app: ['authenticationFailed'],
  anyone: ['authenticationFailed'],
}

/**
 * What every operation of this shape can answer. A 500 is not among them: it would be a mistake of the server's.
 */
function errorsOfShape({ method, auth, query }: Operation): ErrorName[] {
  return [
    'invalidRequest',
    ...authErrors[auth.by],
    ...(query && 'ad_account_id' in query.properties ? (['forbidden'] as const) : []),
    ...(query && 'bookmark' in query.properties ? (['invalidBookmark'] as const) : []),
    ...(method === 'POST' && auth.by !== 'app' ? (['idempotencyKeyReused'] as const) : []),
    // A body that is not asked for is passed over, but its headers must be sound.
    ...(method !== 'GET' ? (['requestTimeout', 'bodyTooLarge', 'unsupportedMediaType'] as const) : []),
    'misdirectedHost',
    'rateLimited',
    'unavailable',
  ]
}
