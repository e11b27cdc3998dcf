import fc from 'fast-check'
import { type Description, resolve, type Schema } from './description.ts'

const dayMs = 86_400_000
const day = (daysAgo: number) => new Date(Date.now() - daysAgo * dayMs).toISOString().slice(0, 10)

/** Texts that programs have failed on. */
export const oddText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.constantFrom(
    '',
    ' ',
    '\0',
    '\u202e\u200b\ufeff',
    'İıſß',
    '👩‍👩‍👧‍👦'.repeat(50),
    `e${'\u0301'.repeat(2000)}`,
    '\ud800',
    '"\\\n\r\t',
    '<script>alert(1)</script>',
    "' OR 1=1 --",
    '../../etc/passwd',
    '%00%zz',
    '__proto__',
    'constructor',
    'x'.repeat(5000),
    '9'.repeat(400),
    'null',
    '-1',
    '1e400',
    '2026-02-30',
  ),
)

/** Any value that JSON can hold, and some that few expect. */
export const junk: fc.Arbitrary<unknown> = fc.oneof(
  oddText,
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom<unknown>(null, true, 0, -1, 2 ** 53, -(2 ** 63), 1e308, 0.1, [], {}, [[]], [null]),
  fc.integer({ min: 10, max: 4000 }).map((depth) => nested(depth)),
  fc.integer({ min: 100, max: 20_000 }).map((length) => Array<number>(length).fill(0)),
  fc.integer({ min: 10_000, max: 150_000 }).map((length) => 'y'.repeat(length)),
  fc.constant(JSON.parse('{"__proto__":{"id":"1"},"constructor":{"prototype":1}}')),
)

function nested(depth: number): unknown {
  let value: unknown = 1
  for (let i = 0; i < depth; i++) value = i % 2 ? [value] : { x: value }
  return value
}

/**
 * Generates values that fit a schema. Fields with `known` names have the known values; `name` is that of the field that
 * the value is for.
 */
export function fitting(
  schema: Schema,
  description: Description,
  known: Readonly<Record<string, fc.Arbitrary<unknown>>>,
  name = '',
): fc.Arbitrary<unknown> {
  const given = resolve(schema, description)
  const special = known[name]
  const inner = (part: Schema, field: string) => fitting(part, description, known, field)
  if (special && !given.items) return special
  if (given.enum) return fc.constantFrom(...given.enum)
  const variants = given.oneOf ?? given.anyOf
  if (variants) return fc.oneof(...variants.map((variant) => inner(variant, name)))
  const types = [given.type ?? []].flat()
  if (types.length === 0) return fc.jsonValue()
  return fc.oneof(...types.map((type) => ofType(type, given, name, inner)))
}

function ofType(
  type: string,
  schema: Schema,
  name: string,
  inner: (part: Schema, field: string) => fc.Arbitrary<unknown>,
): fc.Arbitrary<unknown> {
  switch (type) {
    case 'string':
      return text(schema)
    case 'integer':
      return fc.integer({ min: schema.minimum ?? -5, max: schema.maximum ?? 1_000_000 })
    case 'number':
      return fc.double({ min: schema.minimum ?? -1e6, max: schema.maximum ?? 1e6, noNaN: true })
    case 'boolean':
      return fc.boolean()
    case 'array': {
      const { items = {}, minItems = 0, maxItems = 4 } = schema
      return fc.array(inner(items, name), { minLength: minItems, maxLength: Math.max(minItems, Math.min(maxItems, 4)) })
    }
    case 'object':
      return object(schema, inner)
    default:
      return fc.constant(null)
  }
}

function object(schema: Schema, inner: (part: Schema, field: string) => fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const { properties, required = [], additionalProperties } = schema
  if (!properties)
    return fc.dictionary(
      fc.string({ maxLength: 8 }),
      typeof additionalProperties === 'object' ? inner(additionalProperties, '') : fc.jsonValue(),
      { maxKeys: 3 },
    )
  const fields = Object.entries(properties).map(([name, part]) => [name, inner(part, name)] as const)
  return fc.record(Object.fromEntries(fields), { requiredKeys: required })
}

function text({ examples = [], pattern, format, minLength = 0, maxLength = 1000 }: Schema): fc.Arbitrary<string> {
  if (format === 'date') return fc.integer({ min: 0, max: 80 }).map(day)
  if (format === 'date-time') return fc.integer({ min: 0, max: 80 }).map((days) => `${day(days)}T00:00:00Z`)
  const shown = examples.filter((example) => typeof example === 'string')
  if (pattern === '^\\d+$') return fc.oneof(fc.nat().map(String), fc.bigInt({ min: 0n, max: 2n ** 60n }).map(String))
  const made = fc.oneof(
    fc.string({ minLength, maxLength: Math.min(maxLength, 30) }),
    fc.string({ unit: 'grapheme', minLength, maxLength: Math.min(maxLength, 30) }),
    fc.constant('z'.repeat(maxLength)),
  )
  return shown.length > 0 ? fc.oneof(fc.constantFrom(...shown), made) : made
}

/** Returns a copy of `value` with `wrong` in one of its places, chosen by `where`. */
export function plant(value: unknown, wrong: unknown, where: number): unknown {
  if (typeof value !== 'object' || value === null) return wrong
  const keys = Object.keys(value)
  if (keys.length === 0 || where % (keys.length + 1) === keys.length) return wrong
  const key = keys[where % keys.length] as string
  const rest = Math.floor(where / (keys.length + 1))
  const planted = plant((value as Record<string, unknown>)[key], wrong, rest)
  if (Array.isArray(value)) return value.map((item, index) => (String(index) === key ? planted : item))
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, name === key ? planted : item]))
}
