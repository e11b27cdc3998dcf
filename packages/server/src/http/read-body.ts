import type { Readable } from 'node:stream'
import type { FastifyRequest } from 'fastify'
import { ApiError, invalid } from '../core/errors.ts'

/**
 * Reads the body of a request as a whole, in memory of its own. Fastify's own way keeps the parts and puts them together
 * at the end, which takes twice the memory and, with large bodies, holds everybody up.
 * Throws a 413 when there are more than `mostBytes`.
 */
export function readBody({ headers }: FastifyRequest, payload: Readable, mostBytes: number): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
  const said = headers['content-length'] === undefined ? undefined : Number(headers['content-length'])
  const tooLarge = () => new ApiError('bodyTooLarge', { detail: `${mostBytes} bytes are the most here.` })
  if (said !== undefined && said > mostBytes) throw tooLarge()
  const whole = said === undefined ? undefined : Buffer.allocUnsafeSlow(said)
  const parts: Buffer[] = []
  let length = 0
  payload.on('data', (part: Buffer) => {
    if (length + part.length > (said ?? mostBytes)) {
      payload.removeAllListeners('data')
      return reject(tooLarge())
    }
    if (whole) part.copy(whole, length)
    else parts.push(part)
    length += part.length
  })
  payload.once('end', () => {
    if (said !== undefined && length !== said) reject(invalid('The body is not as long as Content-Length says.'))
    else resolve(whole ?? Buffer.concat(parts, length))
  })
  payload.once('error', (error) => reject(Object.assign(error, { statusCode: 400 })))
  return promise
}
