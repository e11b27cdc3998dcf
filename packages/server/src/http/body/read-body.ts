import type { Readable } from 'node:stream'
import type { FastifyRequest } from 'fastify'
import { ApiError, invalid } from '../../core/errors.ts'

/**
 * Passes the parts of a request's body to `take` as they arrive, which may throw to refuse the rest. Rejects with a 413
 * when more than `mostBytes` arrive or are announced, with a 429 when too much is in memory already, with a 408 when
 * the body stalls, and with a 400 when it breaks off.
 */
export function readBody(
  request: FastifyRequest,
  payload: Readable,
  { mostBytes, take }: { mostBytes: number; take: (part: Buffer) => void },
): Promise<void> {
  if (Number(request.headers['content-length']) > mostBytes) return Promise.reject(tooLarge(mostBytes))
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const { incoming } = request
  const claim = incoming?.claim()
  let length = 0
  const onData = (part: Buffer) => {
    length += part.length
    try {
      if (length > mostBytes) throw tooLarge(mostBytes)
      claim?.add(part.length)
      take(part)
    } catch (error) {
      stop(error as Error)
    }
  }
  const stop = (error: Error) => {
    payload.off('data', onData)
    payload.resume()
    reject(error)
  }
  if (incoming) incoming.fail = stop
  payload.on('data', onData)
  payload.once('end', resolve)
  payload.once('error', () => reject(invalid('The body broke off.')))
  return promise
}

/** Returns a 413 that names the limit; `besides`: what does not count. */
export function tooLarge(mostBytes: number, besides = ''): ApiError {
  return new ApiError('bodyTooLarge', { detail: `${mostBytes} bytes are the most here${besides}.` })
}
