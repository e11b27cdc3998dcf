/** What an answer said about what went wrong. */
export interface ErrorDetails {
  /** The HTTP status; undefined when no answer came. */
  status?: number
  /** The number in the answer's body. */
  code?: number
  /** The answer's `x-pinterest-rid`, for whoever runs the service. */
  requestId?: string
  /** How long to wait before another try, if the answer said so. */
  retryAfterSeconds?: number
  cause?: unknown
}

/** Whatever can go wrong with a request. */
export class PinterestError extends Error {
  override readonly name: string = 'PinterestError'
  readonly status: number | undefined
  readonly code: number | undefined
  readonly requestId: string | undefined
  readonly retryAfterSeconds: number | undefined

  constructor(message: string, { status, code, requestId, retryAfterSeconds, cause }: ErrorDetails = {}) {
    super(message, { cause })
    this.status = status
    this.code = code
    this.requestId = requestId
    this.retryAfterSeconds = retryAfterSeconds
  }
}

/** The token is missing, unknown, expired or revoked. */
export class AuthenticationError extends PinterestError {
  override readonly name = 'AuthenticationError'
}
/** The token lacks a scope, or the thing is somebody else's. */
export class PermissionError extends PinterestError {
  override readonly name = 'PermissionError'
}
/** There is no such thing, or none that the token may see. */
export class NotFoundError extends PinterestError {
  override readonly name = 'NotFoundError'
}
/** Too many requests: see `retryAfterSeconds`. */
export class RateLimitError extends PinterestError {
  override readonly name = 'RateLimitError'
}
/** The request is not one that can be carried out. */
export class InvalidRequestError extends PinterestError {
  override readonly name = 'InvalidRequestError'
}
/** The service failed; the same request may do later. */
export class ServerError extends PinterestError {
  override readonly name = 'ServerError'
}
/** No answer came: the network failed, or it took too long. */
export class ConnectionError extends PinterestError {
  override readonly name = 'ConnectionError'
}

/** With these codes a 401 says that this is not for the token, not that the token is wrong: scopes, and foreign Pins. */
const permissionCodes = new Set([3, 7])

/** The error for an answer, of the class its status names. */
export function errorFrom(message: string, details: ErrorDetails & { status: number }): PinterestError {
  const { status, code } = details
  if (status === 403 || (status === 401 && permissionCodes.has(code ?? 0))) return new PermissionError(message, details)
  if (status === 401) return new AuthenticationError(message, details)
  if (status === 404) return new NotFoundError(message, details)
  if (status === 429) return new RateLimitError(message, details)
  return status >= 500 ? new ServerError(message, details) : new InvalidRequestError(message, details)
}
