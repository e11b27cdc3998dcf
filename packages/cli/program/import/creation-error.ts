import { ConnectionError, InvalidRequestError, type PinterestError, RateLimitError } from '@pinfold/client'
import { isAway } from './patience.ts'

/**
 * Returns whether every other row would fail too: the token is refused (401), or lacks a scope (401 too), or its app is
 * on the trial tier. Any other refusal (403) concerns one board.
 */
export const refusesAll = ({ status, message }: PinterestError): boolean =>
  status === 401 || (status === 403 && /\btrial\b/i.test(message))

/** Returns whether a request under a key differs from the one that the service remembers for it. */
export const hasChanged = (error: PinterestError): boolean =>
  error instanceof InvalidRequestError && error.status === 409

/** Returns whether the service certainly made no Pin: it refused, or the request never reached it. */
export const madeNone = (error: PinterestError): boolean =>
  !isAway(error) || error instanceof RateLimitError || (error instanceof ConnectionError && wasNotSent(error))

/** Returns whether the service refused what was sent, rather than the token or a key that was used before. */
export const isRefusal = (error: PinterestError): boolean => !isAway(error) && !hasChanged(error) && !refusesAll(error)

/** The codes of failures before anything was sent. */
const notSentCodes = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'])

function wasNotSent(error: PinterestError): boolean {
  for (let cause: unknown = error.cause; cause instanceof Error; cause = cause.cause)
    if ('code' in cause && notSentCodes.has(String(cause.code))) return true
  return false
}
