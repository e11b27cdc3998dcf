import { ApiError } from '../../core/errors.ts'

/**
 * Returns the error for an invalid code or refresh token, whatever the reason. Its text is fixed, since clients know
 * it; `description` is sent in the header that RFC 6750 defines, and is ASCII without quotes.
 */
export function invalidGrant(description: string): ApiError {
  return new ApiError('invalidGrant', {
    headers: {
      'www-authenticate': `Basic realm="the id and secret of the app", error="invalid_grant", error_description="${description}"`,
    },
  })
}
