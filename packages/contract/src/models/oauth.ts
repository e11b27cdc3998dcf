import { Model, StringEnum } from '../schema.ts'
import { Type } from '../type.ts'

export const grantTypes = ['authorization_code', 'refresh_token', 'client_credentials'] as const
export type GrantType = (typeof grantTypes)[number]

const secret = (description: string, maxLength = 512) => Type.Optional(Type.String({ maxLength, description }))

export const TokenRequest = Model(
  'TokenRequest',
  'A request for a token. Fields that no grant knows are ignored.',
  {
    grant_type: StringEnum(grantTypes, { description: 'What the token is asked for with.' }),
    code: secret('With `authorization_code`: the code that came with the redirect. Good once, for ten minutes.'),
    redirect_uri: secret('With `authorization_code`: the address the code was sent to, exactly.', 2048),
    code_verifier: secret('With `authorization_code`: the PKCE verifier, if a challenge was sent.'),
    refresh_token: secret('With `refresh_token`: the refresh token. It stays valid after use.'),
    scope: secret(
      'With `client_credentials`: the scopes wanted. With `refresh_token`: fewer scopes than were granted. ' +
        'Separated by commas or spaces.',
      2048,
    ),
    continuous_refresh: secret('Accepted and ignored: every refresh token lives on with each use.', 10),
  },
  { examples: [{ grant_type: 'client_credentials', scope: 'boards:read,pins:read' }] },
)

export const TokenResponse = Model(
  'TokenResponse',
  'A token, and how long it is good.',
  {
    response_type: Type.Optional(StringEnum(grantTypes, { description: 'The grant that was used.' })),
    access_token: Type.String({ description: 'Send it as `Authorization: Bearer …`.', examples: ['pina_…'] }),
    token_type: Type.String({ default: 'bearer', description: 'Always `bearer`.' }),
    expires_in: Type.Integer({ description: 'Seconds until the access token expires: 30 days.' }),
    scope: Type.Optional(
      Type.String({
        description: 'Every scope granted, separated by spaces. Pinterest may leave it out, Pinfold never does.',
      }),
    ),
    refresh_token: Type.Optional(
      Type.String({ description: 'Gets new access tokens. Absent with `client_credentials`.', examples: ['pinr_…'] }),
    ),
    refresh_token_expires_in: Type.Optional(
      Type.Integer({ description: 'Seconds until the refresh token expires: 60 days, anew with each use.' }),
    ),
    refresh_token_expires_at: Type.Optional(
      Type.Integer({ description: 'When the refresh token expires, in seconds since 1970.' }),
    ),
  },
  {
    examples: [
      {
        response_type: 'authorization_code',
        access_token: 'pina_…',
        token_type: 'bearer',
        expires_in: 2592000,
        scope: 'boards:read pins:read',
        refresh_token: 'pinr_…',
        refresh_token_expires_in: 5184000,
        refresh_token_expires_at: 1798761600,
      },
    ],
  },
)

export const RevokeRequest = Model(
  'RevokeRequest',
  'A token to make invalid.',
  {
    token: Type.String({
      minLength: 1,
      maxLength: 512,
      description: 'An access token or a refresh token of your app.',
    }),
    token_type_hint: Type.Optional(
      StringEnum(['access_token', 'refresh_token'], { description: 'Which of the two it is. Not needed.' }),
    ),
  },
  { examples: [{ token: 'pina_…' }] },
)

export const ConversionToken = Model(
  'ConversionAccessTokenResponse',
  'A token for sending conversions.',
  {
    access_token: Type.String({ description: 'The token.' }),
    token_type: Type.Optional(Type.String({ default: 'conversion', description: 'Always `conversion`.' })),
  },
  { examples: [{ access_token: 'pina_…', token_type: 'conversion' }] },
)
