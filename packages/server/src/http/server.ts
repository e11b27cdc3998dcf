import { isUtf8 } from 'node:buffer'
import { randomInt } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import formbody from '@fastify/formbody'
import type { Operation } from '@pinfold/contract'
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify'
import { ApiError, invalid } from '../core/errors.ts'
import type { RequestNote } from '../core/log.ts'
import { releaseBuffer } from '../core/release-buffer.ts'
import { whyUnavailable } from '../core/unavailable.ts'
import { brokenRequests } from './broken-request.ts'
import { extractPictures } from './extract-pictures.ts'
import { readBody } from './read-body.ts'
import { type ErrorCodes, renderError } from './render-error.ts'
import { withVersion } from './version-prefix.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The operation that the route serves, if it serves one. */
    operation?: Operation
    /** Whether requests may be large: their bodies may take hours to come, and the route sees to it that they do come. */
    takesLong?: boolean
  }
}

export interface HttpServerOptions {
  log: FastifyBaseLogger
  /** Told of each request when it is answered. */
  noteRequest: (note: RequestNote) => void
  errorCodes: ErrorCodes
  /** Called first with each request's Host header; throws to refuse it. */
  checkHost: (host: string | undefined) => void
  /** Which proxies are believed about the address and the protocol of a sender: as Fastify has it. */
  trustProxy?: false | string[] | ((address: string, hop: number) => boolean)
  /** What browsers are shown that ask for a page and get an error; programs, and all who call operations, get JSON. */
  errorPage: (error: { status: number; message: string; rid: string }) => {
    headers: Record<string, string>
    text: string
  }
}

/** Bodies are small, but for those of operations that say otherwise. */
const bodyLimit = 256 * 1024

/** A body must have come within this… */
const bodyTimeoutMs = 120_000
/** …and one that may take long within this: 2 GB at one megabit a second. */
const longBodyTimeoutMs = 6 * 60 * 60 * 1000

/** The HTTP server without routes: request ids, body parsing, the log line of a request, and errors in one shape. */
export async function createHttpServer(options: HttpServerOptions): Promise<FastifyInstance> {
  const { log, noteRequest, checkHost, trustProxy = false } = options
  const broken = brokenRequests()
  const app: FastifyInstance = Fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    // One log for all: a child for each request, as Fastify makes, costs as much as writing its line.
    childLoggerFactory: () => log,
    genReqId: requestIds(),
    rewriteUrl: withVersion,
    bodyLimit,
    trustProxy,
    requestTimeout: longBodyTimeoutMs,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 200 },
    forceCloseConnections: 'idle',
    // No hook runs before these.
    frameworkErrors: (error, request, reply) =>
      answerError(error, request, reply.header('x-pinterest-rid', request.id), options),
    clientErrorHandler: broken.refuse,
  })

  app.addHook('onRequest', (request, reply, done) => {
    broken.note(reply.raw)
    reply.header('x-pinterest-rid', request.id)
    if (!request.routeOptions.config.takesLong) endIfSlow(request.raw)
    try {
      checkHost(request.headers.host)
      done()
    } catch (error) {
      done(error as Error)
    }
  })

  app.addHook('onResponse', (request, reply, done) => {
    noteRequest({
      rid: request.id,
      method: request.method,
      path: pathOf(request),
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 10) / 10,
    })
    done()
  })

  await addParsers(app)

  app.setNotFoundHandler((request, reply) => {
    const detail = `${request.method} ${pathOf(request).slice(0, 200)}. See /docs for those there are.`
    answerError(new ApiError('routeNotFound', { detail }), request, reply, options)
  })

  app.setErrorHandler((error, request, reply) => answerError(error, request, reply, options))

  return app
}

/** Hangs up when a body does not come in time. Node can do that too, but only for all requests alike. */
function endIfSlow(request: IncomingMessage): void {
  if (!request.headers['content-length'] && !request.headers['transfer-encoding']) return
  const timer = setTimeout(() => request.complete || request.destroy(), bodyTimeoutMs).unref()
  request.once('end', () => clearTimeout(timer))
}

/** The one place where an error becomes an answer. */
function answerError(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  { errorCodes, errorPage }: HttpServerOptions,
): void {
  const known = toApiError(error, request)
  const operation = request.routeOptions?.config.operation
  const { status, headers, body } = renderError(known, operation, errorCodes)
  if (status >= 500) request.log.error({ rid: request.id, err: error }, 'failed')
  if (!operation && request.headers.accept?.includes('text/html')) {
    const page = errorPage({ status, message: body.message, rid: request.id })
    return void reply.code(status).headers(headers).headers(page.headers).send(page.text)
  }
  reply.code(status).headers(headers).type('application/json; charset=utf-8').send(JSON.stringify(body))
}

/** The path alone: a query can hold codes and tokens, which do not belong into a log. */
function pathOf(request: FastifyRequest): string {
  const end = request.url.indexOf('?')
  return end === -1 ? request.url : request.url.slice(0, end)
}

/** Numbers that grow, from a random start, so that those of two runs do not meet. Small ones are written fastest. */
function requestIds(): () => string {
  const run = randomInt(1e9)
  let next = 1_000_000
  return () => `${run}${next++}`
}

/** JSON and forms. An empty body is none, and what comes along with DELETE is passed over unread. */
async function addParsers(app: FastifyInstance): Promise<void> {
  await app.register(formbody, { bodyLimit })
  app.removeContentTypeParser(['application/json', 'text/plain'])
  app.decorateRequest('pictures', null)
  app.addContentTypeParser('application/json', async (request: FastifyRequest, payload: IncomingMessage) => {
    if (request.method === 'DELETE') return void payload.resume()
    const body = await readBody(request, payload, request.routeOptions.bodyLimit ?? bodyLimit)
    return body.length > bodyLimit ? parseLarge(request, body) : parse(body)
  })
  app.addContentTypeParser('*', (request, payload, done) => {
    if (request.method !== 'DELETE' && request.headers['content-length'] !== '0')
      return done(new ApiError('unsupportedMediaType', { detail: 'Send application/json, or a form to /oauth/token.' }))
    payload.resume()
    payload.on('end', () => done(null, undefined))
  })
}

/** The same for a body that may hold pictures, which go to `request.pictures`. Gives the memory of the body back. */
async function parseLarge(request: FastifyRequest, body: Buffer): Promise<unknown> {
  const { json, pictures } = await extractPictures(body)
  request.pictures = pictures
  try {
    return parse(json)
  } finally {
    releaseBuffer(body)
  }
}

/** The value of a body of JSON; of an empty one, none. Throws a 400. */
function parse(body: Buffer): unknown {
  if (!isUtf8(body)) throw invalid('The body is not UTF-8.')
  const text = body.toString()
  if (/^\s*$/.test(text)) return undefined
  // Not the framework's parser: it searches the text for names such as __proto__, which do no harm here: nothing assigns
  // by names that come from a body.
  try {
    return JSON.parse(text)
  } catch {
    throw invalid('The body is not valid JSON.')
  }
}

/** Whatever was thrown, as an error for the client. */
function toApiError(error: unknown, request: FastifyRequest): ApiError {
  if (error instanceof ApiError) return error
  const { code, statusCode, message } = error as { code?: string; statusCode?: number; message?: string }
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    const limit = request.routeOptions.bodyLimit ?? bodyLimit
    return new ApiError('bodyTooLarge', { detail: `${limit} bytes are the most here.` })
  }
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return new ApiError('unsupportedMediaType')
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) return invalid(message ?? '')
  const detail = whyUnavailable(error)
  if (detail !== undefined) return new ApiError('unavailable', { detail, cause: error })
  return new ApiError('internal', { cause: error })
}
