import type { TSchema } from 'typebox'
import { productTagProblems } from './models/product-tag.ts'
import { errorsOf, type Operation, successesOf } from './operation.ts'
import { operations } from './operations/index.ts'
import { scopes } from './scopes.ts'

/** The version of Pinterest's API that is served. */
export const pinterestVersion = '5.28.0'

type Json = Record<string, unknown>

/** What operations are about, in the order in which the reference has it. */
export const tags = [
  { name: 'oauth', description: 'Tokens: how an app acts for an account.' },
  { name: 'user_account', description: 'The account itself.' },
  { name: 'boards', description: 'Named collections of Pins, with their privacy.' },
  { name: 'board_sections', description: 'Named parts of a board.' },
  { name: 'pins', description: 'Pictures, videos and carousels with words and a link.' },
  { name: 'product_tags', description: 'The products that Pins show: other Pins, tagged in them.' },
  { name: 'media', description: 'Videos on their way to Pins: registered, uploaded, processed.' },
  { name: 'search', description: 'Boards and Pins by words.' },
  { name: 'ad_accounts', description: 'What advertising belongs to, and whom others act for.' },
  { name: 'terms_of_service', description: 'What advertisers agree to.' },
  { name: 'resources', description: 'What there is to choose from for ads, and what their numbers mean.' },
  { name: 'campaigns', description: 'Ad groups with one purpose and one budget.' },
  { name: 'order_lines', description: 'What campaigns may spend of an order.' },
  { name: 'promotions', description: 'Discounts and other offers that ads can show.' },
  { name: 'ad_groups', description: 'Ads of a campaign with one audience and one bid.' },
  { name: 'ads', description: 'Pins that are shown for money, and their review.' },
  { name: 'terms', description: 'Words that go together in public Pins.' },
  { name: 'targeting_template', description: 'Whom ads are for, kept under names.' },
  { name: 'schedules', description: 'Changes of campaigns for some time.' },
  { name: 'labels', description: 'Words by which campaigns are told apart.' },
  { name: 'keywords', description: 'Words of searches: those that ads are for, and those that are frequent.' },
  { name: 'product_categories', description: 'Topics and kinds of products that are frequent now.' },
  { name: 'trends', description: 'Boards that much is done with now.' },
  { name: 'notification', description: 'What partners of Pinterest tell it.' },
  {
    name: 'events',
    description: 'What happens to Pins, as it is counted. Pinfold’s own: Pinterest has no such operations.',
  },
  { name: 'related', description: 'What goes with a Pin. Pinfold’s own: Pinterest has no such operation.' },
  {
    name: 'web',
    description:
      'What the web app shows beyond Pinterest’s operations: above all what anybody may see. Pinfold’s own. The app sends ' +
      'the session’s cookie in place of a token.',
  },
  {
    name: 'webhooks',
    description: 'Where events are told, as they happen. Pinfold’s own: Pinterest has no such operations.',
  },
  {
    name: 'control',
    description:
      'For those who test: the server’s clock, and what goes wrong on purpose. Pinfold’s own. Open to programs on the server’s ' +
      'machine; from elsewhere, and wherever PINFOLD_CONTROL_TOKEN is set, that token is the bearer token.',
  },
]

const errorSchema = {
  type: 'object',
  description: 'What went wrong. Every answer also carries its number in the header x-pinterest-rid.',
  required: ['code', 'message'],
  properties: {
    code: { type: 'integer', description: 'Which error it is.' },
    message: { type: 'string', description: 'What was wrong, and what would be right.' },
    details: {
      type: 'object',
      description: 'What is wrong with each of several things, where one request names several.',
      properties: {
        product_tags: {
          type: 'array',
          items: {
            type: 'object',
            required: ['pin_id', 'error_message'],
            properties: {
              pin_id: { type: 'string', pattern: '^\\d+$', description: 'The Pin that cannot be tagged.' },
              error_message: { type: 'string', enum: productTagProblems, description: 'Why.' },
            },
          },
        },
      },
    },
    status: { type: 'string', enum: ['failure'], description: 'Only where the token or the app is not known.' },
  },
}

/**
 * Returns the OpenAPI 3.1 description of all operations, or of those in `described`. `serverUrl` (without `/v5`) is its
 * server's address.
 */
export function openApiDocument(serverUrl: string, described: readonly Operation[] = operations): Json {
  const models = new Map<string, Json>()
  const paths: Record<string, Json> = {}
  for (const op of described) {
    const item = paths[op.path] ?? {}
    item[op.method.toLowerCase()] = {
      ...describe(op, models),
      ...(op.root && { servers: [{ url: serverUrl + op.root }] }),
    }
    paths[op.path] = item
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Pinfold',
      version: pinterestVersion,
      description:
        'A server you run yourself that speaks the Pinterest API v5. Compatible with Pinterest’s API and not ' +
        'affiliated with Pinterest. To try an operation at `/docs`, put an access token into the field “Bearer Token”; ' +
        'with the demo data it is there already.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: `${serverUrl}/v5` }],
    tags,
    paths,
    components: {
      securitySchemes: securitySchemes(serverUrl),
      schemas: { Error: errorSchema, ...Object.fromEntries([...models].sort(([a], [b]) => (a < b ? -1 : 1))) },
    },
  }
}

function securitySchemes(serverUrl: string): Json {
  return {
    bearer: { type: 'http', scheme: 'bearer', description: 'An access token, however you came by it.' },
    pinterest_oauth2: {
      type: 'oauth2',
      description: 'A token that an account granted to an app.',
      flows: {
        authorizationCode: {
          authorizationUrl: `${serverUrl}/oauth/`,
          tokenUrl: `${serverUrl}/v5/oauth/token`,
          refreshUrl: `${serverUrl}/v5/oauth/token`,
          scopes,
        },
      },
    },
    client_credentials: {
      type: 'oauth2',
      description: 'A token of the app itself, which acts as the account that owns the app.',
      flows: { clientCredentials: { tokenUrl: `${serverUrl}/v5/oauth/token`, scopes } },
    },
    basic: { type: 'http', scheme: 'basic', description: 'The id of the app as user name, its secret as password.' },
  }
}

function describe(op: Operation, models: Map<string, Json>): Json {
  return {
    operationId: op.id,
    tags: [op.tag],
    summary: op.summary,
    description: op.description,
    ...(op.deprecated && { deprecated: true }),
    security: securityOf(op),
    'x-ratelimit-category': op.category,
    parameters: [...parametersOf(op.params, 'path', models), ...parametersOf(op.query, 'query', models)],
    ...(op.body && {
      requestBody: {
        required: true,
        content: {
          [op.body.type === 'json' ? 'application/json' : 'application/x-www-form-urlencoded']: {
            schema: refer(op.body.schema, models),
            ...(op.body.example !== undefined && { example: op.body.example }),
          },
        },
      },
    }),
    responses: responsesOf(op, models),
  }
}

function securityOf(op: Operation): Json[] {
  if (op.auth.by === 'app') return [{ basic: [] }]
  if (op.auth.by === 'anyone' || op.auth.by === 'control') return [{}, { bearer: [] }]
  return [
    { bearer: [] },
    { pinterest_oauth2: op.auth.scopes },
    ...(op.auth.clientCredentials ? [{ client_credentials: op.auth.scopes }] : []),
  ]
}

function parametersOf(schema: TSchema | undefined, place: 'path' | 'query', models: Map<string, Json>): Json[] {
  const { properties = {}, required = [] } = (schema ?? {}) as {
    properties?: Record<string, Json>
    required?: string[]
  }
  return Object.entries(properties).map(([name, property]) => {
    const { description, deprecated, ...rest } = property
    return {
      name,
      in: place,
      required: required.includes(name),
      description,
      ...(deprecated === true && { deprecated }),
      schema: refer(rest, models),
      ...styleOf(property),
    }
  })
}

/** Returns how a parameter with several values is written: `a,b`, or `name[field]=…`. */
function styleOf({ type }: Json): Json {
  const types = [type].flat()
  if (types.includes('array')) return { style: 'form', explode: false }
  return types.includes('object') ? { style: 'deepObject', explode: true } : {}
}

const elsewhere = 'What Pinterest may answer instead. Pinfold does not.'

function responsesOf(op: Operation, models: Map<string, Json>): Json {
  const responses: Json = {}
  const successes = [
    ...successesOf(op),
    ...(op.alsoAtPinterest ? [{ ...op.alsoAtPinterest, description: elsewhere }] : []),
  ]
  for (const { status, description, schema } of successes)
    responses[status] = {
      description,
      ...(schema && { content: { 'application/json': { schema: refer(schema, models) } } }),
    }
  if (op.hasEtag) responses[304] = { description: 'It is as it was: `If-None-Match` names its ETag.' }
  const byStatus = Map.groupBy(errorsOf(op), ([, entry]) => entry.status)
  for (const [status, errors] of byStatus)
    responses[status] = {
      description: errors.map(([, entry]) => entry.message).join(' Or: '),
      content: {
        'application/json': {
          schema: { $ref: '#/components/schemas/Error' },
          examples: Object.fromEntries(errors.map(([name, { code, message }]) => [name, { value: { code, message } }])),
        },
      },
    }
  return responses
}

/**
 * Returns the schema with every model in it replaced by a reference, and puts the models into `models`. Leaves examples
 * alone: a model is recognised by its title, and a Pin in an example has a title too.
 */
function refer(schema: unknown, models: Map<string, Json>): unknown {
  if (Array.isArray(schema)) return schema.map((part) => refer(part, models))
  if (typeof schema !== 'object' || schema === null) return schema
  const plain = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [key, key === 'examples' ? value : refer(value, models)]),
  )
  if (plain['x-deprecated-values']) plain.description = withDeprecatedValues(plain)
  const { title, ...rest } = plain
  if (typeof title !== 'string') return plain
  models.set(title, rest)
  return { $ref: `#/components/schemas/${title}` }
}

/** Returns the description of a schema with its deprecated values, for which OpenAPI has no word. */
function withDeprecatedValues({ description, 'x-deprecated-values': values }: Json): string {
  const told = Object.entries(values as Record<string, string>).map(
    ([value, instead]) => `\`${value}\` is deprecated. ${instead}`,
  )
  return [description, ...told].filter(Boolean).join(' ')
}
