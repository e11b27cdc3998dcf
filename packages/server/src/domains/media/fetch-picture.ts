import { lookup } from 'node:dns'
import type { LookupFunction } from 'node:net'
import ipaddr from 'ipaddr.js'
import type { Agent } from 'undici'
import { ApiError } from '../../core/errors.ts'
import { fairQueue } from '../../core/fair-queue.ts'
import { DecodingFailed, decoded } from './decode-content.ts'
import { largestPicture, pictureLimits } from './limits.ts'

const maxRedirects = 5
const redirects = new Set([301, 302, 303, 307, 308])

export interface FetchGuardOptions {
  /** Whether addresses of this machine may be fetched: only while nobody else can request it. */
  allowLoopback: boolean
  /** How long a picture may take in total, including redirects, in milliseconds. Default: 10 seconds. */
  timeoutMs?: number
  /** Makes the replacement for a picture that cannot be reached. Without it, that is an error. */
  standIn?: (url: string) => Promise<Buffer>
}

/** The account that a picture is fetched for. */
export interface FetchOptions {
  accountId: number
  /** Called if the bytes are a replacement's. */
  onStandIn?(): void
}

/** Fetches pictures from addresses that strangers name, and from nowhere that they must not reach. */
export interface PictureFetcher {
  /**
   * Returns the bytes at `url`. Serves accounts in turn. Throws `imageUnreachable`, `imageInvalid` when there are too
   * many bytes, or `rateLimited` when too many pictures wait.
   */
  fetch(url: string, options: FetchOptions): Promise<Buffer>
  /** Closes the connections. */
  close(): Promise<void>
}

/**
 * Makes a fetcher. It uses http and https only, connects to no address of a private, link-local or otherwise special
 * range (checked after the name is resolved and again after each redirect), waits at most 10 seconds, and stops reading
 * at `pictureLimits.bytes`, encoded or decoded.
 */
export function pictureFetcher({ allowLoopback, timeoutMs = 10_000, standIn }: FetchGuardOptions): PictureFetcher {
  const queue = fairQueue(pictureLimits.fetching)
  const closing = new AbortController()
  let agent: Agent | undefined
  const open = async (): Promise<Agent> => {
    const { Agent } = await import('undici')
    agent ??= new Agent({
      connect: { lookup: guardedLookup(allowLoopback), timeout: timeoutMs },
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      maxResponseSize: pictureLimits.bytes + 1,
    })
    return agent
  }
  return {
    async fetch(url, { accountId, onStandIn }) {
      const fetchNow = async () => follow(url, await open(), allowLoopback, AbortSignal.timeout(timeoutMs))
      try {
        return await queue.run(accountId, fetchNow, { signal: closing.signal })
      } catch (error) {
        if (error instanceof ApiError) throw error
        if (isTooLarge(error)) throw tooLarge()
        if (!standIn) throw unreachable(reason(error, timeoutMs), error)
        onStandIn?.()
        return standIn(url)
      }
    },
    async close() {
      closing.abort()
      await agent?.close()
    },
  }
}

async function follow(start: string, agent: Agent, allowLoopback: boolean, signal: AbortSignal): Promise<Buffer> {
  const { request } = await import('undici')
  let url = checked(start, allowLoopback)
  for (let hop = 0; hop <= maxRedirects; hop++) {
    const answer = await request(url, {
      dispatcher: agent,
      signal,
      headers: { accept: 'image/*', 'accept-encoding': 'identity', 'user-agent': 'Pinfold (picture fetcher)' },
    })
    const location = answer.headers.location
    if (redirects.has(answer.statusCode) && typeof location === 'string') {
      await answer.body.dump()
      url = checked(location, allowLoopback, url)
      continue
    }
    if (answer.statusCode !== 200) {
      await answer.body.dump()
      throw unreachable(`It answered with status ${answer.statusCode}.`)
    }
    if (Number(answer.headers['content-length']) > pictureLimits.bytes) {
      await answer.body.dump()
      throw tooLarge()
    }
    return await readAll(decoded(answer.body, answer.headers['content-encoding']))
  }
  throw unreachable(`It redirects more than ${maxRedirects} times.`)
}

async function readAll(body: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of body) {
    size += part.length
    if (size > pictureLimits.bytes) throw tooLarge()
    parts.push(part)
  }
  return Buffer.concat(parts, size)
}

/** Returns the address as a URL that may be fetched. Host names are checked when they are resolved. */
function checked(address: string, allowLoopback: boolean, base?: URL): URL {
  const url = URL.parse(address, base)
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:'))
    throw unreachable('It must be an http or https address.')
  if (url.username || url.password) throw unreachable('It must not hold a user name or password.')
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (ipaddr.isValid(host) && !mayReach(host, allowLoopback)) throw unreachable(privateReason)
  return url
}

const privateReason = 'Its address is in a range that is not fetched from.'

/** The only range of IPv6 that was ever allocated; addresses outside it can stand for private ones (`::10.0.0.1`). */
const publicIpv6 = ipaddr.IPv6.parseCIDR('2000::/3')

/** Returns whether an IP address is on the public internet (or this machine's, where that is allowed). */
export function mayReach(address: string, allowLoopback: boolean): boolean {
  const ip = ipaddr.process(address)
  const range = ip.range()
  if (range === 'loopback') return allowLoopback
  return range === 'unicast' && (!(ip instanceof ipaddr.IPv6) || ip.match(publicIpv6))
}

function guardedLookup(allowLoopback: boolean): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, [])
      const refused = addresses.find(({ address }) => !mayReach(address, allowLoopback))
      if (refused || addresses.length === 0) return callback(unreachable(privateReason), [])
      if (options.all) return callback(null, addresses)
      const [first] = addresses
      callback(null, first?.address ?? '', first?.family ?? 4)
    })
  }
}

function unreachable(detail: string, cause?: unknown): ApiError {
  return new ApiError('imageUnreachable', { detail, cause })
}

function tooLarge(): ApiError {
  return new ApiError('imageInvalid', { detail: `It is larger than ${largestPicture}.` })
}

function isTooLarge(error: unknown): boolean {
  return (error as { code?: string }).code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE'
}

/** Returns what went wrong, without revealing anything about this network. */
function reason(error: unknown, timeoutMs: number): string {
  if (error instanceof DecodingFailed) return error.message
  const { code, name } = error as { code?: string; name?: string }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'Its host name is not known.'
  if (code === 'ECONNREFUSED') return 'The connection was refused.'
  if (name === 'TimeoutError' || code?.includes('TIMEOUT'))
    return `It did not answer within ${timeoutMs / 1000} seconds.`
  return 'The connection failed.'
}
