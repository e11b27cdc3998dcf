import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type PinterestClient, verifyWebhook, type WebhookMessage } from '@pinfold/client'
import { plain, stdout } from '../output/print.ts'
import { connect, type ServiceOptions } from '../service/service.ts'
import { readSecret } from './read-secret.ts'

type NewWebhook = Parameters<PinterestClient['webhooks']['create']>[0]

/** The options of `pinfold webhook listen`. */
export interface ListenOptions extends ServiceOptions {
  events?: NewWebhook['events']
  times?: number
  port: number
  /** The file with the secret of a webhook that there is: then no other is made. */
  secretFile?: string
  json?: boolean
}

/** A message longer than this is none of Pinfold's. */
const mostBytes = 1_000_000

/** Prints what a webhook tells this process until it is stopped or has printed enough. */
export async function listen(options: ListenOptions): Promise<void> {
  const { times = Number.POSITIVE_INFINITY, port, secretFile } = options
  let secret = secretFile === undefined ? undefined : readSecret(secretFile)
  const enough = Promise.withResolvers<void>()
  const seen = new Set<string>()
  const server = await receiverOn(port, async (request) => {
    if (secret === undefined) return false
    const message = await verifyWebhook(secret, request).catch((error: Error) => {
      if (secretFile !== undefined) console.error(`A message was refused. ${error.message}`)
    })
    if (!message || seen.size >= times) return false
    if (!seen.has(message.id)) print(message, options)
    seen.add(message.id)
    if (seen.size >= times) enough.resolve()
    return true
  })
  const stop = () => enough.resolve()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop)
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  try {
    const webhook = secret === undefined ? await ownWebhook(url, options) : undefined
    secret ??= webhook?.secret
    console.error(`Listening${webhook ? '' : ` at ${url}`}. What happens is printed here; Ctrl-C ends it.`)
    await enough.promise
    await webhook?.delete()
  } finally {
    server.close()
    server.closeAllConnections()
  }
}

/** Makes a webhook for this process, and returns its secret and how to delete it. */
async function ownWebhook(url: string, options: ListenOptions) {
  const { client } = await connect(options)
  const { events } = options
  const given = { url, description: 'pinfold webhook listen', ...(events && { events }) }
  const { id, secret } = await client.webhooks.create(given)
  return { secret, delete: () => client.webhooks.delete(id) }
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
