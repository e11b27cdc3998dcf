import { Readable } from 'node:stream'
import type { McpHost, McpTools } from '@pinfold/mcp'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { ApiError } from '../../core/errors.ts'
import type { Caller } from '../../core/viewer.ts'
import { type OwnAddresses, toolsPath } from './addresses.ts'
import { resourceMetadataPath, usualScopes } from './metadata.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who uses the tools, once known. */
    agent: Caller | null
  }
}

export interface ToolsEndpointOptions {
  /** Takes the Authorization header. Throws `authenticationFailed`. */
  authenticate: (header: string | undefined) => Caller | Promise<Caller>
  addresses: OwnAddresses
  /** Returns what the tools of a caller work with. */
  hostOf: (request: FastifyRequest, caller: Caller) => Promise<McpHost>
}

/**
 * Serves the tools for agents at `/mcp`: streamable HTTP without sessions. What they need is loaded when somebody uses them
 * first.
 */
export function serveToolsEndpoint(app: FastifyInstance, options: ToolsEndpointOptions): void {
  const { authenticate, addresses, hostOf } = options
  let tools: Promise<McpTools> | undefined
  const load = () => {
    tools ??= import('@pinfold/mcp').then(({ toolsOverHttp }) => toolsOverHttp())
    return tools
  }
  app.addHook('onClose', async () => (await tools)?.close())
  app.decorateRequest('agent', null)

  app.route({
    method: ['GET', 'POST', 'DELETE'],
    url: toolsPath,
    exposeHeadRoute: false,
    // Before the body is read.
    onRequest: async (request, reply) => {
      if (!addresses.isOwnOrigin(request))
        throw new ApiError('forbidden', { detail: 'Pages of other sites may not use the tools of this server.' })
      try {
        request.agent = await authenticate(request.headers.authorization)
      } catch (error) {
        if (!(error instanceof ApiError) || error.entry !== 'authenticationFailed') throw error
        reply.header('www-authenticate', challenge(addresses.of(request), request.headers.authorization !== undefined))
        return reply
          .code(401)
          .send({ error: 'invalid_token', error_description: 'Send an access token of this server.' })
      }
    },
    handler: async (request, reply) => {
      const { agent } = request
      if (!agent) throw new ApiError('authenticationFailed')
      const { answer } = await load()
      const left = new AbortController()
      reply.raw.once('close', () => {
        if (!reply.raw.writableFinished) left.abort()
      })
      const sent = new Request(addresses.of(request) + request.url, {
        method: request.method,
        headers: headersOf(request),
        signal: left.signal,
      })
      const response = await answer(sent, request.body, await hostOf(request, agent))
      reply.code(response.status).headers(Object.fromEntries(response.headers)).header('cache-control', 'no-store')
      // What is short is sent with its length; a stream may tell of progress before its end.
      const isStream = response.headers.get('content-type')?.startsWith('text/event-stream')
      return reply.send(response.body && isStream ? Readable.fromWeb(response.body as never) : await response.text())
    },
  })
}

/** Says how to get a token (RFC 9728, 5.1). */
const challenge = (own: string, isInvalid: boolean): string =>
  `Bearer ${isInvalid ? 'error="invalid_token", ' : ''}resource_metadata="${own}${resourceMetadataPath}", scope="${usualScopes.join(' ')}"`

/** Returns the headers that the protocol reads, without the token. */
const headersOf = ({ headers }: FastifyRequest): [string, string][] =>
  Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    typeof value === 'string' && /^(accept|content-type|mcp-.*|last-event-id)$/.test(name) ? [[name, value]] : [],
  )
