import { type ErrorName, errorCatalogue } from '@pinfold/contract'

/** What a request was refused by, for the request log. */
export interface RefusalReason {
  /** The scopes that the token lacks. */
  missingScopes?: readonly string[]
  /** The limit that was used up. */
  limit?: { name: string; requests: number; windowSeconds: number; resetSeconds: number }
  /** The field that was wrong: its part of the request, its JSON pointer there, and the place of the rule. */
  schema?: { part: 'path' | 'query' | 'body'; path: string; rule: string }
}

export interface ApiErrorOptions {
  /** What exactly was wrong and what would be right; follows the catalogue's message. */
  detail?: string
  /** What was wrong with each of several things: the answer's `details`. */
  details?: Readonly<Record<string, unknown>>
  headers?: Record<string, string>
  reason?: RefusalReason
  cause?: unknown
}

/** An error for the client: thrown where it is found, rendered in one place. */
export class ApiError extends Error {
  readonly entry: ErrorName
  readonly detail: string | undefined
  readonly details: ApiErrorOptions['details']
  readonly headers: Record<string, string>
  readonly reason: RefusalReason | undefined

  constructor(entry: ErrorName, { detail, details, headers = {}, reason, cause }: ApiErrorOptions = {}) {
    super(detail ? `${errorCatalogue[entry].message} ${detail}` : errorCatalogue[entry].message, { cause })
    this.entry = entry
    this.detail = detail
    this.details = details
    this.headers = headers
    this.reason = reason
  }
}

/** Returns a 400 that says what was wrong and what would be right. */
export function invalid(detail: string, reason?: RefusalReason): ApiError {
  return new ApiError('invalidRequest', { detail, ...(reason && { reason }) })
}

/** The configuration is invalid: `message` is one line for the person who started the server. */
export class ConfigError extends Error {}
