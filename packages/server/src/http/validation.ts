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
  /** The body, with defaults put in; undefined if there came none. Throws a 400. */
  body(body: unknown): unknown
}

/** Makes the check for `op`. */
export function inputCheck(op: Operation): InputCheck {
  const params = part('path', op.params)
  const query = part('query', op.query)
  const body = part('body', op.body?.schema)
  // A request without a body is taken for one with nothing in it.
  const noBody = op.body && typesOf(op.body.schema).includes('object') ? () => ({}) : () => undefined
  const readQuery = queryReader(op.query)
  return {
    address: (givenParams, givenQuery) => ({
      params: params && check(params, givenParams),
      query: query && check(query, readQuery(givenQuery as Record<string, unknown>)),
    }),
    body: (given) => body && check(body, given === undefined ? noBody() : given),
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
  const fits = validate()
  if (!fits(value)) throw invalid(explain(name, clearest(fits.errors)))
  refuseUnstorableText(value)
  return value
}

/** As much of a schema as says how a query parameter is read. */
interface ParameterSchema {
  type?: string | string[]
  items?: ParameterSchema
  properties?: Record<string, ParameterSchema>
  additionalProperties?: boolean | ParameterSchema
  oneOf?: ParameterSchema[]
  anyOf?: ParameterSchema[]
}

type Read = (value: unknown) => unknown

/**
 * Reads a query as its schema means it: numbers and flags from their texts, lists from `a,b` or repeated names, objects
 * from `name[field]=…` (`deepObject`). What cannot be read is left as it is, for validation to refuse.
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
    for (const { name, read } of readers) if (query[name] !== undefined) query[name] = read(query[name])
    for (const { name, fields } of objects) gatherObject(query, name, fields)
    return query
  }
}

/** Puts the fields `name[field]` of a query together under `name`. */
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
  // Beside a text of the same name it is not clear which is meant: the text stays, and is refused.
  query[name] ??= Object.fromEntries(fields)
}

/** How each field of an object is read, in whichever of its forms a schema names it. */
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

/** How a value is read, if it is not a text. */
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

/** No text may hold NUL, which PostgreSQL cannot store, or half a character. Bodies are not nested deep: see `JsonScanner`. */
function refuseUnstorableText(value: unknown): void {
  if (typeof value === 'string') {
    if (value.includes('\0')) throw invalid('A text must not contain the character U+0000.')
    if (!value.isWellFormed()) throw invalid('A text must be well-formed Unicode.')
  } else if (typeof value === 'object' && value !== null) {
    for (const child of Object.values(value)) refuseUnstorableText(child)
  }
}

/** Of the errors that a union has, one for each of its forms: the one that got furthest says best what was meant. */
function clearest(errors: ErrorObject[] | null | undefined): ErrorObject | undefined {
  const depth = ({ instancePath }: ErrorObject) => instancePath.split('/').length
  return errors?.reduce((best, error) => (depth(error) > depth(best) ? error : best))
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
