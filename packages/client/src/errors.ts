/** The details of an error answer. */
export interface ErrorDetails {
  /** The HTTP status; undefined when no answer came. */
  status?: number
  /** The error code in the answer's body. */
  code?: number
  /** What the answer says of each of several things: `{ product_tags: [{ pin_id, error_message }] }`, say. */
  details?: unknown
  /** The answer's `x-pinterest-rid`, for the operator of the service. */
  requestId?: string
  /** How long to wait before retrying, if the answer said so. */
  retryAfterSeconds?: number
  cause?: unknown
}

/** The base class of all errors of a request. */
export class PinterestError extends Error {
  override readonly name: string = 'PinterestError'
  readonly status: number | undefined
  readonly code: number | undefined
  readonly details: unknown
  readonly requestId: string | undefined
  readonly retryAfterSeconds: number | undefined

  constructor(message: string, { status, code, details, requestId, retryAfterSeconds, cause }: ErrorDetails = {}) {
    super(message, { cause })
    this.status = status
    this.code = code
    this.details = details
    this.requestId = requestId
    this.retryAfterSeconds = retryAfterSeconds
  }
}

/** The token is missing, unknown, expired or revoked. */
export class AuthenticationError extends PinterestError {
  override readonly name = 'AuthenticationError'
}
/** The token lacks a scope, or the resource belongs to somebody else. */
export class PermissionError extends PinterestError {
  override readonly name = 'PermissionError'
}
/** There is no such resource, or the token may not see it. */
export class NotFoundError extends PinterestError {
  override readonly name = 'NotFoundError'
}
/** Too many requests: see `retryAfterSeconds`. */
export class RateLimitError extends PinterestError {
  override readonly name = 'RateLimitError'
}
/** The request is invalid. */
export class InvalidRequestError extends PinterestError {
  override readonly name = 'InvalidRequestError'
}
/** The service failed; the same request may succeed later. */
export class ServerError extends PinterestError {
  override readonly name = 'ServerError'
}
/** No answer came: the network failed, or it took too long. */
export class ConnectionError extends PinterestError {
  override readonly name = 'ConnectionError'
}

/**
 * With these codes a 401 means that the token may not do this, not that it is invalid: missing scopes, and foreign
 * Pins.
 */
const permissionCodes = new Set([3, 7])

/** Returns the error for an answer, of the class for its status. */
export function errorFrom(message: string, details: ErrorDetails & { status: number }): PinterestError {
  const { status, code } = details
  if (status === 403 || (status === 401 && permissionCodes.has(code ?? 0))) return new PermissionError(message, details)
  if (status === 401) return new AuthenticationError(message, details)
  if (status === 404) return new NotFoundError(message, details)
  if (status === 429) return new RateLimitError(message, details)
  return status >= 500 ? new ServerError(message, details) : new InvalidRequestError(message, details)
}
