import type { FastifyInstance } from 'fastify'
import type { Clock } from '../../core/clock.ts'
import { ApiError } from '../../core/errors.ts'
import { networkOf } from '../../core/network.ts'
import type { RegisteredClients } from '../../domains/oauth/registered-clients.ts'
import type { Throttles } from '../../http/throttle.ts'
import { answerOauthError, OauthError } from './oauth-error.ts'

/** A network registers 30 programs at once, then one every ten seconds. */
const rate = { burst: 30, everyMs: 10_000 }

/**
 * Lets programs register themselves (RFC 7591). What they say comes back signed, as their id, so that nothing is kept of
 * a stranger.
 */
export function serveRegistration(
  app: FastifyInstance,
  { clients, clock, throttles }: { clients: RegisteredClients; clock: Clock; throttles: Throttles },
): void {
  const throttle = throttles('registration', rate)
  app.post('/oauth/clients', async (request, reply) => {
    const network = networkOf(request.ip)
    const wait = throttle.waitSeconds(network)
    if (wait > 0) throw new ApiError('rateLimited', { headers: { 'retry-after': String(wait) } })
    throttle.failed(network)
    try {
      const { name, redirectUris } = metadataOf(request.body)
      const client = clients.register({ name, redirectUris })
      return reply
        .code(201)
        .header('cache-control', 'no-store')
        .send({
          client_id: client.clientId,
          client_id_issued_at: Math.floor(clock.now() / 1000),
          client_name: client.name,
          redirect_uris: client.redirectUris,
          grant_types: ['authorization_code', 'refresh_token'],
          response_types: ['code'],
          token_endpoint_auth_method: 'none',
        })
    } catch (error) {
      const isOfUris = error instanceof ApiError && error.detail?.startsWith('redirect_uris')
      return answerOauthError(error, reply, isOfUris ? 'invalid_redirect_uri' : 'invalid_client_metadata')
    }
  })
}

/** Reads what is used of a registration. Throws `OauthError`. */
function metadataOf(body: unknown): { name: string; redirectUris: string[] } {
  const wrong = (description: string) => new OauthError('invalid_client_metadata', description)
  if (typeof body !== 'object' || body === null) throw wrong('Send the metadata as JSON.')
  const { client_name: name = 'A program without a name', redirect_uris: uris } = body as Record<string, unknown>
  if (typeof name !== 'string') throw wrong('client_name must be a text.')
  if (!Array.isArray(uris) || !uris.every((uri) => typeof uri === 'string'))
    throw new OauthError('invalid_redirect_uri', 'redirect_uris must be a list of addresses.')
  return { name, redirectUris: uris }
}
