import { createMcpHandler } from '@modelcontextprotocol/server'
import type { McpHost } from './host.ts'
import { makeServer } from './server.ts'

/** The tools over HTTP. */
export interface McpTools {
  /** Answers one request of the protocol: its body is parsed already, and whoever sent it is known. */
  answer(request: Request, body: unknown, host: McpHost): Promise<Response>
  /** Ends what is still being answered. */
  close(): Promise<void>
}

/** Makes the tools over HTTP: streamable, without sessions, so that nothing is kept between two requests. */
export function toolsOverHttp(): McpTools {
  const asked = new WeakMap<Request, { host: McpHost; method: string | undefined }>()
  const handler = createMcpHandler(
    ({ requestInfo }) => {
      const found = requestInfo && asked.get(requestInfo)
      if (!found) throw new Error('The request has no host.')
      return makeServer(found.host, found.method)
    },
    // Nothing changes that a client could listen for.
    { maxSubscriptions: 0 },
  )
  return {
    answer(request, body, host) {
      asked.set(request, { host, method: methodOf(body) })
      return handler.fetch(request, { parsedBody: body })
    },
    close: handler.close,
  }
}

/** Returns the method that a request calls; undefined if it is several, or none. */
function methodOf(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || !('method' in body)) return undefined
  return typeof body.method === 'string' ? body.method : undefined
}
