import fc from 'fast-check'

/** The part of JSON Schema that the contract uses. */
export interface JsonSchema {
  type?: string | string[]
  enum?: unknown[]
  pattern?: string
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
  minItems?: number
  maxItems?: number
  items?: JsonSchema
  properties?: Record<string, JsonSchema>
  required?: string[]
  oneOf?: JsonSchema[]
  discriminator?: { propertyName: string }
}

/** An invalid value, and a word on what is wrong with it: `what` is shown when a test fails. */
export interface Bad {
  what: string
  value: unknown
}

type BadValues = fc.Arbitrary<Bad>

const bad = (what: string, values: fc.Arbitrary<unknown>): BadValues => values.map((value) => ({ what, value }))

const typesOf = ({ type }: JsonSchema): string[] => [type ?? []].flat()

/** Longer texts take too long for a test that runs hundreds of times. */
const longestText = 100_000

const nul = '\0'
const halfACharacter = '\ud83d'
const word = fc.string({ minLength: 0, maxLength: 8 })

/** One JSON value of each type. */
const ofType: Record<string, fc.Arbitrary<unknown>> = {
  string: fc.string(),
  integer: fc.integer(),
  number: fc.double({ noInteger: true, noNaN: true, noDefaultInfinity: true }),
  boolean: fc.boolean(),
  null: fc.constant(null),
  array: fc.oneof(fc.array(fc.jsonValue(), { maxLength: 5 }), nested()),
  object: fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 5 }),
}

/** Lists in lists in lists. */
function nested(): fc.Arbitrary<unknown> {
  return fc.integer({ min: 10, max: 2000 }).map((depth) => {
    let value: unknown[] = []
    for (let i = 0; i < depth; i++) value = [value]
    return value
  })
}

/** Returns every way to make `value`, which is valid, invalid in one place. */
export function brokenJson(schema: JsonSchema, value: unknown, path = 'the body'): BadValues[] {
  return [...wrongTypes(schema, path), ...brokenInside(schema, value, path), ...outOfBounds(schema, path)]
}

function wrongTypes(schema: JsonSchema, path: string): BadValues[] {
  const right = typesOf(schema)
  if (right.length === 0) return []
  return Object.entries(ofType)
    .filter(([type]) => !right.includes(type) && !(type === 'integer' && right.includes('number')))
    .map(([type, values]) => bad(`${path} is of type ${type}`, values))
}

function brokenInside(schema: JsonSchema, value: unknown, path: string): BadValues[] {
  if (schema.oneOf) return brokenVariant(schema, value, path)
  if (schema.properties) return brokenObject(schema, isRecord(value) ? value : {}, path)
  if (schema.items && Array.isArray(value)) return brokenItems(schema.items, value, path)
  return []
}

/** Breaks a union of objects that are distinguished by a tag. */
function brokenVariant({ oneOf = [], discriminator }: JsonSchema, value: unknown, path: string): BadValues[] {
  const tag = discriminator?.propertyName
  if (tag === undefined || !isRecord(value)) return []
  const variant = oneOf.find(({ properties }) => properties?.[tag]?.enum?.includes(value[tag]))
  const { [tag]: _, ...untagged } = value
  return [
    bad(`${path} has no ${tag}`, fc.constant(untagged)),
    bad(
      `${path} has an unknown ${tag}`,
      word.map((text) => ({ ...value, [tag]: `x${text}` })),
    ),
    ...(variant ? brokenObject(variant, value, path) : []),
  ]
}

function brokenObject(
  { properties = {}, required = [] }: JsonSchema,
  value: Record<string, unknown>,
  path: string,
): BadValues[] {
  const missing = required.flatMap((name) => {
    const { [name]: taken, ...rest } = value
    const hidden = JSON.parse(JSON.stringify({ ...rest, proto: { [name]: taken } }).replace('"proto"', '"__proto__"'))
    return [
      bad(`${path} lacks ${name}`, fc.constant(rest)),
      bad(`${path} has ${name} in its __proto__ alone`, fc.constant(hidden)),
    ]
  })
  const broken = Object.entries(properties).flatMap(([name, schema]) =>
    brokenJson(schema, value[name], `${path}.${name}`).map((values) =>
      values.map((inner) => ({ what: inner.what, value: { ...value, [name]: inner.value } })),
    ),
  )
  return [...missing, ...broken]
}

function brokenItems(schema: JsonSchema, items: unknown[], path: string): BadValues[] {
  const [first, ...others] = items
  return brokenJson(schema, first, `${path}[0]`).map((values) =>
    values.map(({ what, value }) => ({ what, value: [value, ...others] })),
  )
}

function outOfBounds(schema: JsonSchema, path: string): BadValues[] {
  const types = typesOf(schema)
  if (types.includes('string')) return badTexts(schema, path, [nul, halfACharacter])
  if (types.includes('integer')) return badNumbers(schema, path)
  if (types.includes('array')) return badLengths(schema, path)
  return []
}

/** Returns invalid texts: too long or short, against the pattern or the list, or impossible to store. */
function badTexts(schema: JsonSchema, path: string, unstorable: readonly string[]): BadValues[] {
  const { enum: values, pattern, minLength = 0, maxLength = Number.POSITIVE_INFINITY } = schema
  const texts: BadValues[] = [
    bad(
      `${path} holds what cannot be stored`,
      fc.tuple(word, fc.constantFrom(...unstorable), word).map((parts) => parts.join('')),
    ),
  ]
  if (values)
    texts.push(
      bad(
        `${path} is not in the list`,
        fc.string().filter((text) => !values.includes(text) && !values.includes(Number(text))),
      ),
    )
  if (pattern) {
    const fits = new RegExp(pattern)
    const near = fc.constantFrom(
      '',
      '-1',
      '1.0',
      '0x1',
      '1e3',
      ' 1',
      '1 ',
      '1\n',
      '１２',
      '٣',
      '1,2',
      'null',
      '1\u0000',
    )
    texts.push(
      bad(
        `${path} is against the pattern`,
        fc.oneof(near, fc.string()).filter((text) => !fits.test(text)),
      ),
    )
  }
  if (minLength > 0) texts.push(bad(`${path} is empty`, fc.constant('')))
  if (maxLength < longestText)
    texts.push(
      bad(
        `${path} is too long`,
        fc
          .tuple(fc.integer({ min: 1, max: 500 }), fc.constantFrom('a', '7', 'ß', '🪴'))
          .map(([more, letter]) => letter.repeat(maxLength + more)),
      ),
    )
  return texts
}

function badNumbers({ minimum, maximum }: JsonSchema, path: string): BadValues[] {
  const numbers: BadValues[] = []
  if (minimum !== undefined)
    numbers.push(bad(`${path} is too small`, fc.integer({ min: minimum - 1_000_000, max: minimum - 1 })))
  if (maximum !== undefined)
    numbers.push(bad(`${path} is too large`, fc.oneof(fc.integer({ min: maximum + 1 }), fc.constant(1e300))))
  return numbers
}

function badLengths({ minItems = 0, maxItems }: JsonSchema, path: string): BadValues[] {
  const lengths: BadValues[] = []
  if (minItems > 0) lengths.push(bad(`${path} has too few items`, fc.constant([])))
  if (maxItems !== undefined)
    lengths.push(
      bad(
        `${path} has too many items`,
        fc.integer({ min: 1, max: 20 }).map((more) => Array(maxItems + more).fill({})),
      ),
    )
  return lengths
}

/** Returns invalid texts for a query parameter or a form field. A list of texts stands for a repeated name. */
export function brokenText(schema: JsonSchema, name: string): BadValues[] {
  const types = typesOf(schema)
  const twice = bad(
    `${name} comes twice`,
    fc.constantFrom('1', 'true', 'a').map((text) => [text, text]),
  )
  if (types.includes('integer')) {
    const unreadable = fc.constantFrom(
      '',
      'abc',
      '1.5',
      '1e1',
      ' 1',
      '0x10',
      '１',
      '--1',
      '9'.repeat(30),
      'NaN',
      'true',
    )
    const numbers = badNumbers(schema, name).map((values) =>
      values.map(({ what, value }) => ({ what, value: String(value) })),
    )
    return [bad(`${name} is no integer`, unreadable), twice, ...numbers]
  }
  if (types.includes('boolean'))
    return [bad(`${name} is no flag`, fc.constantFrom('', 'yes', 'no', '2', '-1', 'null', ' true', 'truefalse')), twice]
  if (types.includes('array')) {
    // An empty item is none: no list in a query has one that is too short.
    const { minLength: _, ...item } = schema.items ?? {}
    const texts = schema.items ? badTexts(item, name, [nul]) : []
    // With a comma it would be two, which may be right.
    const items = texts.map((values) => values.filter(({ value }) => !String(value).includes(',')))
    const many = bad(
      `${name} has too many items`,
      fc.constant(
        Array((schema.maxItems ?? 199) + 1)
          .fill(schema.items?.enum?.[0] ?? 'a')
          .join(),
      ),
    )
    // Of a list of known words there may be any number, unless its length is said.
    const lists = schema.items?.enum && schema.maxItems === undefined ? items : [many, ...items]
    return lists.map((values) => values.filter(({ value }) => String(value).replaceAll(',', '') !== ''))
  }
  return [...badTexts(schema, name, [nul]), twice]
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
