import { ConversionToken, RevokeRequest, TokenRequest, TokenResponse } from '../models/oauth.ts'
import { operation } from '../operation.ts'

export const oauth = {
  /** Gets a token: for an authorization code, with a refresh token, or for the app itself. */
  token: operation({
    id: 'oauth/token',
    method: 'POST',
    path: '/oauth/token',
    tag: 'oauth',
    summary: 'Get a token',
    description:
      'Exchanges an authorization code for an access token and a refresh token, gets a new access token with a refresh ' +
      'token, or gives the app a token of its own (`client_credentials`), which acts as the account that owns the app.',
    auth: { by: 'app' },
    category: 'org_read',
    body: { type: 'form', schema: TokenRequest },
    success: { status: 200, description: 'The token.', schema: TokenResponse },
    alsoAtPinterest: { status: 201, schema: TokenResponse },
    errors: { invalidGrant: {} },
  }),
  /** Gives a token that sends conversions, and does nothing else. */
  conversionToken: operation({
    id: 'oauth/conversion_token',
    method: 'POST',
    path: '/oauth/conversion_token',
    tag: 'oauth',
    summary: 'Get a token for conversions',
    description: 'Gives a token that is good for years and for nothing but sending conversions.',
    auth: { by: 'token', scopes: ['ads:write'], clientCredentials: false },
    category: 'org_write',
    success: { status: 200, description: 'The token.', schema: ConversionToken },
    errors: { forbidden: {} },
  }),
  /** Makes a token of the app invalid at once; a refresh token takes its access tokens along. */
  revoke: operation({
    id: 'token/revoke',
    method: 'POST',
    path: '/oauth/token/revoke',
    tag: 'oauth',
    summary: 'Revoke a token',
    description:
      'Makes a token of your app invalid at once. Revoking a refresh token also revokes the access tokens it gave. ' +
      'A token that is unknown or already invalid is no error.',
    auth: { by: 'app' },
    category: 'org_write',
    body: { type: 'form', schema: RevokeRequest },
    success: { status: 200, description: 'It is invalid now. No content.' },
    errors: { forbidden: {} },
  }),
} as const
