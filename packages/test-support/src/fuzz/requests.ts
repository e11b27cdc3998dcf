import fc from 'fast-check'
import { type Description, type Target, targetsOf } from './description.ts'
import { fitting, junk, oddText, plant } from './values.ts'

/** A request that is ready to send, except for the names in «» that stand for things on the server: see `fill`. */
export interface FuzzRequest {
  target: Target
  /** The index of the thing on the server that it is about. */
  about: number
  path: Record<string, string>
  query: [string, string][]
  headers: Record<string, string>
  body: string | undefined
}

/** The things on a server, by the names of the fields that refer to them. */
export type Things = Readonly<Record<string, string>>

export interface Credentials {
  /** Valid values of the header Authorization. */
  bearer: string
  basic: string
}

/** Stands for the thing that a request is about, or for another one, until it is filled in. */
const named = (name: string) => fc.constantFrom(`«${name}»`, `«${name}»`, `«${name}»`, `«other ${name}»`)

const ids = ['board_id', 'section_id', 'pin_id', 'media_id']
const known: Record<string, fc.Arbitrary<string>> = {
  ...Object.fromEntries(ids.map((id) => [id, named(id)])),
  board_section_id: named('section_id'),
  parent_pin_id: named('pin_id'),
  pin_ids: named('pin_id'),
  url: named('picture'),
  cover_image_url: named('picture'),
  data: fc.oneof(fc.constant('«base64»'), fc.base64String({ maxLength: 200 })),
  cover_image_data: fc.constant('«base64»'),
  at: fc.integer({ min: 0, max: 1_000_000 }).map((seconds) => new Date(Date.now() - seconds * 1000).toISOString()),
}

/**
 * Generates requests to every operation of a description, valid and invalid; few of them delete, so that something is
 * left.
 */
export function requestsTo(description: Description, credentials: Credentials): fc.Arbitrary<FuzzRequest> {
  const each = targetsOf(description).map((target) => ({
    weight: target.method === 'DELETE' ? 1 : 4,
    arbitrary: requestTo(target, description, credentials),
  }))
  return fc.oneof(...each)
}

function requestTo(target: Target, description: Description, credentials: Credentials): fc.Arbitrary<FuzzRequest> {
  const [type, content] = Object.entries(target.requestBody?.content ?? {})[0] ?? []
  const isForm = type === 'application/x-www-form-urlencoded'
  const body = content ? bodyOf(fitting(content.schema, description, known), isForm) : fc.constant(undefined)
  return fc
    .record({
      about: fc.nat(1000),
      path: parameters(target, 'path', description),
      query: parameters(target, 'query', description),
      more: fc.oneof({ weight: 9, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: fc.tuple(oddText, oddText) }),
      authorization: authorization(target, credentials),
      contentType: fc.oneof({ weight: 9, arbitrary: fc.constant(type) }, { weight: 1, arbitrary: oddContentType }),
      headers: oddHeaders,
      body: fc.oneof({ weight: 15, arbitrary: body }, { weight: 1, arbitrary: oddBody }),
    })
    .map(({ about, path, query, more, authorization, contentType, headers, body }) => ({
      target,
      about,
      path: Object.fromEntries(path.map(([name, value]) => [name, asText(value)])),
      query: [...query, ...(more.length === 2 ? [more] : [])].flatMap(([name, value]) => asFields(name, value)),
      headers: {
        ...headers,
        ...(authorization !== undefined && { authorization }),
        ...(body !== undefined && contentType !== undefined && { 'content-type': contentType }),
      },
      body: target.method === 'GET' ? undefined : body,
    }))
}

/** Generates values for the parameters of a place: most of them valid, optional ones mostly left out. */
function parameters(target: Target, place: 'path' | 'query', description: Description) {
  const each = target.parameters
    .filter((parameter) => parameter.in === place)
    .map(({ name, schema, required }) => {
      const right = fitting(schema, description, known, name)
      // Without an id, or with dots in its place, it would be another address.
      const odd = place === 'path' ? oddText.filter((text) => !/^\.{0,2}$/.test(text)) : oddText
      const value = fc.oneof({ weight: 12, arbitrary: right }, { weight: 1, arbitrary: odd })
      const field = value.map((found): [string, unknown][] => [[name, found]])
      const none = fc.constant<[string, unknown][]>([])
      if (place === 'path') return field
      return fc.oneof({ weight: required ? 30 : 1, arbitrary: field }, { weight: required ? 1 : 3, arbitrary: none })
    })
  return fc.tuple(...each).map((fields) => fields.flat())
}

function authorization(target: Target, { bearer, basic }: Credentials): fc.Arbitrary<string | undefined> {
  const right = target.security.some((scheme) => 'basic' in scheme) ? basic : bearer
  const wrong = fc.constantFrom(
    undefined,
    'Bearer',
    'Bearer ',
    'Basic Og==',
    bearer.slice(0, -1),
    `${bearer}x`,
    'Bearer x',
  )
  const other = fc.constantFrom(bearer, basic, bearer.toLowerCase())
  return fc.oneof({ weight: 30, arbitrary: fc.constant(right) }, wrong, other)
}

function bodyOf(right: fc.Arbitrary<unknown>, isForm: boolean): fc.Arbitrary<string | undefined> {
  const write = (value: unknown) => (isForm ? asForm(value) : JSON.stringify(value))
  const planted = fc.tuple(right, junk, fc.nat(100_000)).map(([value, wrong, where]) => plant(value, wrong, where))
  const cut = fc.tuple(right, fc.nat()).map(([value, at]) => {
    const text = write(value)
    return text.slice(0, at % (text.length + 1))
  })
  return fc.oneof(
    { weight: 8, arbitrary: right.map(write) },
    { weight: 5, arbitrary: planted.map(write) },
    { weight: 1, arbitrary: cut },
  )
}

const oddBody = fc.oneof(
  junk.map((value) => JSON.stringify(value)),
  oddText.map((value) => value.toWellFormed()),
  fc.constantFrom('\ufeff{}', '{"a":1,"a":2}', '[[[[', '{"name":"\\ud800"}', 'a=1&a[b]=2&%zz', 'null', undefined),
  fc.integer({ min: 1000, max: 400_000 }).map((count) => `{"x":[${Array<string>(count).fill('{}').join()}]}`),
)

const oddContentType = fc.constantFrom(
  'application/json; charset=utf-7',
  'application/x-www-form-urlencoded',
  'application/json',
  'text/plain',
  'multipart/form-data; boundary=x',
  ';;;',
  'a'.repeat(2000),
)

const oddHeaders = fc
  .record({
    'idempotency-key': fc.option(fc.constantFrom('one', 'two', 'x'.repeat(300), ''), { freq: 2 }),
    'if-none-match': fc.option(fc.constantFrom('*', '"x"', 'W/"x", "y"', ',,'), { freq: 2 }),
    'accept-encoding': fc.option(fc.constantFrom('gzip', 'br;q=x', '*'), { freq: 2 }),
    'content-encoding': fc.option(fc.constantFrom('gzip', 'identity'), { freq: 1 }),
    accept: fc.option(fc.constantFrom('text/html', '*/*;q=0', 'x'.repeat(3000)), { freq: 2 }),
    'user-agent': fc.option(fc.string({ unit: 'grapheme-ascii', maxLength: 200 }), { freq: 2 }),
    'x-forwarded-for': fc.option(fc.constantFrom('127.0.0.1', '::1, x', ','.repeat(500)), { freq: 2 }),
    range: fc.option(fc.constantFrom('bytes=0-0', 'bytes=9-1', 'x'), { freq: 2 }),
    cookie: fc.option(fc.constantFrom('a=b', ';;==', 'x'.repeat(3000)), { freq: 2 }),
  })
  // Five in six have only the required ones.
  .chain((headers) => fc.constantFrom({}, {}, {}, {}, {}, headers))
  .map(
    (headers): Record<string, string> =>
      Object.fromEntries(Object.entries(headers).filter((field): field is [string, string] => field[1] !== null)),
  )

const asText = (value: unknown): string => (typeof value === 'object' ? JSON.stringify(value) : String(value))

/** Returns a parameter in a query's form: lists with commas, objects by their fields. */
function asFields(name: string, value: unknown): [string, string][] {
  if (Array.isArray(value)) return [[name, value.map(asText).join()]]
  if (typeof value !== 'object' || value === null) return [[name, asText(value)]]
  return Object.entries(value).map(([field, inner]) => [`${name}[${field}]`, asText(inner)])
}

function asForm(value: unknown): string {
  const fields = typeof value === 'object' && value !== null ? Object.entries(value) : [['x', value] as const]
  return new URLSearchParams(fields.map(([name, field]) => [name, asText(field).toWellFormed()])).toString()
}

/** Returns the text with the names in «» replaced by the things on the server. */
export function fill(text: string, thing: Things, other: Things): string {
  return text.replaceAll(/«(other )?(\w+)»/g, (_, isOther: string | undefined, name: string) => {
    const value = (isOther ? other : thing)[name]
    return value ?? '1'
  })
}
