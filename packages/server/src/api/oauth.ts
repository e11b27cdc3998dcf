import type { resources } from '@pinfold/contract'
import { ApiError } from '../core/errors.ts'
import type { Handlers } from '../http/handlers.ts'
import type { Services } from './services.ts'

/** The operations that issue and revoke tokens. */
export function oauthApi({ apps, tokens }: Pick<Services, 'apps' | 'tokens'>): Handlers<typeof resources.oauth> {
  return {
    token: async ({ app, body }) => {
      switch (body.grant_type) {
        case 'authorization_code':
          return tokens.exchangeCode(app, {
            code: body.code,
            redirectUri: body.redirect_uri,
            codeVerifier: body.code_verifier,
          })
        case 'refresh_token':
          return tokens.refresh(app, body.refresh_token, body.scope)
        case 'client_credentials': {
          const row = await apps.find(String(app.appId))
          if (!row) throw new ApiError('authenticationFailed')
          return tokens.clientCredentials(row, body.scope)
        }
      }
    },

    conversionToken: async ({ caller }) => ({
      access_token: await tokens.conversionToken(caller),
      token_type: 'conversion',
    }),

    revoke: async ({ app, body }) => {
      await tokens.revoke(app, body.token)
      return undefined
    },
  }
}
