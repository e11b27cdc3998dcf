import type { Operation, TSchema } from '@pinfold/contract'
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import { invalid } from '../core/errors.ts'

// The schemas are of our own making: checking them against the schema of schemas is half of the work, at every start.
const ajv = new Ajv({
  strict: false,
  useDefaults: true,
  discriminator: true,
  verbose: true,
  validateSchema: false,
  meta: false,
})

// Whether a date is one, and which dates will do, is for the handlers to say.
ajv.addFormat('date', true)

interface Part {
  name: 'path' | 'query' | 'body'
  validate: () => ValidateFunction
}

/** Checks the input of one operation. Each part is compiled once, when it is first needed. */
export interface InputCheck {
  /** The path's parameters and the query, with numbers, flags and lists read from their texts. Throws a 400. */
  address(params: unknown, query: unknown): { params: unknown; query: unknown }
  /** The body, with defaults put in. Throws a 400. */
  body(body: unknown): unknown
}

/** Makes the check for `op`. */
export function inputCheck(op: Operation): InputCheck {
  const params = part('path', op.params)
  const query = part('query', op.query)
  const body = part('body', op.body?.schema)
  const readQuery = queryReader(op.query)
  return {
    address: (givenParams, givenQuery) => ({
      params: params && check(params, givenParams),
      query: query && check(query, readQuery(givenQuery as Record<string, unknown>)),
    }),
    body: (given) => body && check(body, given),
  }
}

function part(name: Part['name'], schema: TSchema | undefined): Part | undefined {
  if (!schema) return undefined
  let compiled: ValidateFunction | undefined
  const validate = () => {
    compiled ??= ajv.compile(schema)
    return compiled
  }
  return { name, validate }
}

function check({ name, validate }: Part, value: unknown): unknown {
  if (name === 'body' && (typeof value !== 'object' || value === null || Array.isArray(value)))
    throw invalid('The body must be a JSON object.')
  const fits = validate()
  if (!fits(value)) throw invalid(explain(name, fits.errors?.[0]))
  refuseUnstorableText(value)
  return value
}

/**
 * Reads a query as its schema means it: integers and flags from their texts, lists from `a,b` or repeated names.
 * What cannot be read is left as it is, for validation to refuse.
 */
function queryReader(schema: TSchema | undefined): (query: Record<string, unknown>) => Record<string, unknown> {
  const { properties = {} } = (schema ?? {}) as { properties?: Record<string, { type?: string }> }
  const readers = Object.entries(properties).flatMap(([name, { type }]) => {
    const read = type === undefined ? undefined : readValue[type]
    return read ? [{ name, read }] : []
  })
  return (given) => {
    const query = { ...given }
    for (const { name, read } of readers) if (query[name] !== undefined) query[name] = read(query[name])
    return query
  }
}

const readValue: Record<string, (value: unknown) => unknown> = {
  integer: (value) => (typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value),
  boolean: (value) => {
    const text = typeof value === 'string' ? value.toLowerCase() : ''
    if (text === 'true' || text === '1') return true
    return text === 'false' || text === '0' ? false : value
  },
  array: (value) =>
    [value].flat().flatMap((item) => (typeof item === 'string' ? item.split(',').filter((part) => part !== '') : item)),
}

/** No text may hold NUL, which PostgreSQL cannot store, or half a character. */
function refuseUnstorableText(value: unknown, depth = 0): void {
  if (typeof value === 'string') {
    if (value.includes('\0')) throw invalid('A text must not contain the character U+0000.')
    if (!value.isWellFormed()) throw invalid('A text must be well-formed Unicode.')
  } else if (typeof value === 'object' && value !== null && depth < 8) {
    for (const child of Object.values(value)) refuseUnstorableText(child, depth + 1)
  }
}

/** What was wrong, in words; holds the pieces that clients look for (`does not match '…'`, `constraint: maxItems=5`). */
function explain(part: Part['name'], error: ErrorObject | undefined): string {
  if (!error) return 'The request does not fit the description.'
  const path = error.instancePath.slice(1).replaceAll('/', '.')
  const where = path === '' ? `The ${part}` : `${part === 'body' ? '' : `${part} parameter `}'${path}'`
  const { keyword, params, data } = error
  switch (keyword) {
    case 'required':
      return `${where} lacks '${params.missingProperty}'.`
    case 'type':
      return `${where} must be ${[params.type].flat().join(' or ')}.`
    case 'pattern':
      return `${where}: '${shorten(data)}' does not match '${params.pattern}'.`
    case 'enum':
      return `${where}: '${shorten(data)}' is not one of ${params.allowedValues.filter((v: unknown) => v !== null).join(', ')}.`
    case 'discriminator':
      return `'${[path, params.tag].filter(Boolean).join('.')}' must be one of ${tagsOf(error).join(', ')}.`
    case 'maxLength':
    case 'minLength':
      return `${where} is too ${keyword === 'maxLength' ? 'long' : 'short'} (constraint: ${keyword}=${params.limit}).`
    case 'maxItems':
    case 'minItems':
      return `${where} has too ${keyword === 'maxItems' ? 'many' : 'few'} items (constraint: ${keyword}=${params.limit}).`
    case 'maximum':
    case 'minimum':
      return `${where} is too ${keyword === 'maximum' ? 'large' : 'small'} (constraint: ${keyword}=${params.limit}).`
    default:
      return `${where} ${error.message ?? 'is not valid'}.`
  }
}

/** The tags that a union knows, for a message. */
function tagsOf(error: ErrorObject): string[] {
  const { oneOf = [], discriminator } = error.parentSchema as {
    oneOf?: { properties: Record<string, { enum: string[] }> }[]
    discriminator?: { propertyName: string }
  }
  const tag = discriminator?.propertyName ?? ''
  return oneOf.flatMap((variant) => variant.properties[tag]?.enum ?? [])
}

function shorten(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
  return text.length > 50 ? `${text.slice(0, 50)}…` : text
}
