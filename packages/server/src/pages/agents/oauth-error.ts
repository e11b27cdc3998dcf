import type { FastifyReply } from 'fastify'
import { ApiError } from '../../core/errors.ts'

/** An error as RFC 6749 (5.2) and RFC 7591 (3.2.2) have it. */
export class OauthError extends Error {
  readonly status: number
  readonly error: string

  constructor(error: string, description: string, status = 400) {
    super(description)
    this.error = error
    this.status = status
  }
}

/** Answers an error of OAuth in its form. Throws any other again. `invalid`: what a 400 is called. */
export function answerOauthError(thrown: unknown, reply: FastifyReply, invalid = 'invalid_request'): FastifyReply {
  const known = thrown instanceof OauthError ? thrown : asOauthError(thrown, invalid)
  if (!known) throw thrown
  if (known.status === 401) reply.header('www-authenticate', 'Basic realm="the id and secret of the app"')
  return reply
    .code(known.status)
    .header('cache-control', 'no-store')
    .send({ error: known.error, error_description: known.message })
}

function asOauthError(thrown: unknown, invalid: string): OauthError | undefined {
  if (!(thrown instanceof ApiError)) return undefined
  const description = thrown.detail ?? thrown.message
  if (thrown.entry === 'invalidGrant') return new OauthError('invalid_grant', description)
  if (thrown.entry === 'authenticationFailed')
    return new OauthError('invalid_client', 'The app is unknown, or its secret is wrong.', 401)
  return thrown.entry === 'invalidRequest' ? new OauthError(invalid, description) : undefined
}
