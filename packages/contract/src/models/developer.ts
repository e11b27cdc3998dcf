import { restrictedFeatures } from '../features.ts'
import { accessTiers } from '../rate-limits.ts'
import { Id, Model, Nullable, StringEnum, Timestamp } from '../schema.ts'
import { allScopes } from '../scopes.ts'
import { Type } from '../type.ts'

/** So many apps may an account make. */
export const mostOwnApps = 25
/** So many tokens may an account make for itself with one app. */
export const mostOwnTokens = 50

const name = (description: string) => Type.String({ minLength: 1, maxLength: 100, pattern: '\\S', description })

const fields = {
  name: name('What the consent page calls it.'),
  redirect_uris: Type.Array(Type.String({ minLength: 1, maxLength: 2000 }), {
    maxItems: 20,
    description: 'Where the consent page may send people back to.',
  }),
  loopback_redirects: Type.Boolean({
    description: 'Whether it may send them to any address on their own machine too, for development.',
  }),
}
const approved = {
  tier: StringEnum(accessTiers, { description: 'What it is approved for.' }),
  features: Nullable(
    Type.Array(StringEnum(restrictedFeatures), {
      uniqueItems: true,
      description: 'The restricted features that it has; null: those of its tier.',
    }),
  ),
}

const example = {
  id: '1142048512397312',
  name: 'Look book',
  redirect_uris: ['https://look.example.com/callback'],
  loopback_redirects: false,
  tier: 'trial',
  features: null,
  created_at: '2026-03-14T09:26:53',
  connected_accounts: 3,
}

export const OwnApp = Model(
  'OwnApp',
  'An app, as the account sees it that owns it.',
  {
    id: Id('Its id: the `client_id` of OAuth.'),
    ...fields,
    ...approved,
    created_at: Timestamp('When it was made.'),
    connected_accounts: Type.Integer({
      minimum: 0,
      maximum: 1000,
      description: 'How many accounts it has valid tokens of; 1,000 if there are more.',
    }),
  },
  { examples: [example] },
)

const secret = Type.String({
  description: 'Its secret: the `client_secret` of OAuth. It is told this once; a hash of it is kept.',
})

export const OwnAppWithSecret = Model(
  'OwnAppWithSecret',
  'An app with its secret, which is told once.',
  { app: OwnApp, secret },
  { examples: [{ app: example, secret: 'X0oB…' }] },
)

export const OwnAppDraft = Model(
  'OwnAppDraft',
  'An app to be made.',
  {
    ...{ name: fields.name, redirect_uris: Type.Optional(fields.redirect_uris) },
    loopback_redirects: Type.Optional(fields.loopback_redirects),
    ...{ tier: Type.Optional(approved.tier), features: Type.Optional(approved.features) },
  },
  {
    additionalProperties: false,
    examples: [{ name: 'Look book', redirect_uris: ['https://look.example.com/callback'] }],
  },
)

export const OwnAppChange = Model(
  'OwnAppChange',
  'What to change of an app. What is not named stays.',
  {
    ...{ name: Type.Optional(fields.name), redirect_uris: Type.Optional(fields.redirect_uris) },
    loopback_redirects: Type.Optional(fields.loopback_redirects),
    ...{ tier: Type.Optional(approved.tier), features: Type.Optional(approved.features) },
  },
  { additionalProperties: false, examples: [{ name: 'Look book 2' }] },
)

const scopes = Type.Array(StringEnum(allScopes), { minItems: 1, uniqueItems: true, description: 'What it may do.' })

const tokenExample = {
  id: '1142048512397440',
  name: 'Nightly job',
  app: { id: '1142048512397312', name: 'Look book' },
  scopes: ['boards:read', 'pins:read'] as const,
  ending: 'x2Qf',
  created_at: '2026-03-14T09:26:53',
  expires_at: '2026-04-13T09:26:53',
}

export const OwnToken = Model(
  'OwnToken',
  'A token that somebody made for themselves, without its text.',
  {
    id: Id('Its number.'),
    name: name('What it is for.'),
    app: Type.Object(
      { id: Id('The app.'), name: Type.String({ description: 'What people call it.' }) },
      { description: 'The app that it is of.' },
    ),
    scopes,
    ending: Type.String({ description: 'The last characters of its text, by which it is recognised.' }),
    created_at: Timestamp('When it was made.'),
    expires_at: Timestamp('Until when it is valid.'),
  },
  { examples: [tokenExample] },
)

export const OwnTokenWithText = Model(
  'OwnTokenWithText',
  'A token with its text, which is told once.',
  {
    token: OwnToken,
    access_token: Type.String({ description: 'Its text. It is told this once; a hash of it is kept.' }),
  },
  { examples: [{ token: tokenExample, access_token: 'pina_…' }] },
)

export const OwnTokenDraft = Model(
  'OwnTokenDraft',
  'A token to be made for oneself.',
  {
    ...{ app_id: Id('The app that it is of, an own one.'), name: name('What it is for.'), scopes },
    days: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 365, default: 30, description: 'How many days it is valid.' }),
    ),
  },
  {
    additionalProperties: false,
    examples: [{ app_id: '1142048512397312', name: 'Nightly job', scopes: ['boards:read', 'pins:read'], days: 30 }],
  },
)
