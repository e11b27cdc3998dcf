import { Id, MapOf, Model, Nullable, StringEnum } from '../schema.ts'
import { Type } from '../type.ts'
import { faultEffects } from './control.ts'

/**
 * Why a request was not simply carried out. `fault`: on purpose. `limit`: too many requests. `token`: no valid token, or
 * wrong credentials. `scope`: scopes are missing. `schema`: a field is wrong. `route`: there is no such operation.
 * `rule`: anything else that the API has rules for. `server`: the server could not.
 */
export const whyKinds = ['fault', 'limit', 'token', 'scope', 'schema', 'route', 'rule', 'server'] as const

const WhyAnswered = Model('WhyAnswered', 'Why a request was answered as it was.', {
  kind: StringEnum(whyKinds, {
    description:
      '`fault`: it happened on purpose. `limit`: a rate limit. `token`: no valid token, or wrong credentials. `scope`: ' +
      'the token lacks scopes. `schema`: a field is wrong. `route`: there is no such operation. `rule`: any other rule ' +
      'of the API. `server`: the server could not.',
  }),
  error: Nullable(Type.String({ description: "The error's name, as docs/errors.md has it; null if no error came." })),
  text: Type.String({ description: 'The reason in words.' }),
  fault: Type.Optional(
    Type.Object(
      { id: Type.String({ description: 'Its number.' }), effect: StringEnum(faultEffects) },
      { description: 'The fault that happened.' },
    ),
  ),
  limit: Type.Optional(
    Type.Object(
      {
        name: Type.String({ description: 'Its name in the headers.' }),
        requests: Type.Integer({ description: 'How many requests it admits.' }),
        window_seconds: Type.Integer({ description: 'In how many seconds.' }),
        reset_seconds: Type.Integer({ description: 'How long it was until it was free again.' }),
      },
      { description: 'The limit that was used up.' },
    ),
  ),
  missing_scopes: Type.Optional(Type.Array(Type.String(), { description: 'The scopes that the token lacks.' })),
  schema: Type.Optional(
    Type.Object(
      {
        part: StringEnum(['path', 'query', 'body']),
        path: Type.String({ description: 'Where in that part, as a JSON pointer.' }),
        rule: Type.String({ description: 'The place of the rule in the schema.' }),
      },
      { description: 'What was wrong, and by which rule of the schema.' },
    ),
  ),
  nearest: Type.Optional(
    Type.Object(
      {
        operation: Type.String({ description: 'Its name.' }),
        method: Type.String({ description: 'Its method.' }),
        path: Type.String({ description: 'Its path.' }),
      },
      { description: 'The operation that is most like what was asked for.' },
    ),
  ),
})

const summary = {
  id: Type.String({ description: 'Its number in the log.' }),
  request_id: Type.String({ description: 'The `x-pinterest-rid` of its answer.' }),
  time: Type.String({ description: "When it was answered, by the server's clock." }),
  duration_ms: Type.Number({ description: 'How long that took, in milliseconds.' }),
  method: Type.String({ description: 'The HTTP method.' }),
  path: Type.String({ description: 'The path and the query.' }),
  operation: Nullable(Type.String({ description: 'The operation; null if there is none.' })),
  app: Nullable(Id('The app that asked; null if none is known.')),
  account: Nullable(Type.String({ description: 'The username of the account that asked; null if none is known.' })),
  status: Nullable(Type.Integer({ description: 'The status of the answer; null if none was sent.' })),
  why: Nullable(WhyAnswered),
  replay_of: Nullable(Type.String({ description: 'The number of the request that this one repeats.' })),
}

const summaryExample = {
  id: '17',
  request_id: '3141592651000017',
  time: '2026-03-14T09:26:53.000Z',
  duration_ms: 1.4,
  method: 'POST',
  path: '/v5/boards',
  operation: 'boards/create',
  app: '1142048512397312',
  account: 'demo',
  status: 429,
  why: { kind: 'fault', error: 'rateLimited', text: 'The fault 1 wants it so.', fault: { id: '1', effect: 'error' } },
  replay_of: null,
}

/** A request of the log, without headers and bodies. */
export const LoggedRequest = Model('LoggedRequest', 'A request, and how it was answered.', summary, {
  examples: [summaryExample],
})

const message = (whose: string) =>
  Type.Object(
    {
      headers: Type.Array(Type.Object({ name: Type.String(), value: Type.String() }), {
        description: 'The headers. Tokens, passwords and cookies are left out.',
      }),
      body: Nullable(
        Type.String({
          description: 'The body, without secrets and pictures; null if there is none, or it is not kept.',
        }),
      ),
      body_note: Nullable(Type.String({ description: 'Why the body is not there, or what it lacks.' })),
    },
    { description: whose },
  )

/** A request of the log with everything. */
export const LoggedRequestDetail = Model(
  'LoggedRequestDetail',
  'A request and its answer, with headers and bodies, without secrets.',
  {
    ...summary,
    request: message('What was sent.'),
    answer: message('What was answered.'),
    curl: Type.String({ description: 'A command that sends it again, with `$PINTEREST_ACCESS_TOKEN` for the token.' }),
  },
  {
    examples: [
      {
        ...summaryExample,
        request: {
          headers: [{ name: 'content-type', value: 'application/json' }],
          body: '{"name":"Cups"}',
          body_note: null,
        },
        answer: { headers: [{ name: 'retry-after', value: '1' }], body: '{"code":8}', body_note: null },
        curl: 'curl …',
      },
    ],
  },
)

/** Requests as a HAR 1.2 file. */
export const HarFile = Model(
  'HarFile',
  'Requests as a HAR 1.2 file.',
  {
    log: Type.Object({
      version: Type.String({ description: 'The version of the format.' }),
      creator: MapOf(Type.String(), { description: 'The program that wrote it.' }),
      entries: Type.Array(MapOf(Type.Unsafe<unknown>({})), { description: 'The requests.' }),
    }),
  },
  { examples: [{ log: { version: '1.2', creator: { name: 'Pinfold', version: '5.28.0' }, entries: [] } }] },
)

/** What narrows the log. */
export const logFilters = {
  operation: Type.Optional(
    Type.String({
      maxLength: 100,
      description: 'Only this operation, such as `pins/create`.',
      examples: ['boards/create'],
    }),
  ),
  status: Type.Optional(
    Type.String({
      pattern: '^[1-5](\\d\\d|xx)$',
      description: 'Only this status, such as `429`, or those that begin so, as `4xx`.',
    }),
  ),
  app: Type.Optional(Id('Only requests of this app.')),
  account: Type.Optional(
    Type.String({ maxLength: 100, description: 'Only requests of the account with this username.' }),
  ),
  by: Type.Optional(
    StringEnum(['program', 'person'], {
      description: 'Only of programs, or only of people in the web app.',
    }),
  ),
  text: Type.Optional(
    Type.String({
      minLength: 2,
      maxLength: 200,
      description: 'Only with this text in the address, the bodies or the reason, as the log shows them.',
    }),
  ),
  since: Type.Optional(
    Type.String({
      maxLength: 40,
      description: 'Only after the request with this number, or since this time, such as `2026-03-14T09:26:53Z`.',
    }),
  ),
}
