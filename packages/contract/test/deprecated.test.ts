import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { type Operation, openApiDocument, operations, Type } from '../src/index.ts'
import { notServed } from '../src/not-served/index.ts'

// biome-ignore lint/suspicious/noExplicitAny: descriptions are looked at as JSON
type Json = any

/** Pinterest's own description, which the project does not have: `.ci/run` says where it is. */
const file = process.env.PINFOLD_DESCRIPTION
const served = (operations as readonly Operation[]).filter(({ root }) => root === undefined)

test('an operation is served or not, and both have addresses of their own', () => {
  const all = [...served, ...notServed]
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length)
  const addresses = all.map(({ method, path }) => `${method} ${path.replaceAll(/\{\w+\}/g, '{}')}`)
  expect(new Set(addresses).size).toBe(all.length)
})

test('what is deprecated stands in the OpenAPI description', () => {
  const [list] = served.filter(({ id }) => id === 'boards/list')
  const query = Type.Object({ old: Type.Optional(Type.String({ deprecated: true, description: 'Use new.' })) })
  const made = { ...(list as Operation), deprecated: true, query } as const
  const { get } = (openApiDocument('http://127.0.0.1:4000', [made]) as Json).paths['/boards']
  expect(get).toMatchObject({ deprecated: true, parameters: [{ name: 'old', deprecated: true }] })
  expect(get.parameters[0].schema).not.toHaveProperty('deprecated')

  const { paths } = openApiDocument('http://127.0.0.1:4000') as Json
  const types = paths['/pins'].get.parameters.find(({ name }: Json) => name === 'creative_types')
  expect(types.schema.items).toMatchObject({
    'x-deprecated-values': { SHOP_THE_PIN: 'Use COLLECTION.' },
    description: '`SHOP_THE_PIN` is deprecated. Use COLLECTION.',
  })
})

describe.skipIf(!file)('as the published description has it', async () => {
  const official: Json = JSON.parse(file ? await readFile(file, 'utf8') : '{"paths":{}}')
  const theirs = Object.entries<Json>(official.paths).flatMap(([path, item]) =>
    ['get', 'post', 'put', 'patch', 'delete']
      .filter((method) => item[method])
      .map((method) => ({ path, method: method.toUpperCase(), shared: item.parameters ?? [], op: item[method] })),
  )
  const resolve = (part: Json): Json =>
    part?.$ref
      ? resolve(
          part.$ref
            .split('/')
            .slice(1)
            .reduce((at: Json, key: string) => at[key], official),
        )
      : part

  test('every operation is served, or known not to be', () => {
    const address = ({ method, path }: { method: string; path: string }) =>
      `${method} ${path.replaceAll(/\{\w+\}/g, '{}')}`
    expect([...served, ...notServed].map(address).toSorted()).toEqual(theirs.map(address).toSorted())
  })

  test('what it calls deprecated in requests is marked here, and nothing else', () => {
    /** Adds the places below a schema where it, or one of its values or forms, is deprecated. */
    function look(given: Json, place: string, places: Set<string>, within: readonly Json[] = []): void {
      const part = resolve(given)
      if (!part || within.includes(part)) return
      if (part.deprecated || part['x-deprecated-values'] || /deprecated/i.test(part.description ?? ''))
        // Said of a list, or of each of its values.
        places.add(place.replace(/\[\]$/, ''))
      const deeper = [...within, part]
      for (const [name, field] of Object.entries(part.properties ?? {})) look(field, `${place}.${name}`, places, deeper)
      if (part.items) look(part.items, `${place}[]`, places, deeper)
      for (const form of [...(part.oneOf ?? []), ...(part.anyOf ?? []), ...(part.allOf ?? [])])
        look(form, place, places, deeper)
    }
    const ours = new Set<string>()
    for (const { id, deprecated, query, body } of served) {
      if (deprecated) ours.add(id)
      for (const [name, schema] of Object.entries(query?.properties ?? {})) look(schema, `${id} ${name}`, ours)
      if (body) look(body.schema, `${id} body`, ours)
    }
    for (const { id, deprecated, deprecatedInBody } of notServed) {
      if (deprecated) ours.add(id)
      look(deprecatedInBody, `${id} body`, ours)
    }
    const expected = new Set<string>()
    for (const { shared, op } of theirs) {
      if (op.deprecated) expected.add(op.operationId)
      for (const parameter of [...shared, ...(op.parameters ?? [])].map(resolve)) {
        if (parameter.deprecated) expected.add(`${op.operationId} ${parameter.name}`)
        look(parameter.schema, `${op.operationId} ${parameter.name}`, expected)
      }
      for (const { schema } of Object.values<Json>(op.requestBody?.content ?? {}))
        look(schema, `${op.operationId} body`, expected)
    }
    expect([...ours].toSorted()).toEqual([...expected].toSorted())
  })
})
