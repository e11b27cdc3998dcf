import { type ErrorName, errorCatalogue, guideErrorCodes, type Operation } from '@pinfold/contract'

export interface ApiErrorOptions {
  /** What exactly was wrong and what would be right; follows the catalogue's message. */
  detail?: string
  headers?: Record<string, string>
  cause?: unknown
}

/** An error for the client: thrown where it is found, rendered in one place. */
export class ApiError extends Error {
  readonly entry: ErrorName
  readonly detail: string | undefined
  readonly headers: Record<string, string>

  constructor(entry: ErrorName, { detail, headers = {}, cause }: ApiErrorOptions = {}) {
    super(detail ? `${errorCatalogue[entry].message} ${detail}` : errorCatalogue[entry].message, { cause })
    this.entry = entry
    this.detail = detail
    this.headers = headers
  }
}

/** A 400 that says what was wrong and what would be right. */
export function invalid(detail: string): ApiError {
  return new ApiError('invalidRequest', { detail })
}

/** Which numbers errors carry: Pinterest's, or the five of the guide. */
export type ErrorCodes = 'pinterest' | 'guide'

export interface RenderedError {
  status: number
  headers: Record<string, string>
  body: { code: number; message: string; status?: string }
}

/** The answer to an error. An operation may answer a catalogue entry with a code and message of its own. */
export function renderError(error: ApiError, op: Operation | undefined, codes: ErrorCodes): RenderedError {
  const entry = { ...errorCatalogue[error.entry], ...op?.errors[error.entry] }
  const code = codes === 'guide' ? guideErrorCodes[entry.kind] : entry.code
  const message = error.detail ? `${entry.message} ${error.detail}` : entry.message
  return {
    status: entry.status,
    headers: error.headers,
    body: { code, message, ...(error.entry === 'authenticationFailed' && { status: 'failure' }) },
  }
}
