import { restrictedFeatures } from '../features.ts'
import { accessTiers, appLimitNames } from '../rate-limits.ts'
import { Id, Model, Nullable, StringEnum } from '../schema.ts'
import { Type } from '../type.ts'

const Limit = Model(
  'AppLimit',
  'How many requests there may be in a time.',
  {
    limit: Type.Integer({ minimum: 1, maximum: 10_000_000, description: 'The number of requests.' }),
    window_seconds: Type.Integer({
      minimum: 1,
      maximum: 2_678_400,
      description: 'The time, in seconds: up to 31 days.',
    }),
  },
  { additionalProperties: false, examples: [{ limit: 2, window_seconds: 60 }] },
)

const Limits = Model(
  'AppLimits',
  'Limits of one app, by category; `universal` counts all requests of an account through the app.',
  Object.fromEntries(appLimitNames.map((name) => [name, Type.Optional(Limit)])) as Record<
    (typeof appLimitNames)[number],
    ReturnType<typeof Type.Optional<typeof Limit>>
  >,
  { additionalProperties: false, examples: [{ org_write: { limit: 2, window_seconds: 60 } }] },
)

const tier = StringEnum(accessTiers, { description: 'What Pinterest has approved it for.' })
const feature = StringEnum(restrictedFeatures)

export const App = Model(
  'App',
  'An app, as those who control a server see it.',
  {
    id: Id('Its id: the `client_id` of OAuth.'),
    name: Type.String({ description: 'What the consent page calls it.' }),
    owner: Type.String({ description: 'The username of the account that owns it.' }),
    tier,
    features: Type.Array(feature, { description: 'The restricted features that it has.' }),
    features_of_tier: Type.Boolean({
      description: 'Whether these are those of its tier: all on `standard`, none on `trial`.',
    }),
    limits: Nullable(Limits),
  },
  {
    examples: [
      {
        ...{ id: '1142048512397312', name: 'Look book', owner: 'studio', tier: 'trial', features: [] },
        ...{ features_of_tier: true, limits: null },
      },
    ],
  },
)

export const AppChange = Model(
  'AppChange',
  'What to change of an app. What is not named stays.',
  {
    tier: Type.Optional(tier),
    features: Type.Optional(
      Nullable(
        Type.Array(feature, {
          uniqueItems: true,
          description: 'The restricted features that it has from now on; null: those of its tier.',
        }),
      ),
    ),
    limits: Type.Optional(Nullable(Limits)),
  },
  {
    additionalProperties: false,
    examples: [{ tier: 'trial', limits: { org_write: { limit: 2, window_seconds: 60 } } }],
  },
)
