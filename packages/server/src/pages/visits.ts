import { randomUUID } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Clock } from '../core/clock.ts'
import { ApiError } from '../core/errors.ts'
import { networkOf } from '../core/network.ts'
import { type Accounts, sessionCookie } from '../domains/accounts/accounts.ts'
import type { Analytics } from '../domains/analytics/analytics.ts'
import type { Pins } from '../domains/pins/pins.ts'
import type { RateLimiter } from '../http/rate-limits.ts'
import { pageHeaders } from './html.ts'
import { problemPage } from './problem-page.ts'

export interface VisitOptions {
  analytics: Pick<Analytics, 'takeEvents'>
  accounts: Pick<Accounts, 'bySession'>
  pins: Pick<Pins, 'linkOf'>
  clock: Clock
  /** Undefined: no limits. */
  rateLimiter: RateLimiter | undefined
}

/**
 * Serves `/pin/ID/visit`: counts the outbound click, and redirects the visitor to the Pin's link. Needs cookies to be
 * parsed.
 */
export function serveVisits(server: FastifyInstance, options: VisitOptions): void {
  const { analytics, accounts, pins, clock, rateLimiter } = options

  server.get<{ Params: { id: string } }>('/pin/:id/visit', async (request, reply) => {
    const { id } = request.params
    const token = request.cookies[sessionCookie]
    const account = token ? await accounts.bySession(token) : undefined
    const link = await pins.linkOf(account?.id, id).catch(notFoundAsNothing)
    if (link === undefined) return problem(reply, 'There is no such Pin', 'It may have been deleted, or be secret.')
    if (link === null) return problem(reply, 'This Pin leads nowhere', 'It has no link.')
    // Whether it can be counted or not, the visitor is redirected.
    if (isVisit(request)) await count(request, id, account?.id).catch((err) => request.log.warn({ err }, 'not counted'))
    return reply.headers({ 'cache-control': 'no-store', 'x-robots-tag': 'noindex' }).redirect(new URL(link).href, 302)
  })

  async function count({ headers, ip }: FastifyRequest, pinId: string, accountId: number | undefined): Promise<void> {
    await rateLimiter?.take({ appId: `at ${networkOf(ip)}`, accountId: undefined, tier: 'standard' }, 'events')
    const at = new Date(clock.now()).toISOString()
    const click = { id: randomUUID(), type: 'outbound_click' as const, pin_id: pinId, at }
    await analytics.takeEvents([click], { accountId, address: ip, userAgent: headers['user-agent'] ?? '' })
  }
}

/** Returns whether a request is a visit, and not a browser's prefetch. */
function isVisit({ method, headers }: FastifyRequest): boolean {
  const purpose = `${headers['sec-purpose'] ?? ''} ${headers.purpose ?? ''} ${headers['x-moz'] ?? ''}`
  return method === 'GET' && !/prefetch|prerender|preview/i.test(purpose)
}

function notFoundAsNothing(error: unknown): undefined {
  if (!(error instanceof ApiError && error.entry === 'pinNotFound')) throw error
}

function problem(reply: FastifyReply, title: string, explanation: string): FastifyReply {
  return reply
    .code(404)
    .headers(pageHeaders)
    .send(problemPage({ side: 'visitor', title, explanation }))
}
