import { ApiError } from '../../core/errors.ts'

/**
 * The error for a code or refresh token that does not do, whatever is wrong with it. Its text is fixed, because clients
 * know it; `description` goes where RFC 6750 has it, and is of ASCII without quotes.
 */
export function invalidGrant(description: string): ApiError {
  return new ApiError('invalidGrant', {
    headers: {
      'www-authenticate': `Basic realm="the id and secret of the app", error="invalid_grant", error_description="${description}"`,
    },
  })
}
