import { pinterestVersion } from './openapi.ts'
import type { Operation } from './operation.ts'
import { operations } from './operations/index.ts'
import { byTag, pathVariables, type RequestTemplate, requestTemplate, variable } from './request-template.ts'
import { commonVariables, type RequestCredentials, unknownCredentials } from './request-variables.ts'

type Json = Record<string, unknown>

/**
 * Returns a Postman collection, of version 2.1 of the format, with a request of each operation, or of those in `described`,
 * in a folder for each tag. `serverUrl`: the server's address, without `/v5`.
 */
export function postmanCollection(
  serverUrl: string,
  credentials: RequestCredentials = unknownCredentials,
  described: readonly Operation[] = operations,
): Json {
  const ids = pathVariables(described)
  return {
    info: {
      name: 'Pinfold',
      description: 'The Pinterest API v5, and what Pinfold has beside it.',
      version: pinterestVersion,
      schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json',
    },
    auth: bearer('accessToken'),
    variable: [
      ...commonVariables(serverUrl, credentials).map(({ name, value, description }) => ({
        ...{ key: name, value, type: 'string', description },
      })),
      ...[...ids].map(([key, value]) => ({ key, value, type: 'string', description: 'What requests are about.' })),
    ],
    item: byTag(described).map(({ tag, description, operations: those }) => ({
      ...{ name: tag, description },
      item: those.map((op) => itemOf(requestTemplate(op, ids.keys()))),
    })),
  }
}

function itemOf(template: RequestTemplate): Json {
  const { op } = template
  return {
    ...{ id: op.id, name: op.summary },
    request: {
      method: op.method,
      description: `${op.description}\n\nOperation: \`${op.id}\`.`,
      ...authOf(op),
      header: op.body ? [{ key: 'Content-Type', value: mediaTypes[op.body.type] }] : [],
      url: urlOf(template),
      ...(op.body && { body: bodyOf(op.body.type, template.body) }),
    },
    response: [],
  }
}

const mediaTypes = { json: 'application/json', form: 'application/x-www-form-urlencoded' } as const

const bearer = (name: string): Json => ({
  type: 'bearer',
  bearer: [{ key: 'token', value: variable(name), type: 'string' }],
})

/** Returns how a request authenticates, where that is not as the collection says. */
function authOf({ auth: { by } }: Operation): { auth?: Json } {
  if (by === 'control') return { auth: bearer('controlToken') }
  if (by !== 'app') return {}
  const basic = [
    { key: 'username', value: variable('appId'), type: 'string' },
    { key: 'password', value: variable('appSecret'), type: 'string' },
  ]
  return { auth: { type: 'basic', basic } }
}

function urlOf({ op, params, query }: RequestTemplate): Json {
  const path = `${op.root ?? '/v5'}${op.path}`.replaceAll(/\{(\w+)\}/g, ':$1')
  const sent = query.filter(({ required }) => required).map(({ name, value }) => `${name}=${value}`)
  return {
    raw: `{{baseUrl}}${path}${sent.length > 0 ? `?${sent.join('&')}` : ''}`,
    host: ['{{baseUrl}}'],
    path: path.slice(1).split('/'),
    query: query.map(({ name, value, description, required }) => ({
      ...{ key: name, value, description },
      ...(!required && { disabled: true }),
    })),
    variable: params.map(({ name, description }) => ({ key: name, value: variable(name), description })),
  }
}

function bodyOf(type: 'json' | 'form', body: unknown): Json {
  if (type === 'json')
    return { mode: 'raw', raw: JSON.stringify(body, null, 2), options: { raw: { language: 'json' } } }
  const fields = Object.entries(body as Record<string, unknown>)
  return { mode: 'urlencoded', urlencoded: fields.map(([key, value]) => ({ key, value: String(value) })) }
}
