import { type ErrorName, errorCatalogue } from '@pinfold/contract'

export interface ApiErrorOptions {
  /** What exactly was wrong and what would be right; follows the catalogue's message. */
  detail?: string
  /** What was wrong with each of several things: the answer's `details`. */
  details?: Readonly<Record<string, unknown>>
  headers?: Record<string, string>
  cause?: unknown
}

/** An error for the client: thrown where it is found, rendered in one place. */
export class ApiError extends Error {
  readonly entry: ErrorName
  readonly detail: string | undefined
  readonly details: ApiErrorOptions['details']
  readonly headers: Record<string, string>

  constructor(entry: ErrorName, { detail, details, headers = {}, cause }: ApiErrorOptions = {}) {
    super(detail ? `${errorCatalogue[entry].message} ${detail}` : errorCatalogue[entry].message, { cause })
    this.entry = entry
    this.detail = detail
    this.details = details
    this.headers = headers
  }
}

/** Returns a 400 that says what was wrong and what would be right. */
export function invalid(detail: string): ApiError {
  return new ApiError('invalidRequest', { detail })
}

/** The configuration is invalid: `message` is one line for the person who started the server. */
export class ConfigError extends Error {}
