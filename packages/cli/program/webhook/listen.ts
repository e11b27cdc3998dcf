import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type PinterestClient, verifyWebhook, type WebhookMessage } from '@pinfold/client'
import { plain, stdout } from '../output/print.ts'
import { connect, type ServiceOptions } from '../service/service.ts'

type NewWebhook = Parameters<PinterestClient['webhooks']['create']>[0]

/** The options of `pinfold webhook listen`. */
export interface ListenOptions extends ServiceOptions {
  events?: NewWebhook['events']
  times?: number
  port: number
  json?: boolean
}

/** A message longer than this is none of Pinfold's. */
const mostBytes = 1_000_000

/** Makes a webhook of this process, and prints what it is told until it is stopped or has printed enough. */
export async function listen(options: ListenOptions): Promise<void> {
  const { client } = await connect(options)
  const { events, times = Number.POSITIVE_INFINITY, port } = options
  const enough = Promise.withResolvers<void>()
  const seen = new Set<string>()
  let secret: string | undefined
  const server = await receiverOn(port, async (request) => {
    if (secret === undefined) return false
    const message = await verifyWebhook(secret, request).catch(() => undefined)
    if (!message || seen.size >= times) return false
    if (!seen.has(message.id)) print(message, options)
    seen.add(message.id)
    if (seen.size >= times) enough.resolve()
    return true
  })
  const stop = () => enough.resolve()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop)
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    const given = { url, description: 'pinfold webhook listen', ...(events && { events }) }
    const webhook = await client.webhooks.create(given)
    secret = webhook.secret
    console.error('Listening. What happens is printed here; Ctrl-C ends it.')
    await enough.promise
    await client.webhooks.delete(webhook.id)
  } finally {
    server.close()
    server.closeAllConnections()
  }
}

function print(message: WebhookMessage, { json }: ListenOptions): void {
  const { type, timestamp, data } = message
  stdout.write(json ? `${JSON.stringify(message)}\n` : `${[timestamp, type, plain(JSON.stringify(data))].join('\t')}\n`)
}

interface Received {
  headers: Record<string, string | string[] | undefined>
  body: string
}

/** Starts a server on this machine that takes what `take` accepts. */
async function receiverOn(port: number, take: (request: Received) => Promise<boolean>): Promise<Server> {
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request.setEncoding('utf8')) {
      body += chunk
      if (body.length > mostBytes) return void request.destroy()
    }
    const isTaken = await take({ headers: request.headers, body })
    response.writeHead(isTaken ? 204 : 400).end()
  })
  await once(server.listen(port, '127.0.0.1'), 'listening')
  return server
}
