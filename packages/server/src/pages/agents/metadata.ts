import { allScopes } from '@pinfold/contract'
import type { FastifyInstance } from 'fastify'
import { type OwnAddresses, toolsPath } from './addresses.ts'

/** What programs ask for that do not choose: nothing secret, no money. */
export const usualScopes = ['boards:read', 'boards:write', 'pins:read', 'pins:write', 'user_accounts:read'] as const

/** Where the metadata of the tools are, as a resource (RFC 9728, 3.1). */
export const resourceMetadataPath = `/.well-known/oauth-protected-resource${toolsPath}`

/** Tells programs how to get a token: RFC 8414 and RFC 9728. */
export function serveMetadata(app: FastifyInstance, addresses: OwnAddresses): void {
  app.get('/.well-known/oauth-authorization-server', async (request, reply) => {
    const own = addresses.of(request)
    return reply.header('cache-control', 'no-store').send({
      issuer: own,
      authorization_endpoint: `${own}/oauth/`,
      token_endpoint: `${own}/oauth/clients/token`,
      registration_endpoint: `${own}/oauth/clients`,
      scopes_supported: allScopes,
      response_types_supported: ['code'],
      response_modes_supported: ['query'],
      grant_types_supported: ['authorization_code', 'refresh_token'],
      token_endpoint_auth_methods_supported: ['none', 'client_secret_basic'],
      code_challenge_methods_supported: ['S256'],
      service_documentation: `${own}/docs`,
    })
  })
  for (const path of ['/.well-known/oauth-protected-resource', resourceMetadataPath])
    app.get(path, async (request, reply) => {
      const own = addresses.of(request)
      return reply.header('cache-control', 'no-store').send({
        resource: own + toolsPath,
        resource_name: 'Pinfold',
        authorization_servers: [own],
        scopes_supported: usualScopes,
        bearer_methods_supported: ['header'],
      })
    })
}
