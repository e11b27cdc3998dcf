import type { Operation } from '@pinfold/contract'
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify'
import type { Clock } from '../core/clock.ts'
import { ApiError, invalid } from '../core/errors.ts'
import type { RequestNote } from '../core/log.ts'
import { retrySeconds, whyUnavailable } from '../core/unavailable.ts'
import { IncomingBodies, type IncomingBody } from './body/incoming.ts'
import { addBodyParsers } from './body/parsers.ts'
import { type Before, requestTimeoutMs as longBodyTimeoutMs } from './front.ts'
import { type ErrorCodes, renderError } from './render-error.ts'
import { withVersion } from './version-prefix.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The operation of the route, if any. */
    operation?: Operation
    /** Whether bodies may take hours to arrive. */
    takesLong?: boolean
  }
  interface FastifyRequest {
    /** The body, if there is one. */
    incoming: IncomingBody | null
  }
}

export interface HttpServerOptions {
  /** What listens for it. */
  front: Omit<Before, 'serve'>
  clock: Clock
  log: FastifyBaseLogger
  /** Called for each request when it is answered. */
  noteRequest: (note: RequestNote) => void
  /** Called for each request that is answered, to keep it in the request log. Undefined: there is none. */
  keepCall?: ((request: FastifyRequest, reply: FastifyReply) => void) | undefined
  /** Counts a request that is answered. */
  countRequest?: ((request: FastifyRequest, reply: FastifyReply) => void) | undefined
  errorCodes: ErrorCodes
  /** Called first, with each request's Host header; throws to refuse it. */
  checkHost: (host: string | undefined) => void
  /** The proxies that are trusted with the address and the protocol of a sender, in Fastify's form. */
  trustProxy?: false | string[] | ((address: string, hop: number) => boolean)
  /**
   * Returns the page for a browser that asked for a page and gets an error; programs, and callers of operations, get
   * JSON.
   */
  errorPage: (error: { status: number; message: string; rid: string }) => {
    headers: Record<string, string>
    text: string
  }
}

/** A body must arrive within this, unless it may take long. */
const bodyTimeoutMs = 120_000

/**
 * Makes the application behind a front, without routes: request ids, body parsing, the log line of a request, and errors
 * in one form.
 */
export async function createHttpServer(options: HttpServerOptions): Promise<FastifyInstance> {
  const { clock, front, log, noteRequest, keepCall, countRequest, checkHost, trustProxy = false } = options
  const { bodyBudget, newRequestId, refused } = front
  const bodies = new IncomingBodies(clock, bodyBudget)
  const begin = (request: FastifyRequest, reply: FastifyReply) => {
    refused.note(reply.raw)
    reply.header('x-pinterest-rid', request.id)
    const { headers, routeOptions } = request
    if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined) return
    const mostMs = routeOptions?.config.takesLong ? longBodyTimeoutMs : bodyTimeoutMs
    request.incoming = bodies.watch(request, reply, mostMs)
  }
  const answer = (error: unknown, request: FastifyRequest, reply: FastifyReply) => {
    if (request.incoming) bodies.refuse(request.raw)
    answerError(error, request, reply, options)
  }
  const app: FastifyInstance = Fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    // One log for all: a child per request, as Fastify makes, costs as much as writing its line.
    childLoggerFactory: () => log,
    // Operations are validated by the contract (validation.ts). The framework's own compilers would be loaded unused.
    schemaController: { compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas } },
    genReqId: newRequestId,
    rewriteUrl: withVersion,
    trustProxy,
    // This one never listens: the front does.
    serverFactory: () => process.getBuiltinModule('node:http').createServer(),
    // A parameter that is too long is for validation to refuse, or names nothing: the address itself is bounded.
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 16_384 },
    // No hook runs before these.
    frameworkErrors: (error, request, reply) => {
      begin(request, reply)
      answer(error, request, reply)
    },
  })
  for (const name of ['incoming', 'answerText', 'refusal', 'fault']) app.decorateRequest(name, null)
  app.addHook('onClose', async () => bodies.close())

  app.addHook('onRequest', (request, reply, done) => {
    begin(request, reply)
    const { host } = request.headers
    try {
      if (host === undefined && request.raw.httpVersionMinor > 0) throw invalid('The header Host is missing.')
      checkHost(host)
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
    keepCall?.(request, reply)
    countRequest?.(request, reply)
    done()
  })

  addBodyParsers(app)

  app.setNotFoundHandler((request, reply) => answer(notFound(request), request, reply))
  app.setErrorHandler((error, request, reply) => answer(error, request, reply))

  return app
}

function noSchemas(): never {
  throw new Error('Routes have no schemas of the framework: an operation is declared in the contract.')
}

const notFound = (request: FastifyRequest) =>
  new ApiError('routeNotFound', {
    detail: `${request.method} ${pathOf(request).slice(0, 200)}. See /docs for those there are.`,
  })

/** The addresses that only programs ask: they get JSON, whatever they accept. */
const belowApi = /^\/(v5|_pinfold|sandbox)(\/|$)/

/** Turns an error into an answer, for all routes. */
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
  if (!operation && !belowApi.test(request.url) && request.headers.accept?.includes('text/html')) {
    const page = errorPage({ status, message: body.message, rid: request.id })
    return void reply.code(status).headers(headers).headers(page.headers).send(page.text)
  }
  const text = JSON.stringify(body)
  request.refusal = known
  request.answerText = text
  reply.code(status).headers(headers).type('application/json; charset=utf-8').send(text)
}

/** Returns the path without the query, which can contain codes and tokens and is not logged. */
function pathOf(request: FastifyRequest): string {
  const end = request.url.indexOf('?')
  return end === -1 ? request.url : request.url.slice(0, end)
}

/** Turns anything thrown into an error for the client. */
function toApiError(error: unknown, request: FastifyRequest): ApiError {
  if (error instanceof ApiError) return error
  const { code, statusCode, message } = error as { code?: string; statusCode?: number; message?: string }
  // The framework looks at a body before it finds that no route takes it.
  if (request.is404) return notFound(request)
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return new ApiError('unsupportedMediaType')
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) return invalid(message ?? '')
  const detail = whyUnavailable(error)
  const seconds = retrySeconds(error)
  const headers = seconds === undefined ? {} : { 'retry-after': String(seconds) }
  if (detail !== undefined) return new ApiError('unavailable', { detail, headers, cause: error })
  return new ApiError('internal', { cause: error })
}
