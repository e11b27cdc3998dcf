import type { Operation, TSchema } from '@pinfold/contract'
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import { invalid } from '../core/errors.ts'

// The schemas are our own: checking them against the schema of schemas would be half of the work, at every start.
const ajv = new Ajv({
  strict: false,
  useDefaults: true,
  discriminator: true,
  verbose: true,
  validateSchema: false,
  meta: false,
})

// Handlers check whether a date is valid.
ajv.addFormat('date', true)

interface Part {
  name: 'path' | 'query' | 'body'
  validate: () => ValidateFunction
}

/** Validates the input of one operation. Each part is compiled once, on demand. */
export interface InputCheck {
  /**
   * Validates the path's parameters and the query, and reads numbers, flags and lists from their texts. Throws a 400.
   */
  address(params: unknown, query: unknown): { params: unknown; query: unknown }
  /**
   * Validates the body, and fills in defaults; undefined if there is none. `text`: what it was parsed from. Throws a 400.
   */
  body(body: unknown, text: string | null): unknown
}

/** Makes the validation of `op`. */
export function inputCheck(op: Operation): InputCheck {
  const params = part('path', op.params)
  const query = part('query', op.query)
  const body = part('body', op.body?.schema)
  const isJson = op.body?.type === 'json'
  // A missing body is validated as an empty one.
  const noBody = op.body && typesOf(op.body.schema).includes('object') ? () => ({}) : () => undefined
  const readParams = queryReader(op.params)
  const readQuery = queryReader(op.query)
  return {
    address: (givenParams, givenQuery) => ({
      params: params && check(params, readParams(givenParams as Record<string, unknown>)),
      query: query && check(query, readQuery(givenQuery as Record<string, unknown>)),
    }),
    body: (given, text) => body && check(body, given === undefined ? noBody() : given, isJson && canStoreTextsOf(text)),
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

/** `isStorable`: whether each text in it is known to be. */
function check({ name, validate }: Part, value: unknown, isStorable = false): unknown {
  const fits = validate()
  if (!fits(value)) {
    const error = clearest(fits.errors)
    const schema = error && { part: name, path: error.instancePath, rule: error.schemaPath }
    throw invalid(explain(name, error), schema && { schema })
  }
  if (!isStorable) refuseUnstorableText(value)
  return value
}

/** The parts of a schema that say how a query parameter is read. */
interface ParameterSchema {
  type?: string | string[]
  items?: ParameterSchema
  enum?: unknown[]
  properties?: Record<string, ParameterSchema>
  additionalProperties?: boolean | ParameterSchema
  oneOf?: ParameterSchema[]
  anyOf?: ParameterSchema[]
}

type Read = (value: unknown) => unknown

/**
 * Returns a function that reads a query by its schema: numbers and flags from their texts, lists from `a,b` or repeated
 * names, objects from `name[field]=…` (`deepObject`). It leaves unreadable values unchanged, for validation to refuse.
 */
function queryReader(schema: TSchema | undefined): (query: Record<string, unknown>) => Record<string, unknown> {
  const { properties = {} } = (schema ?? {}) as ParameterSchema
  const readers = Object.entries(properties).flatMap(([name, property]) => {
    const read = readerOf(property)
    return read ? [{ name, read }] : []
  })
  const objects = Object.entries(properties).flatMap(([name, property]) =>
    typesOf(property).includes('object') ? [{ name, fields: fieldReader(property) }] : [],
  )
  return (given) => {
    const query = { ...given }
    if (readers.length === 0 && objects.length === 0) return query
    for (const { name, read } of readers) if (query[name] !== undefined) query[name] = read(query[name])
    for (const { name, fields } of objects) gatherObject(query, name, fields)
    return query
  }
}

/** Collects the fields `name[field]` of a query under `name`. */
function gatherObject(query: Record<string, unknown>, name: string, read: (field: string) => Read | undefined): void {
  const start = `${name}[`
  const keys = Object.keys(query).filter((key) => key.startsWith(start) && key.endsWith(']'))
  if (keys.length === 0) return
  const fields = keys.map((key): [string, unknown] => {
    const field = key.slice(start.length, -1)
    const value = query[key]
    delete query[key]
    return [field, read(field)?.(value) ?? value]
  })
  // Beside a text of the same name the meaning is unclear: the text stays, and is refused.
  query[name] ??= Object.fromEntries(fields)
}

/** Returns how each field of an object is read, in any of the forms of its schema. */
function fieldReader(schema: ParameterSchema): (field: string) => Read | undefined {
  const forms = [schema, ...(schema.oneOf ?? []), ...(schema.anyOf ?? [])]
  const readers = new Map<string, Read>()
  for (const [name, property] of forms.flatMap(({ properties = {} }) => Object.entries(properties))) {
    const read = readerOf(property)
    if (read) readers.set(name, read)
  }
  const { additionalProperties } = schema
  const readOthers = typeof additionalProperties === 'object' ? readerOf(additionalProperties) : undefined
  return (field) => readers.get(field) ?? readOthers
}

const typesOf = (schema: TSchema | ParameterSchema): string[] => [(schema as ParameterSchema).type ?? []].flat()

/** Returns how a value is read, if it is not a text. */
function readerOf(schema: ParameterSchema): Read | undefined {
  const type = typesOf(schema).find((each) => each !== 'null')
  if (type === 'array') {
    const readItem = schema.items && readerOf(schema.items)
    return (value) => {
      const items = [value]
        .flat()
        .flatMap((item) => (typeof item === 'string' ? item.split(',').filter((part) => part !== '') : item))
      return readItem ? items.map(readItem) : items
    }
  }
  // Whoever writes a plus as it is means one, though forms are read with a space for it.
  if (schema.enum?.some((value) => typeof value === 'string' && value.includes('+')))
    return (value) => (typeof value === 'string' ? value.replaceAll(' ', '+') : value)
  return type === undefined ? undefined : readText[type]
}

const readText: Record<string, Read> = {
  integer: (value) => (typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value),
  number: (value) => (typeof value === 'string' && /^-?\d{1,15}(\.\d{1,15})?$/.test(value) ? Number(value) : value),
  boolean: (value) => {
    const text = typeof value === 'string' ? value.toLowerCase() : ''
    if (text === 'true' || text === '1') return true
    return text === 'false' || text === '0' ? false : value
  },
}

/**
 * Returns whether every text of some JSON can be stored: JSON has U+0000 and halves of characters in escapes alone, which most
 * bodies have none of.
 */
const canStoreTextsOf = (json: string | null): boolean => json !== null && !json.includes('\\u')

/**
 * Throws if a text contains NUL, which PostgreSQL cannot store, or half a character. The depth of bodies is bounded:
 * see `JsonScanner`.
 */
function refuseUnstorableText(value: unknown): void {
  if (typeof value === 'string') {
    if (value.includes('\0')) throw invalid('A text must not contain the character U+0000.')
    if (!value.isWellFormed()) throw invalid('A text must be well-formed Unicode.')
  } else if (typeof value === 'object' && value !== null) {
    for (const name in value) refuseUnstorableText((value as Record<string, unknown>)[name])
  }
}

/**
 * Returns the clearest of a union's errors, of which there is one per variant: the one that got furthest shows best
 * what was meant.
 */
function clearest(errors: ErrorObject[] | null | undefined): ErrorObject | undefined {
  const depth = ({ instancePath }: ErrorObject) => instancePath.split('/').length
  return errors?.reduce((best, error) => (depth(error) > depth(best) ? error : best))
}

/**
 * Describes an error in words, with the parts that clients look for (`does not match '…'`, `constraint: maxItems=5`).
 */
function explain(part: Part['name'], error: ErrorObject | undefined): string {
  if (!error) return 'The request does not fit the description.'
  const path = error.instancePath.slice(1).replaceAll('/', '.')
  const where = path === '' ? `The ${part}` : `${part === 'body' ? '' : `${part} parameter `}'${path}'`
  const { keyword, params, data } = error
  switch (keyword) {
    case 'required':
      return `${where} lacks '${params.missingProperty}'.`
    case 'additionalProperties':
      return `${where} has '${shorten(params.additionalProperty)}', which is not known here.`
    case 'type':
      if (part === 'body' && path === '') return `The body must be a JSON ${[params.type].flat().join(' or ')}.`
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

/** Returns the tags of a union, for a message. */
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
