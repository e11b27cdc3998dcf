import { once } from 'node:events'
import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import https from 'node:https'
import net, { type AddressInfo, type Socket } from 'node:net'
import { type Duplex, pipeline } from 'node:stream'
import { reasonOf } from './exec-error.ts'

/** The proxy that programs under `pinfold exec` use. */
export interface Router {
  /** Its address, without a slash at the end. */
  url: string
  close(): Promise<void>
}

export interface RouterOptions {
  /** Returns the proxy to reach an address through; undefined to reach it directly. */
  upstreamFor: (target: URL) => URL | undefined
  /** Called for each connection of a program. */
  onConnection: () => void
}

/**
 * Starts a proxy on 127.0.0.1 that passes each connection on unchanged: to the proxy for its target, or to the target
 * itself. It never looks inside, and reports targets that cannot be reached.
 */
export async function startRouter({ upstreamFor, onConnection }: RouterOptions): Promise<Router> {
  const sockets = new Set<Duplex>()
  const server = http.createServer((request, response) => forward(request, response, upstreamFor))
  server.on('connect', (request, client, head) => {
    sockets.add(client)
    client.on('close', () => sockets.delete(client))
    tunnel(request, client, head, upstreamFor)
  })
  server.on('connection', onConnection)
  server.on('clientError', (_error, client) => client.destroy())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

/** Answers `CONNECT host:port` with a connection to it, or with why there is none. */
async function tunnel(
  { url: authority = '' }: IncomingMessage,
  client: Duplex,
  head: Buffer,
  upstreamFor: RouterOptions['upstreamFor'],
): Promise<void> {
  // Handles a client that goes away before the pipelines below exist; they handle it from then on.
  client.on('error', () => client.destroy())
  try {
    const target = URL.parse(`https://${authority}`)
    if (!target) throw new Error('This is no host and port.')
    const remote = await connect(target, upstreamFor(target))
    if (client.destroyed) {
      remote.destroy()
      return
    }
    client.write('HTTP/1.1 200 Connection established\r\n\r\n')
    remote.write(head)
    pipeline(client, remote, () => {})
    pipeline(remote, client, () => {})
  } catch (error) {
    const text = `pinfold exec: cannot reach ${authority}: ${reasonOf(error)}\n`
    client.end(
      `HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/plain\r\nContent-Length: ${Buffer.byteLength(text)}\r\n` +
        `Connection: close\r\n\r\n${text}`,
    )
  }
}

/** Connects to a target, through `proxy` if there is one. */
async function connect(target: URL, proxy: URL | undefined): Promise<Duplex> {
  const [host, port] = [bareHost(target), target.port || '443']
  if (!proxy) {
    const socket: Socket = net.connect({ host, port: Number(port), noDelay: true })
    await once(socket, 'connect')
    return socket
  }
  const authority = `${target.hostname}:${port}`
  const request = clientOf(proxy).request({
    ...addressOf(proxy),
    method: 'CONNECT',
    path: authority,
    headers: { host: authority, ...credentialsOf(proxy) },
    agent: false,
  })
  request.end()
  const [answer, socket, head] = await once(request, 'connect')
  if (answer.statusCode !== 200) {
    socket.destroy()
    throw new Error(`the proxy ${proxy.host} answered ${answer.statusCode}`)
  }
  if (head.length > 0) socket.unshift(head)
  return socket
}

/** Hop-by-hop headers, which are meant for the next hop and not forwarded. */
const hopHeaders = new Set(['connection', 'keep-alive', 'proxy-connection', 'proxy-authorization', 'transfer-encoding'])

/** Forwards a request whose first line has an absolute address, as clients send them to proxies. */
function forward(request: IncomingMessage, response: ServerResponse, upstreamFor: RouterOptions['upstreamFor']): void {
  const refuse = (status: number, text: string) =>
    response.writeHead(status, { 'content-type': 'text/plain' }).end(`pinfold exec: ${text}\n`)
  const target = URL.parse(request.url ?? '')
  if (!target || !/^https?:$/.test(target.protocol)) {
    refuse(400, 'this is a proxy, and nothing is served here.')
    return
  }
  try {
    const proxy = upstreamFor(target)
    const headers = withoutHopHeaders(request.rawHeaders)
    const outgoing = clientOf(proxy ?? target).request({
      ...addressOf(proxy ?? target),
      method: request.method,
      path: proxy ? target.href : target.pathname + target.search,
      headers: [...headers, ...Object.entries(credentialsOf(proxy)).flat()],
      agent: false,
    })
    response.on('close', () => outgoing.destroy())
    outgoing.on('response', (answer) => {
      if (response.destroyed) return
      response.writeHead(answer.statusCode ?? 502, answer.statusMessage, withoutHopHeaders(answer.rawHeaders))
      pipeline(answer, response, () => {})
    })
    outgoing.on('error', (error) => {
      if (response.headersSent) response.destroy()
      else refuse(502, `cannot reach ${target.host}: ${reasonOf(error)}`)
    })
    pipeline(request, outgoing, () => {})
  } catch (error) {
    refuse(502, `cannot reach ${target.host}: ${reasonOf(error)}`)
  }
}

const clientOf = ({ protocol }: URL) => (protocol === 'https:' ? https : http)
const bareHost = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, '')

const addressOf = (url: URL) => ({
  host: bareHost(url),
  port: url.port || (url.protocol === 'https:' ? 443 : 80),
})

function credentialsOf(proxy: URL | undefined): Record<string, string> {
  if (!proxy?.username) return {}
  const text = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`
  return { 'proxy-authorization': `Basic ${Buffer.from(text).toString('base64')}` }
}

function withoutHopHeaders(raw: readonly string[]): string[] {
  const kept: string[] = []
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const [name = '', value = ''] = raw.slice(at, at + 2)
    if (!hopHeaders.has(name.toLowerCase())) kept.push(name, value)
  }
  return kept
}
