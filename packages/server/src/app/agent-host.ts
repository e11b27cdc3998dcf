import type { PinterestClient } from '@pinfold/client'
import type { McpHost } from '@pinfold/mcp'
import type { FastifyInstance, FastifyRequest, InjectOptions } from 'fastify'
import { LRUCache } from 'lru-cache'
import type { Clock } from '../core/clock.ts'
import { fairQueue } from '../core/fair-queue.ts'
import type { Caller } from '../core/viewer.ts'
import { toolsHeader } from '../http/tools-header.ts'

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
  // A client has a method for each operation: to make it takes longer than to call one.
  const clients = new LRUCache<string, PinterestClient>({ max: 100 })

  async function clientOf(sender: Sender): Promise<PinterestClient> {
    const key = JSON.stringify(sender)
    const known = clients.get(key)
    if (known) return known
    const { PinterestClient: Client } = await import('@pinfold/client')
    // Who waits for an answer is told to wait, rather than held.
    const options = { baseUrl: inside, fetch: fetchWithin(app, sender), maxRetries: 0 }
    const client = new Client({ ...options, accessToken: sender.token })
    clients.set(key, client)
    return client
  }

  return async (request, caller) => {
    const { authorization = '', host = '' } = request.headers
    const [, token = ''] = /^bearer +(\S+)$/i.exec(authorization) ?? []
    const sender = { token, host, ip: request.ip }
    const client = await clientOf(sender)
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
        const answer = await fetchWithin(app, sender)(inside + url.slice(mediaUrl().length))
        if (!answer.ok) throw new Error(`The picture was answered with ${answer.status}.`)
        return new Uint8Array(await answer.arrayBuffer())
      },
      inTurn: (work) => queue.run(caller.accountId, work),
      onError: (error) => request.log.error({ rid: request.id, err: error }, 'a tool failed'),
    }
  }
}

/** Who sends a request, and how they address this server. */
interface Sender {
  token: string
  host: string
  ip: string
}

/** The address of requests that do not leave the process. */
const inside = 'http://pinfold.invalid'

/**
 * What the client is told of an answer. Not of limits to come: who works for an agent does not hold requests back.
 */
const passedOn = ['content-type', 'retry-after', 'x-pinterest-rid'] as const

/** Returns a `fetch` whose requests are answered by this application, as if they came from this sender. */
function fetchWithin(app: FastifyInstance, { ip, host }: Omit<Sender, 'token'>): typeof fetch {
  return async (input, init = {}) => {
    const { pathname, search } = new URL(String(input))
    const { body } = init
    const answer = await app.inject({
      method: (init.method ?? 'GET') as NonNullable<InjectOptions['method']>,
      url: pathname + search,
      headers: { ...plain(init.headers ?? {}), host, [toolsHeader]: '1' },
      remoteAddress: ip,
      ...(typeof body === 'string' && { payload: body }),
    })
    const headers = passedOn.flatMap((name): [string, string][] => {
      const value = answer.headers[name]
      return value === undefined ? [] : [[name, String(value)]]
    })
    const hasBody = answer.statusCode !== 204 && answer.statusCode !== 304
    return new Response(hasBody ? new Uint8Array(answer.rawPayload) : null, {
      status: answer.statusCode,
      headers,
    })
  }
}

/** Returns headers as an object: those of our client are one, and need no conversion. */
const plain = (headers: NonNullable<RequestInit['headers']>): Record<string, string | undefined> =>
  Object.fromEntries(
    headers instanceof Headers || Array.isArray(headers) ? new Headers(headers) : Object.entries(headers),
  )
