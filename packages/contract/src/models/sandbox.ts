import { Id, Model, StringEnum } from '../schema.ts'
import { Type } from '../type.ts'

/** The id of a sandbox. */
export const SandboxId = Type.String({
  pattern: '^[0-9a-f]{20}$',
  description: 'Its id.',
  examples: ['3f9a1c07be52d8e46a10'],
})

/** How long a sandbox may be idle, in seconds. */
export const sandboxIdleSeconds = { least: 10, most: 86_400, usual: 3600 } as const

const time = (description: string) =>
  Type.String({ maxLength: 40, description, examples: ['2026-03-14T09:26:53.000Z'] })

const fields = {
  id: SandboxId,
  url: Type.String({
    maxLength: 2048,
    description:
      'Its base address. The whole API is below it too, without any credential to say so; pictures and the page that asks ' +
      'for consent are there.',
  }),
  created_at: time("When it was made, by the machine's clock."),
  used_at: time("When it last had a request, by the machine's clock."),
  idle_seconds: Type.Integer({ description: 'It ends when it has had no request for so long.' }),
  bytes: Type.Integer({ description: 'The size of its data, as last measured.' }),
}

const example = {
  id: '3f9a1c07be52d8e46a10',
  url: 'http://127.0.0.1:4000/_pinfold/sandboxes/3f9a1c07be52d8e46a10',
  created_at: '2026-03-14T09:26:53.000Z',
  used_at: '2026-03-14T09:26:53.000Z',
  idle_seconds: 3600,
  bytes: 540_672,
}

export const Sandbox = Model(
  'PinfoldSandbox',
  'A server of its own inside the server, for one test among others.',
  fields,
  { examples: [example] },
)

const text = () => Type.String()
const environment = {
  PINTEREST_API_URI: text(),
  PINTEREST_OAUTH_URI: text(),
  PINTEREST_APP_ID: text(),
  PINTEREST_APP_SECRET: text(),
  PINTEREST_ACCESS_TOKEN: text(),
  PINTEREST_REFRESH_ACCESS_TOKEN: text(),
  PINFOLD_USERNAME: text(),
  PINFOLD_PASSWORD: Type.Optional(text()),
  PINFOLD_CONTROL_TOKEN: text(),
}

const credentials = {
  PINTEREST_APP_ID: '8123456789012345',
  PINTEREST_APP_SECRET: 'uV3nRz…',
  PINTEREST_ACCESS_TOKEN: 'pina_sandbox_3f9a1c07be52d8e46a10_Qm8…',
  PINTEREST_REFRESH_ACCESS_TOKEN: 'pinr_sandbox_3f9a1c07be52d8e46a10_w1K…',
  PINFOLD_USERNAME: 'sandbox',
}

export const SandboxWithCredentials = Model(
  'PinfoldSandboxWithCredentials',
  'A new sandbox, with its credentials, which are told this once.',
  {
    ...fields,
    app_id: Id('The id of its app.'),
    app_secret: Type.String({ description: 'The secret of its app.' }),
    access_token: Type.String({
      description: 'A token of its account and app with every scope, for ten years. It controls the sandbox too.',
    }),
    refresh_token: Type.String({ description: 'The refresh token that goes with it.' }),
    username: Type.String({ description: 'The name of its account.' }),
    password: Type.Optional(
      Type.String({ description: 'The password of its account; missing if a seed made one without.' }),
    ),
    env: Type.Object(environment, { description: 'All of this as the variables that programs read.' }),
  },
  {
    examples: [
      {
        ...example,
        app_id: credentials.PINTEREST_APP_ID,
        app_secret: credentials.PINTEREST_APP_SECRET,
        access_token: credentials.PINTEREST_ACCESS_TOKEN,
        refresh_token: credentials.PINTEREST_REFRESH_ACCESS_TOKEN,
        username: credentials.PINFOLD_USERNAME,
        password: 'kD2w…',
        env: {
          PINTEREST_API_URI: 'http://127.0.0.1:4000',
          PINTEREST_OAUTH_URI: 'http://127.0.0.1:4000',
          ...credentials,
          PINFOLD_PASSWORD: 'kD2w…',
          PINFOLD_CONTROL_TOKEN: credentials.PINTEREST_ACCESS_TOKEN,
        },
      },
    ],
  },
)

export const NewSandbox = Model(
  'NewPinfoldSandbox',
  'What a sandbox begins with.',
  {
    seed: Type.Optional(
      Type.Union([StringEnum(['demo']), Type.Object({}, { additionalProperties: true })], {
        description:
          'What to fill it with: `demo`, or the content of a seed file, with its pictures as `data:` addresses. Its token acts ' +
          'for the first account. Without a seed there is one account, which has nothing.',
        examples: [{ accounts: [{ username: 'cup_collector', boards: [{ name: 'Cups' }] }] }],
      }),
    ),
    idle_seconds: Type.Optional(
      Type.Integer({
        minimum: sandboxIdleSeconds.least,
        maximum: sandboxIdleSeconds.most,
        default: sandboxIdleSeconds.usual,
        description: 'It ends when it has had no request for so long.',
      }),
    ),
  },
  { additionalProperties: false, examples: [{}] },
)
