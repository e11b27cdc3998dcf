import { lookup } from 'node:dns'
import type { LookupFunction } from 'node:net'
import ipaddr from 'ipaddr.js'
import type { Agent, Dispatcher } from 'undici'

/** A network: its address, and how many bits of it count. */
export type Network = [ipaddr.IPv4 | ipaddr.IPv6, number]

/** An address that a stranger named and that is not fetched from: `message` says why. */
export class AddressRefused extends Error {}

/** A fetch of an address that a stranger named. */
export interface GuardedRequest {
  /** The connections to use, made with `guardedLookup`. */
  agent: Agent
  /** Whether addresses of this machine may be fetched from: only while nobody else can ask for it. */
  allowLoopback: boolean
  /** Further networks that may be fetched from. Default: none. */
  networks?: readonly Network[]
  /** Ends the fetch, redirects included. */
  signal: AbortSignal
  /** Sent with each request. */
  headers: Record<string, string>
}

/** An answer, and the address that it is from: the last of its redirects. */
export type GuardedAnswer = Dispatcher.ResponseData & { url: URL }

const maxRedirects = 5
const redirects = new Set([301, 302, 303, 307, 308])

/**
 * Fetches `start` and follows its redirects, each checked as the first address is, and returns the answer whose body is
 * to be read. Throws `AddressRefused` for addresses that are not public, and what the connection fails with.
 */
export async function requestGuarded(start: string, given: GuardedRequest): Promise<GuardedAnswer> {
  const { request } = await import('undici')
  const { agent, signal, headers } = given
  let url = checked(start, given)
  for (let hop = 0; hop <= maxRedirects; hop++) {
    const answer = await request(url, { dispatcher: agent, signal, headers })
    const location = answer.headers.location
    if (!redirects.has(answer.statusCode) || typeof location !== 'string') return { ...answer, url }
    await answer.body.dump()
    url = checked(location, given, url)
  }
  throw new AddressRefused(`It redirects more than ${maxRedirects} times.`)
}

/** What is posted to an address that a stranger named. */
export interface GuardedPost extends GuardedRequest {
  /** What is sent. */
  body: string
}

/**
 * Posts to an address, and returns the answer, whose body is to be read or ended. Redirects are not followed. Throws as
 * `requestGuarded`.
 */
export async function postGuarded(address: string, given: GuardedPost): Promise<Dispatcher.ResponseData> {
  const { request } = await import('undici')
  const { agent, signal, headers, body } = given
  return request(checkedAddress(address, given), { method: 'POST', dispatcher: agent, signal, headers, body })
}

/** Returns an address as a URL. Throws `AddressRefused` for one that is never fetched from, whatever its host's name is. */
export const checkedAddress = (address: string, reach: Reach): URL => checked(address, reach)

/** What may be reached beyond the public internet. */
export type Reach = Pick<GuardedRequest, 'allowLoopback' | 'networks'>

/** The address as a URL that may be asked for. Host names are checked when they are resolved. */
function checked(address: string, { allowLoopback, networks }: Reach, base?: URL): URL {
  const url = URL.parse(address, base)
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:'))
    throw new AddressRefused('It must be an http or https address.')
  if (url.username || url.password) throw new AddressRefused('It must not hold a user name or password.')
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (ipaddr.isValid(host) && !mayReach(host, allowLoopback, networks)) throw new AddressRefused(privateReason)
  return url
}

const privateReason = 'Its address is in a range that is not fetched from.'

/** The only range of IPv6 that was ever allocated; addresses outside it can stand for private ones (`::10.0.0.1`). */
const publicIpv6 = ipaddr.IPv6.parseCIDR('2000::/3')

/** Returns whether an IP address is on the public internet (or this machine's, where that is allowed), or in a network. */
export function mayReach(address: string, allowLoopback: boolean, networks: readonly Network[] = []): boolean {
  const ip = ipaddr.process(address)
  if (networks.some((network) => network[0].kind() === ip.kind() && ip.match(network))) return true
  const range = ip.range()
  if (range === 'loopback') return allowLoopback
  return range === 'unicast' && (!(ip instanceof ipaddr.IPv6) || ip.match(publicIpv6))
}

/** Resolves host names, and refuses those of which an address is not public, with `AddressRefused`. */
export function guardedLookup(allowLoopback: boolean, networks: readonly Network[] = []): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, [])
      const refused = addresses.find(({ address }) => !mayReach(address, allowLoopback, networks))
      if (refused || addresses.length === 0) return callback(new AddressRefused(privateReason), [])
      if (options.all) return callback(null, addresses)
      const [first] = addresses
      callback(null, first?.address ?? '', first?.family ?? 4)
    })
  }
}

/** The connections of something that fetches: made with the first fetch. */
export interface GuardedConnections {
  /** Returns the agent to use. */
  open(): Promise<Agent>
  /** Aborted when they are closed. */
  closing: AbortSignal
  /** Closes them. */
  close(): Promise<void>
}

export interface ConnectionOptions extends Reach {
  /** How long a connection may take to be made, in milliseconds. */
  timeoutMs: number
  /** What the agent holds to beyond that. */
  limits?: Agent.Options
}

/** Makes connections to public addresses alone. */
export function guardedConnections({
  allowLoopback,
  networks,
  timeoutMs,
  limits,
}: ConnectionOptions): GuardedConnections {
  const closing = new AbortController()
  let agent: Agent | undefined
  return {
    async open() {
      const { Agent } = await import('undici')
      agent ??= new Agent({
        ...limits,
        connect: { lookup: guardedLookup(allowLoopback, networks), timeout: timeoutMs },
      })
      return agent
    },
    closing: closing.signal,
    async close() {
      closing.abort()
      await agent?.close()
    },
  }
}

/** Returns what went wrong with a fetch, without revealing anything about this network. */
export function fetchProblem(error: unknown, timeoutMs: number): string {
  if (error instanceof AddressRefused) return error.message
  const { code, name } = error as { code?: string; name?: string }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'Its host name is not known.'
  if (code === 'ECONNREFUSED') return 'The connection was refused.'
  if (name === 'TimeoutError' || code?.includes('TIMEOUT'))
    return `It did not answer within ${timeoutMs / 1000} seconds.`
  return 'The connection failed.'
}
