import type { McpHost } from '@pinfold/mcp'
import type { FastifyInstance, FastifyRequest, InjectOptions } from 'fastify'
import type { Clock } from '../core/clock.ts'
import { fairQueue } from '../core/fair-queue.ts'
import type { Caller } from '../core/viewer.ts'

export interface AgentHostOptions {
  clock: Clock
  /** The beginnings of the addresses of pictures. */
  mediaUrl: () => string
  /** Returns whether a request may control the server without a token. */
  mayControl: (request: FastifyRequest) => boolean
}

/** Sheets of pictures at once: few, since each takes a core for a while, and one of an account. */
const sheets = {
  ...{ running: 2, runningPerAccount: 1, waiting: 40, waitingPerAccount: 4 },
  refusal: 'Too many pictures are being shown to agents.',
}

/**
 * Returns the function that makes what the tools of a caller work with: a client whose requests do not leave the process,
 * and go through everything that those from outside do.
 */
export function agentHosts(
  app: FastifyInstance,
  { clock, mediaUrl, mayControl }: AgentHostOptions,
): (request: FastifyRequest, caller: Caller) => Promise<McpHost> {
  const queue = fairQueue(sheets)
  return async (request, caller) => {
    const { PinterestClient } = await import('@pinfold/client')
    const within = fetchWithin(app, request)
    const [, token = ''] = /^bearer +(\S+)$/i.exec(request.headers.authorization ?? '') ?? []
    // Who waits for an answer is told to wait, rather than held.
    const options = { baseUrl: 'http://pinfold.invalid', fetch: within, maxRetries: 0 }
    const client = new PinterestClient({ ...options, accessToken: token })
    const { toolsets, read_only: readOnly } = request.query as Record<string, unknown>
    return {
      client,
      controller: mayControl(request) ? client : undefined,
      isPinterest: false,
      scopes: caller.scopes,
      ...(typeof toolsets === 'string' && { toolsets: toolsets.split(',') }),
      readOnly: readOnly === 'true' || readOnly === '1' || readOnly === '',
      now: () => clock.now(),
      async pictureAt(url) {
        if (!url.startsWith(`${mediaUrl()}/`)) throw new Error('The picture is not here.')
        const answer = await within(`http://pinfold.invalid${url.slice(mediaUrl().length)}`)
        if (!answer.ok) throw new Error(`The picture was answered with ${answer.status}.`)
        return new Uint8Array(await answer.arrayBuffer())
      },
      inTurn: (work) => queue.run(caller.accountId, work),
      onError: (error) => request.log.error({ rid: request.id, err: error }, 'a tool failed'),
    }
  }
}

/** What an answer says of limits to come: who works for an agent does not hold requests back. */
const notPassedOn = /^(x-ratelimit-|connection$|keep-alive$|content-length$|transfer-encoding$)/

/** Returns a `fetch` whose requests are answered by this application, as if they came from the sender of `outer`. */
function fetchWithin(app: FastifyInstance, { ip, headers: { host = '' } }: FastifyRequest): typeof fetch {
  return async (input, init = {}) => {
    const { pathname, search } = new URL(String(input))
    const { body } = init
    const answer = await app.inject({
      method: (init.method ?? 'GET') as NonNullable<InjectOptions['method']>,
      url: pathname + search,
      headers: { ...Object.fromEntries(new Headers(init.headers)), host },
      remoteAddress: ip,
      ...(typeof body === 'string' && { payload: body }),
      ...(init.signal && { signal: init.signal }),
    })
    const headers = Object.entries(answer.headers).filter(([name]) => !notPassedOn.test(name))
    const hasBody = answer.statusCode !== 204 && answer.statusCode !== 304
    return new Response(hasBody ? new Uint8Array(answer.rawPayload) : null, {
      status: answer.statusCode,
      headers: headers.map(([name, value]): [string, string] => [name, String(value)]),
    })
  }
}
