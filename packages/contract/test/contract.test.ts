import { Ajv } from 'ajv'
import { describe, expect, test } from 'vitest'
import { errorCatalogue, isScope, type Operation, openApiDocument, operations, secretScopes } from '../src/index.ts'

type Json = Record<string, unknown>

const all: readonly Operation[] = operations
const document = openApiDocument('http://127.0.0.1:4000')
const text = JSON.stringify(document)

describe('the operations', () => {
  test('have names and addresses of their own', () => {
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length)
    expect(new Set(all.map(({ method, path }) => `${method} ${path}`)).size).toBe(all.length)
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

test('the secret scopes of plain ones stand beside them; there are none for the account', () => {
  expect(secretScopes(['boards:read', 'pins:write'])).toEqual(['boards:read_secret', 'pins:write_secret'])
  expect(secretScopes(['user_accounts:read'])).toEqual([])
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
    ajv.addFormat('date-time', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/)
    const bodies = all.flatMap(({ id, body, success }) =>
      [body?.schema, success.schema].flatMap((schema) => (schema ? [{ id, schema: schema as Json }] : [])),
    )
    expect(bodies.length).toBeGreaterThan(20)
    for (const { id, schema } of bodies) {
      const items = (schema.properties as { items?: { items?: Json } } | undefined)?.items?.items
      const described = items ?? schema
      const examples = described.examples as unknown[] | undefined
      expect(examples, id).toHaveLength(1)
      for (const example of examples ?? []) {
        const validate = ajv.compile(described)
        expect(validate(example), `${id}: ${JSON.stringify(validate.errors)}`).toBe(true)
      }
    }
  })
})
