import { errorCatalogue, guideErrorCodes, type Operation } from '@pinfold/contract'
import type { ApiError } from '../core/errors.ts'

/** The codes in errors: Pinterest's, or the five of the guide. */
export type ErrorCodes = 'pinterest' | 'guide'

export interface RenderedError {
  status: number
  headers: Record<string, string>
  body: { code: number; message: string; status?: string; details?: ApiError['details'] }
}

/**
 * Renders the answer for an error. An operation may replace the code and message of a catalogue entry; a header names the
 * entry, for programs that say it in words of their own.
 */
export function renderError(error: ApiError, op: Operation | undefined, codes: ErrorCodes): RenderedError {
  const entry = { ...errorCatalogue[error.entry], ...op?.errors[error.entry] }
  const code = codes === 'guide' ? guideErrorCodes[entry.kind] : entry.code
  const message = error.detail ? `${entry.message} ${error.detail}` : entry.message
  return {
    status: entry.status,
    headers: { 'x-pinfold-error': error.entry, ...error.headers },
    body: {
      code,
      message,
      ...(error.details && { details: error.details }),
      ...(error.entry === 'authenticationFailed' && { status: 'failure' }),
    },
  }
}
