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
  const hosts = new WeakMap<Request, McpHost>()
  const handler = createMcpHandler(
    ({ requestInfo }) => {
      const host = requestInfo && hosts.get(requestInfo)
      if (!host) throw new Error('The request has no host.')
      return makeServer(host)
    },
    // Nothing changes that a client could listen for.
    { maxSubscriptions: 0 },
  )
  return {
    answer(request, body, host) {
      hosts.set(request, host)
      return handler.fetch(request, { parsedBody: body })
    },
    close: handler.close,
  }
}
