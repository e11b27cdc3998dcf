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
  /** Whether addresses of this machine may be fetched from: only while nobody else can ask for it. */
  allowLoopback: boolean
  /** How long a picture may take in all, redirects included, in milliseconds. Default: 10 seconds. */
  timeoutMs?: number
  /** Makes the picture for an address that cannot be reached. Without it, that is an error. */
  standIn?: (url: string) => Promise<Buffer>
}

/** For whom a picture is fetched. */
export interface FetchOptions {
  accountId: number
  /** Called if the bytes are a stand-in's. */
  onStandIn?(): void
}

/** Fetches the pictures that strangers name, and nothing that is not theirs to reach. */
export interface PictureFetcher {
  /**
   * Returns the bytes at `url`. Accounts are served in turn. Throws `imageUnreachable`, `imageInvalid` when there are too
   * many bytes, or `rateLimited` when too many pictures wait.
   */
  fetch(url: string, options: FetchOptions): Promise<Buffer>
  /** Closes the connections. */
  close(): Promise<void>
}

/**
 * A fetcher that speaks http and https only, connects to no address of a private, link-local or otherwise special
 * range (checked after the name is resolved and again after each redirect), waits 10 seconds in all, and stops
 * reading at `pictureLimits.bytes`, of what comes and of what it is decoded to.
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

/** The address as a URL that may be asked for. Host names are checked when they are resolved. */
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

/** Of IPv6, this is all that was ever given out; addresses outside it can stand for private ones (`::10.0.0.1`). */
const publicIpv6 = ipaddr.IPv6.parseCIDR('2000::/3')

/** Whether an IP address is one on the public internet (or of this machine, where that is allowed). */
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

/** What went wrong, without what a stranger should not learn of this network. */
function reason(error: unknown, timeoutMs: number): string {
  if (error instanceof DecodingFailed) return error.message
  const { code, name } = error as { code?: string; name?: string }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'Its host name is not known.'
  if (code === 'ECONNREFUSED') return 'The connection was refused.'
  if (name === 'TimeoutError' || code?.includes('TIMEOUT'))
    return `It did not answer within ${timeoutMs / 1000} seconds.`
  return 'The connection failed.'
}
