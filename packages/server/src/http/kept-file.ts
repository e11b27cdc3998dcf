import type { FastifyReply, FastifyRequest } from 'fastify'
import { ApiError } from '../core/errors.ts'
import { addressTtlSeconds, contentTypeOf, type MediaStorage } from '../storage/storage.ts'
import { readRange } from './byte-range.ts'
import { isKnownEtag } from './etag.ts'

/** The content of an address never changes; no uploaded file may run as a page. */
export const keptFileHeaders = {
  'cache-control': 'public, max-age=31536000, immutable',
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; sandbox",
}

/**
 * Answers GET and HEAD for a stored file: whole, in part, with 304 if the client has it, or with a redirect to another
 * address that has it.
 */
export async function sendKeptFile(
  request: FastifyRequest,
  reply: FastifyReply,
  storage: MediaStorage,
  { key, name }: { key: string; name: string },
): Promise<FastifyReply> {
  const type = contentTypeOf(name)
  if (!type) throw noFile()
  const etag = `"${key}-${name}"`
  const headers = { ...keptFileHeaders, etag, 'accept-ranges': 'bytes' }
  if (isKnownEtag(request.headers['if-none-match'], etag)) return reply.headers(headers).code(304).send()
  if (storage.addressOf) {
    const address = await storage.addressOf(key, name)
    return reply.header('cache-control', `private, max-age=${addressTtlSeconds / 2}`).redirect(address, 302)
  }

  const asked = ifRangeHolds(request.headers['if-range'], etag) ? request.headers.range : undefined
  const isHead = request.method === 'HEAD'
  if (!isHead && asked === undefined) {
    const whole = await storage.open(key, name)
    if (!whole) throw noFile()
    return reply.headers(headers).type(type).header('content-length', whole.size).send(whole.stream)
  }
  const size = await storage.sizeOf(key, name)
  if (size === undefined) throw noFile()
  if (isHead) return reply.headers(headers).type(type).header('content-length', size).send()

  const range = readRange(asked, size)
  if (range === 'none') throw noPart(size)
  const part = await storage.open(key, name, range)
  if (!part) throw noFile()
  if (range) reply.code(206).header('content-range', `bytes ${range.start}-${range.end}/${size}`)
  return reply.headers(headers).type(type).header('content-length', part.size).send(part.stream)
}

/**
 * Returns whether the requested part is of this very file, or of any version (RFC 9110, 13.1.5). No dates are sent, so
 * none matches.
 */
function ifRangeHolds(header: string | string[] | undefined, etag: string): boolean {
  return header === undefined || header === etag
}

const noFile = () => new ApiError('routeNotFound', { detail: 'There is no such file.' })

const noPart = (size: number) =>
  new ApiError('rangeNotSatisfiable', {
    detail: `The file has ${size} bytes.`,
    headers: { 'content-range': `bytes */${size}` },
  })
