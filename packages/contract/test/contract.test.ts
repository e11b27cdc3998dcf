import { declared } from '@pinfold/test-support/declared'
import { Ajv } from 'ajv'
import { describe, expect, test } from 'vitest'
import {
  errorCatalogue,
  errorsOf,
  exampleRequest,
  isScope,
  type Operation,
  openApiDocument,
  operations,
  resources,
  secretScopes,
} from '../src/index.ts'

type Json = Record<string, unknown>

const all: readonly Operation[] = operations
const document = openApiDocument('http://127.0.0.1:4000')
const text = JSON.stringify(document)

describe('the operations', () => {
  test('have names and addresses of their own', () => {
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length)
    expect(new Set(all.map(({ method, path }) => `${method} ${path}`)).size).toBe(all.length)
  })

  test('have keys of letters alone, whatever Pinterest calls them', () => {
    const named = Object.entries({ ...resources, ...declared } as Record<string, Record<string, Operation>>)
    for (const [resource, methods] of named)
      for (const key of [resource, ...Object.keys(methods)]) expect(key).toMatch(/^[a-z]+([A-Z][a-z]*)*$/)
  })

  test.each(all)('$id takes every parameter of its path, and no other', ({ path, params }) => {
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
    expect(Object.keys(params?.properties ?? {})).toEqual(inPath)
  })

  test.each(all)('$id names errors that there are', ({ errors }) => {
    for (const name of Object.keys(errors)) expect(errorCatalogue).toHaveProperty(name)
  })

  test.each(all)('$id is described, and asks for scopes that there are', ({ summary, description, auth }) => {
    expect(summary.length).toBeGreaterThan(5)
    expect(description.length).toBeGreaterThan(15)
    if (auth.by === 'token') expect(auth.scopes.every(isScope)).toBe(true)
  })
})

describe('every error that an operation can answer is declared', () => {
  const declares = (id: string) => [...errorsOf(all.find((op) => op.id === id) as Operation).keys()]

  test('those of its shape', () => {
    for (const { id } of all) expect(declares(id)).toEqual(expect.arrayContaining(['rateLimited', 'unavailable']))
    const creation = ['bodyTooLarge', 'unsupportedMediaType', 'idempotencyKeyReused', 'forbidden']
    expect(declares('boards/create')).toEqual(expect.arrayContaining(creation))
    expect(declares('boards/list')).toEqual(expect.arrayContaining(['forbidden', 'invalidBookmark']))
    expect(declares('boards/list')).not.toContain('bodyTooLarge')
    expect(declares('boards/update')).not.toContain('idempotencyKeyReused')
    expect(declares('media/get')).not.toContain('forbidden')
  })

  test('with its own code and words', () => {
    const update = all.find(({ id }) => id === 'board_sections/update') as Operation
    expect(errorsOf(update).get('forbidden')).toMatchObject({ status: 403, code: 403 })
  })
})

test('the secret scopes of plain ones stand beside them; there are none for the account', () => {
  expect(secretScopes(['boards:read', 'pins:write'])).toEqual(['boards:read_secret', 'pins:write_secret'])
  expect(secretScopes(['user_accounts:read'])).toEqual([])
})

test.each([...all, ...Object.values(declared.shelves)])('$id has examples enough for a request', (op: Operation) => {
  const ajv = new Ajv({ strict: false, discriminator: true, formats: { date: true, 'date-time': true } })
  const request = exampleRequest(op, { board_id: '7', shelf_id: '7' })
  const parts = { params: op.params, query: op.query, body: op.body?.schema }
  for (const [name, schema] of Object.entries(parts) as [keyof typeof parts, object | undefined][])
    if (schema) expect([name, ajv.validate(schema, request[name]), ajv.errors]).toEqual([name, true, null])
  if ('board_id' in request.params) expect(request.params.board_id).toBe('7')
})

test('what few operations have is described as other tools expect it', () => {
  const small = openApiDocument('http://127.0.0.1:4000', Object.values(declared.shelves))
  const { get: list, put: putAll } =
    (small.paths as Record<string, Record<string, Json>>)['/shelves/{shelf_id}/items'] ?? {}
  const parameters = list?.parameters as Json[]
  expect(parameters.find(({ name }) => name === 'ids')).toMatchObject({
    style: 'form',
    explode: false,
    schema: { type: 'array', items: { type: 'integer', minimum: 1 }, maxItems: 3 },
  })
  expect(parameters.find(({ name }) => name === 'filter')).toMatchObject({
    style: 'deepObject',
    explode: true,
    schema: { type: 'object', additionalProperties: false },
  })
  expect(putAll?.requestBody).toMatchObject({
    content: { 'application/json': { schema: { type: 'array', items: { $ref: '#/components/schemas/Item' } } } },
  })
  expect(Object.keys(putAll?.responses as Json)).toEqual(
    expect.arrayContaining(['200', '206', '400', '401', '413', '415', '429', '503']),
  )
  expect((small.components as { schemas: Json }).schemas).toMatchObject({
    Item: {
      additionalProperties: false,
      properties: { size: { anyOf: [{ $ref: '#/components/schemas/Size' }, { type: 'null' }] } },
    },
  })
})

describe('the description', () => {
  test('has every operation, and leads nowhere that is not', () => {
    const ids = Object.values(document.paths as Record<string, Json>).flatMap((item) =>
      Object.values(item).map((operation) => (operation as Json).operationId),
    )
    expect(ids.sort()).toEqual(all.map(({ id }) => id).sort())
    const schemas = (document.components as { schemas: Json }).schemas
    for (const [, name = ''] of text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g))
      expect(schemas).toHaveProperty(name)
  })

  test('gives an example of every body, and each is one', () => {
    const ajv = new Ajv({ strict: false, discriminator: true })
    ajv.addFormat('date-time', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?$/)
    const bodies = all.flatMap(({ id, body, success }) =>
      [body?.schema, success.schema].flatMap((schema) => (schema ? [{ id, schema: schema as Json }] : [])),
    )
    expect(bodies.length).toBeGreaterThan(20)
    for (const { id, schema } of bodies) {
      const items = (schema.properties as { items?: { items?: Json } } | undefined)?.items?.items
      // A bare list has an example of its own, or one of an item.
      const described = items ?? (schema.type === 'array' && !schema.examples ? (schema.items as Json) : schema)
      const examples = described.examples as unknown[] | undefined
      expect(examples, id).toHaveLength(1)
      for (const example of examples ?? []) {
        const validate = ajv.compile(described)
        expect(validate(example), `${id}: ${JSON.stringify(validate.errors)}`).toBe(true)
      }
    }
  })
})
