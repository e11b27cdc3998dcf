import type { ServerResponse } from 'node:http'
import { resources } from '@pinfold/contract'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { matcher } from '../control/open-call.ts'
import type { LogFilters } from '../control/told-call.ts'
import type { ToldCalls } from '../control/told-calls.ts'
import { ApiError, invalid } from '../core/errors.ts'
import { inputCheck } from './validation.ts'

export interface RequestLogRoutes {
  /** Undefined: no requests are kept. */
  calls: ToldCalls | undefined
  /** Lets a request pass, or throws. */
  guardControl: (request: FastifyRequest) => void | Promise<void>
  /** Has an exchange of the data not wait for an answer: whoever watches the log goes on watching. */
  letGo: (answer: ServerResponse) => void
}

/** The most streams at once. */
const mostStreams = 20
/** A stream whose reader is this many bytes behind is ended. */
const mostBehind = 1024 * 1024
/** How often a stream without calls is given a sign of life: proxies close silent ones. */
const heartbeatMs = 15_000

/** Adds what the request log answers that is no JSON: a stream of calls, and a command that sends one again. */
export function serveRequestLog(app: FastifyInstance, { calls, guardControl, letGo }: RequestLogRoutes): void {
  const filtersOf = inputCheck(resources.control.exportRequests)
  const onRequest = async (request: FastifyRequest) => guardControl(request)
  const kept = () => {
    if (!calls) throw invalid('This server keeps no log of requests.')
    return calls
  }
  let streams = 0
  app.addHook('onRoute', (route) => {
    if (route.config?.operation?.id !== resources.control.waitForRequests.id) return
    route.preHandler = async (_request, reply) => letGo(reply.raw)
  })

  app.get<{ Params: { id: string } }>(
    '/_pinfold/requests/:id.curl',
    { onRequest },
    async ({ params: { id } }, reply) => {
      const call = await kept().find(id)
      if (!call) throw new ApiError('requestNotFound', { detail: 'The oldest are forgotten.' })
      reply.type('text/plain; charset=utf-8').header('cache-control', 'no-store')
      return `${call.curl}\n`
    },
  )

  app.get('/_pinfold/requests/stream', { onRequest }, async (request, reply) => {
    const filters = filtersOf.address({}, request.query).query as LogFilters
    const lastId = request.headers['last-event-id']
    const since = typeof lastId === 'string' && /^\d{1,16}$/.test(lastId) ? lastId : filters.since
    const wanted = { ...filters, ...(since !== undefined && { since }) }
    matcher(wanted)
    if (streams >= mostStreams)
      throw new ApiError('rateLimited', { detail: `${mostStreams} streams are open.`, headers: { 'retry-after': '1' } })
    const open = kept()
    streams++
    letGo(reply.raw)
    await stream(open, wanted, reply).finally(() => streams--)
    return reply
  })
}

/** Sends the calls that match until the reader or the server ends; with `since`, those too that there are. */
async function stream(calls: ToldCalls, filters: LogFilters, reply: FastifyReply): Promise<void> {
  const { raw } = reply.hijack()
  raw.writeHead(200, {
    'x-pinterest-rid': reply.request.id,
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  })
  const ended = new Promise<void>((resolve) => raw.once('close', resolve))
  const send = (text: string) => {
    if (raw.writableLength > mostBehind) raw.destroy()
    else raw.write(text)
  }
  send(': the calls of this server\n\n')
  const following = calls.follow(filters, filters.since === undefined ? 0 : Number.POSITIVE_INFINITY, (call) =>
    send(`id: ${call.id}\nevent: request\ndata: ${JSON.stringify(call)}\n\n`),
  )
  const heartbeat = setInterval(() => send(': still here\n\n'), heartbeatMs)
  const close = () => raw.end()
  calls.closed.addEventListener('abort', close)
  await ended
  calls.closed.removeEventListener('abort', close)
  clearInterval(heartbeat)
  following.end()
}
