import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { AppCaller } from '../../core/viewer.ts'
import type { Apps } from '../../domains/oauth/apps.ts'
import type { RegisteredClient, RegisteredClients } from '../../domains/oauth/registered-clients.ts'
import type { Tokens } from '../../domains/oauth/tokens.ts'
import { formOf } from '../forms.ts'
import type { OwnAddresses } from './addresses.ts'
import { answerOauthError, OauthError } from './oauth-error.ts'

export interface TokenEndpointOptions {
  apps: Pick<Apps, 'authenticate'>
  clients: RegisteredClients
  tokens: Pick<Tokens, 'exchangeCode' | 'refresh'>
  addresses: OwnAddresses
}

/**
 * Gives tokens as RFC 6749 has it, for programs that know nothing of Pinterest's form at `/v5/oauth/token`: to those that
 * registered themselves, and to apps with a secret.
 */
export function serveTokenEndpoint(app: FastifyInstance, options: TokenEndpointOptions): void {
  const { tokens, addresses } = options
  app.post('/oauth/clients/token', async (request, reply) => {
    try {
      const form = fieldsOf(request)
      if (form.resource !== undefined && !addresses.isOwnResource(request, form.resource))
        throw new OauthError('invalid_target', 'resource is not of this server.')
      const client = await clientOf(request, form, options)
      const issued = await tokensFor(tokens, client, form)
      return reply.headers({ 'cache-control': 'no-store', pragma: 'no-cache' }).send({
        access_token: issued.access_token,
        token_type: 'Bearer',
        expires_in: issued.expires_in,
        scope: issued.scope,
        refresh_token: issued.refresh_token,
      })
    } catch (error) {
      return answerOauthError(error, reply)
    }
  })
}

type Fields = Partial<Record<string, string>>

/** Returns the fields of the form. Throws for one that is repeated. */
function fieldsOf(request: FastifyRequest): Fields {
  const form = formOf(request)
  const repeated = Object.entries(form).find(([, value]) => typeof value !== 'string')
  if (repeated) throw new OauthError('invalid_request', `${repeated[0].slice(0, 50)} is given more than once.`)
  return form as Fields
}

async function clientOf(
  request: FastifyRequest,
  { client_id: id }: Fields,
  { apps, clients }: TokenEndpointOptions,
): Promise<AppCaller | RegisteredClient> {
  const registered = id === undefined ? undefined : clients.find(id)
  return registered ?? apps.authenticate(request.headers.authorization)
}

function tokensFor(tokens: TokenEndpointOptions['tokens'], client: AppCaller | RegisteredClient, form: Fields) {
  const { grant_type: grant, code, redirect_uri: redirectUri, code_verifier: codeVerifier } = form
  if (grant === 'authorization_code') return tokens.exchangeCode(client, { code, redirectUri, codeVerifier })
  if (grant === 'refresh_token') return tokens.refresh(client, form.refresh_token, form.scope)
  throw new OauthError('unsupported_grant_type', 'grant_type must be authorization_code or refresh_token.')
}
