import type { FastifyRequest } from 'fastify'
import { ApiError } from '../core/errors.ts'
import { isLoopbackHost } from '../core/loopback.ts'
import { networkOf } from '../core/network.ts'
import { sandboxOfBearer } from '../core/sandbox-mark.ts'
import { hashSecret, secretMatches } from '../core/secrets.ts'
import type { Throttle, Throttles } from './throttle.ts'

export interface ControlGuardOptions {
  /** The token that control takes. Undefined: none, and control is open to programs on this machine alone. */
  token: string | undefined
  /** Whether the server listens on this machine alone. */
  isLoopback: boolean
  publicUrl: () => string
  throttles: Throttles
  /** Of a sandbox: returns whether its own token is in the `Authorization` header. Undefined for the server itself. */
  isOwn?: ((header: string) => Promise<boolean>) | undefined
}

/** What a proxy adds: with it, a request may be anybody's, though it comes from this machine. */
const forwarding = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via']

/** Ten wrong tokens at once from a network, then one more a second. */
const guesses = { burst: 10, everyMs: 1000 }

/** Returns whether control is open to a request without a token: it comes from this machine, and none is set. */
export function isControlOpen(request: FastifyRequest, options: ControlGuardOptions): boolean {
  return (
    options.token === undefined && isOfThisMachine(request, options) && !isOfOtherPage(request, options.publicUrl())
  )
}

/**
 * Returns a guard that lets a request to a control operation pass, or throws `forbidden`, `authenticationFailed` or
 * `rateLimited`.
 */
export function controlGuard(options: ControlGuardOptions): (request: FastifyRequest) => void | Promise<void> {
  const stored = options.token === undefined ? undefined : hashSecret(options.token)
  const throttle = options.throttles('control', guesses)
  return (request) => {
    if (request.headers['webhook-id'] !== undefined)
      throw new ApiError('forbidden', { detail: 'A webhook may not control a server.' })
    const { authorization = '' } = request.headers
    // A program that goes on with the token of a sandbox that has ended must not control the server instead.
    if (!options.isOwn && sandboxOfBearer(authorization) !== undefined)
      throw new ApiError('authenticationFailed', { detail: 'The sandbox of this token has ended.' })
    if (stored !== undefined) {
      checkThrottle(request, throttle)
      if (!options.isOwn) return checkToken(request, stored, throttle)
      return options.isOwn(authorization).then((isOwn) => (isOwn ? undefined : checkToken(request, stored, throttle)))
    }
    if (!isOfThisMachine(request, options))
      throw new ApiError('forbidden', {
        detail:
          'Control is open to programs on the machine of the server alone. Start it with PINFOLD_CONTROL_TOKEN set, and ' +
          'send that as the bearer token.',
      })
    if (isOfOtherPage(request, options.publicUrl()))
      throw new ApiError('forbidden', { detail: 'Pages of other sites may not control this server.' })
  }
}

function checkThrottle({ ip }: FastifyRequest, throttle: Throttle): void {
  const wait = throttle.waitSeconds(networkOf(ip))
  if (wait > 0) throw new ApiError('rateLimited', { headers: { 'retry-after': String(wait) } })
}

function checkToken({ headers, ip }: FastifyRequest, stored: string, throttle: Throttle): void {
  const [, token = ''] = /^Bearer (\S+)$/i.exec(headers.authorization ?? '') ?? []
  if (secretMatches(token, stored)) return
  throttle.failed(networkOf(ip))
  throw new ApiError('authenticationFailed', { detail: 'Send the value of PINFOLD_CONTROL_TOKEN as the bearer token.' })
}

/** Returns whether only a program on this machine can have sent a request. */
function isOfThisMachine({ headers }: FastifyRequest, { isLoopback, publicUrl }: ControlGuardOptions): boolean {
  const named = URL.parse(`http://${headers.host ?? ''}`)?.hostname ?? ''
  return (
    isLoopback &&
    isLoopbackHost(new URL(publicUrl()).hostname) &&
    isLoopbackHost(named) &&
    forwarding.every((name) => headers[name] === undefined)
  )
}

/** Returns whether a page of another site makes a request, in a browser on this machine. */
function isOfOtherPage({ headers, method }: FastifyRequest, publicUrl: string): boolean {
  const site = headers['sec-fetch-site']
  const isOurs = site === undefined || site === 'same-origin' || (site === 'none' && method === 'GET')
  const { origin } = headers
  const own = [new URL(publicUrl).origin, `http://${headers.host}`]
  return !isOurs || (origin !== undefined && !own.includes(origin))
}
