import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'

/** A message that was received. */
export interface Received {
  /** The `webhook-id`. */
  id: string
  path: string
  type: string
  timestamp: string
  // biome-ignore lint/suspicious/noExplicitAny: tests look at what was told as JSON
  data: any
  headers: IncomingHttpHeaders
  body: string
}

/** What a receiver answers: a status, or a function that does it all. */
export type Reply = number | RequestListener

/** A server that webhooks are sent to. */
export interface WebhookReceiver extends AsyncDisposable {
  /** Its address; any path below it is received. */
  url: string
  /** What it has received, in the order in which it came. */
  received: Received[]
  /** Returns what was received at a path. */
  at(path: string): Received[]
  /** Answers each further message so; 204 at first. */
  reply(reply: (message: Received) => Reply): void
  /** Ends it, with all connections. */
  stop(): Promise<void>
  /** Starts it again, at the same address. */
  start(): Promise<void>
}

/** Starts a receiver on a free port. */
export async function startReceiver(): Promise<WebhookReceiver> {
  const received: Received[] = []
  let replyTo: (message: Received) => Reply = () => 204
  let port = 0
  const listener: RequestListener = async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const body = Buffer.concat(chunks).toString()
    const { headers, url: path = '' } = request
    const message = { ...JSON.parse(body), id: String(headers['webhook-id']), path, headers, body }
    received.push(message)
    const reply = replyTo(message)
    if (typeof reply === 'function') reply(request, response)
    else response.writeHead(reply).end()
  }
  let server = createServer(listener)
  const start = async () => {
    server = createServer((request, response) => void Promise.resolve(listener(request, response)).catch(() => {}))
    await once(server.listen(port, '127.0.0.1'), 'listening')
    port = (server.address() as AddressInfo).port
  }
  const stop = async () => {
    const closed = once(server, 'close')
    server.close()
    server.closeAllConnections()
    await closed
  }
  await start()
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    at: (path) => received.filter((message) => message.path === path),
    reply(reply) {
      replyTo = reply
    },
    start,
    stop,
    [Symbol.asyncDispose]: async () => {
      if (server.listening) await stop()
    },
  }
}

/** Throws unless a message is signed with a secret, by the reference library of the Standard Webhooks. */
export function verify({ body, headers }: Pick<Received, 'body' | 'headers'>, secret: string): void {
  new Webhook(secret).verify(body, headers as Record<string, string>)
}
