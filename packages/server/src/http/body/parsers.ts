import { isUtf8 } from 'node:buffer'
import type { IncomingMessage } from 'node:http'
import { parse as parseForm } from 'node:querystring'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { ApiError, invalid } from '../../core/errors.ts'
import { ownerOf } from './budget.ts'
import { GrowingBuffer } from './growing-buffer.ts'
import { JsonScanner } from './json-scanner.ts'
import { readBody } from './read-body.ts'
import { Turns } from './turns.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The text of the body once it was read, without the pictures. */
    bodyText: string | null
  }
}

/** The limit of a body, unless its operation sets another; for JSON with pictures, the limit of the rest. */
export const smallBody = 256 * 1024
/** Longer bodies wait for their turn to be parsed. */
const longBody = 16 * 1024
const byteOrderMark = '\ufeff'

/** Parses JSON and forms. An empty body counts as none, and the body of a DELETE is ignored unread. */
export function addBodyParsers(app: FastifyInstance): void {
  const turns = new Turns()
  app.removeContentTypeParser(['application/json', 'text/plain'])
  app.decorateRequest('pictures', null)
  app.decorateRequest('bodyText', null)

  app.addContentTypeParser('application/json', async (request: FastifyRequest, payload: IncomingMessage) => {
    if (request.method === 'DELETE' || request.is404) return void payload.resume()
    const { maxBytes: mostBytes = smallBody, hasPictures = false } = request.routeOptions.config.operation?.body ?? {}
    const scanner = new JsonScanner({ mostBytes: hasPictures ? smallBody : mostBytes, takesPictures: hasPictures })
    await readBody(request, payload, { mostBytes, take: (part) => scanner.push(part) })
    const { json, pictures } = await scanner.end()
    if (pictures.size > 0) request.pictures = pictures
    if (json.length > longBody) await turns.take(ownerOf(request))
    request.bodyText = textOf(json)
    return parseJson(request.bodyText)
  })

  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    async (request: FastifyRequest, payload: IncomingMessage) => {
      const body = new GrowingBuffer()
      await readBody(request, payload, { mostBytes: smallBody, take: (part) => body.add(part) })
      if (body.length > longBody) await turns.take(ownerOf(request))
      request.bodyText = textOf(body.bytes)
      return parseForm(request.bodyText)
    },
  )

  app.addContentTypeParser('*', (request, payload, done) => {
    if (request.method !== 'DELETE' && request.headers['content-length'] !== '0')
      return done(new ApiError('unsupportedMediaType', { detail: 'Send application/json, or a form to /oauth/token.' }))
    payload.resume()
    payload.on('end', () => done(null, undefined))
  })
}

/** Decodes the text of a body. Throws a 400. */
function textOf(body: Buffer): string {
  if (!isUtf8(body)) throw invalid('The body is not UTF-8.')
  return body.toString()
}

/** Parses JSON; returns undefined for an empty text. Throws a 400. */
function parseJson(text: string): unknown {
  const json = text.startsWith(byteOrderMark) ? text.slice(1) : text
  if (/^\s*$/.test(json)) return undefined
  // Not the framework's parser: it searches the text for names such as __proto__, which are harmless here, since
  // nothing assigns by names from a body.
  try {
    return JSON.parse(json)
  } catch {
    throw invalid('The body is not valid JSON.')
  }
}
