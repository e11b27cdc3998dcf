import { ApiError } from '../../core/errors.ts'
import { fairQueue } from '../../core/fair-queue.ts'
import {
  AddressRefused,
  fetchProblem,
  type GuardedRequest,
  guardedConnections,
  requestGuarded,
} from '../../core/fetch-guard.ts'
import { DecodingFailed, decoded } from './decode-content.ts'
import { largestPicture, pictureLimits } from './limits.ts'

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
  const queue = fairQueue({ ...pictureLimits.fetching, name: 'fetching pictures' })
  const limits = { headersTimeout: timeoutMs, bodyTimeout: timeoutMs, maxResponseSize: pictureLimits.bytes + 1 }
  const { open, closing, close } = guardedConnections({ allowLoopback, timeoutMs, limits })
  return {
    async fetch(url, { accountId, onStandIn }) {
      const fetchNow = async () =>
        read(url, { agent: await open(), allowLoopback, signal: AbortSignal.timeout(timeoutMs) })
      try {
        return await queue.run(accountId, fetchNow, { signal: closing })
      } catch (error) {
        if (error instanceof ApiError) throw error
        if (isTooLarge(error)) throw tooLarge()
        if (error instanceof AddressRefused) throw unreachable(error.message)
        if (!standIn) throw unreachable(reason(error, timeoutMs), error)
        onStandIn?.()
        return standIn(url)
      }
    },
    close,
  }
}

async function read(start: string, given: Omit<GuardedRequest, 'headers'>): Promise<Buffer> {
  const headers = { accept: 'image/*', 'accept-encoding': 'identity', 'user-agent': 'Pinfold (picture fetcher)' }
  const answer = await requestGuarded(start, { ...given, headers })
  if (answer.statusCode !== 200) {
    await answer.body.dump()
    throw unreachable(`It answered with status ${answer.statusCode}.`)
  }
  if (Number(answer.headers['content-length']) > pictureLimits.bytes) {
    await answer.body.dump()
    throw tooLarge()
  }
  return readAll(decoded(answer.body, answer.headers['content-encoding']))
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

function unreachable(detail: string, cause?: unknown): ApiError {
  return new ApiError('imageUnreachable', { detail, cause })
}

function tooLarge(): ApiError {
  return new ApiError('imageInvalid', { detail: `It is larger than ${largestPicture}.` })
}

function isTooLarge(error: unknown): boolean {
  return (error as { code?: string }).code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE'
}

const reason = (error: unknown, timeoutMs: number): string =>
  error instanceof DecodingFailed ? error.message : fetchProblem(error, timeoutMs)
