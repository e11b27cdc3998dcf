import { type Operation, resources, successesOf } from '@pinfold/contract'

/** The keywords of JSON Schema that matter for types. */
interface Schema {
  title?: string
  description?: string
  type?: string | string[]
  enum?: unknown[]
  const?: unknown
  items?: Schema
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: boolean | Schema
  oneOf?: Schema[]
  anyOf?: Schema[]
  allOf?: Schema[]
}

/** The named models, each written once: text by name. */
type Models = Map<string, string>

/**
 * Returns the module `src/resources.ts` with its types written out, so that users of the published client need neither
 * the contract nor TypeBox, and see the description of each operation and field in their editor. Mapped types carry no
 * comments.
 */
export function writeTypes(): string {
  const { oauth, ...groups } = resources
  const models: Models = new Map()
  const tokenAnswer = typeOf(oauth.token.success.schema as Schema, models)
  return writeResources(groups, models, `export type TokenAnswer = ${tokenAnswer}\n`)
}

/** Does the same for any resources; `rest` follows them. */
export function writeResources(
  groups: Readonly<Record<string, Readonly<Record<string, Operation>>>>,
  models: Models = new Map(),
  rest = '',
): string {
  const types = Object.entries(groups).map(([name, operations]) => ({
    name,
    type: `${pascal(name)}Methods`,
    methods: Object.entries(operations).map(([method, operation]) => writeMethod(method, operation, models)),
  }))
  // Type aliases, not interfaces: only an alias can be assigned to a type with an index signature.
  return [
    "import type { PagePromise } from './pages.ts'",
    "import type { CallOptions } from './transport.ts'",
    ...models.values(),
    ...types.map(({ type, methods }) => `export type ${type} = {\n${methods.join('\n')}\n}`),
    `/** The methods of a client, by what they are about. */\nexport type Resources = {\n${types
      .map(({ name, type }) => `${name}: ${type}`)
      .join('\n')}\n}`,
    rest,
  ].join('\n\n')
}

function writeMethod(name: string, operation: Operation, models: Models): string {
  const ids = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, id = '']) => `${camel(id)}: string`)
  const body = operation.body && `body: ${typeOf(operation.body.schema as Schema, models)}`
  const query = `query?: ${operation.query ? typeOf(operation.query as Schema, models) : 'undefined'}`
  const parameters = [...ids, ...(body ? [body] : []), query, 'options?: CallOptions'].join(', ')
  return `${comment(docOf(operation))}${name}(${parameters}): ${answerOf(operation, models)}`
}

function answerOf(operation: Operation, models: Models): string {
  const schemas = successesOf(operation).map(({ schema }) => schema as Schema | undefined)
  const [first, ...others] = schemas
  const { items, bookmark } = first?.properties ?? {}
  if (items?.items && bookmark && others.length === 0) return `PagePromise<${typeOf(items.items, models)}>`
  if (schemas.every((schema) => schema === undefined)) return 'Promise<void>'
  return `Promise<${unionOf(schemas.map((schema) => (schema ? typeOf(schema, models) : 'undefined')))}>`
}

const unionOf = (types: string[]): string => [...new Set(types)].join(' | ')

function docOf({ description, auth }: Operation): string {
  if (auth.by !== 'token') return description
  return `${description}\n\nScopes: ${auth.scopes.map((scope) => `\`${scope}\``).join(', ')}.`
}

/** Returns a schema as a type. One with a title becomes a declaration in `models`, and is referred to by name. */
function typeOf(schema: Schema, models: Models): string {
  const types = [schema.type ?? []].flat()
  if (types.includes('null') && types.length > 1) {
    const type = types.filter((each) => each !== 'null')
    const rest = { ...schema, type, ...(schema.enum && { enum: schema.enum.filter((value) => value !== null) }) }
    return `${typeOf(rest, models)} | null`
  }
  if (schema.title === undefined) return shapeOf(schema, models)
  const declared = models.get(schema.title)
  // Reserves its place first, for a model that contains itself.
  if (declared === undefined) models.set(schema.title, '')
  const shape = shapeOf(schema, models)
  const text = `${comment(schema.description)}${
    shape.startsWith('{') ? `export interface ${schema.title} ${shape}` : `export type ${schema.title} = ${shape}`
  }`
  if (declared) sameModel(schema.title, declared, text)
  else models.set(schema.title, text)
  return schema.title
}

/**
 * Throws if two models of one name differ, except in the description: that belongs to the field that holds the model.
 */
function sameModel(title: string, one: string, other: string): void {
  const shape = (text: string) => text.slice(text.indexOf(`export `))
  if (shape(one) !== shape(other)) throw new Error(`Two different models of the contract are called ${title}.`)
}

function shapeOf(schema: Schema, models: Models): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  // Names that are put together when they are first asked for are hundreds, which no type lists.
  const isPutTogether = Object.getOwnPropertyDescriptor(schema, 'enum')?.get !== undefined
  if (schema.enum && !isPutTogether) return schema.enum.map((value) => JSON.stringify(value)).join(' | ')
  const union = schema.oneOf ?? schema.anyOf
  if (union) return union.map((each) => typeOf(each, models)).join(' | ')
  if (schema.allOf) return schema.allOf.map((each) => typeOf(each, models)).join(' & ')
  const types = [schema.type ?? []].flat()
  if (types.length === 0) return 'unknown'
  return types.map((type) => shapeOfType(type, schema, models)).join(' | ')
}

function shapeOfType(type: string, schema: Schema, models: Models): string {
  switch (type) {
    case 'string':
    case 'boolean':
    case 'number':
    case 'null':
      return type
    case 'integer':
      return 'number'
    case 'array':
      return schema.items ? `Array<${typeOf(schema.items, models)}>` : 'unknown[]'
    case 'object':
      return shapeOfObject(schema, models)
    default:
      throw new Error(`There is no type for the JSON Schema type '${type}'.`)
  }
}

function shapeOfObject({ properties, required = [], additionalProperties }: Schema, models: Models): string {
  // One with fields that are known and others of a kind is typed as a map of both: the known ones are of that kind too.
  if (typeof additionalProperties === 'object') return `Record<string, ${typeOf(additionalProperties, models)}>`
  if (!properties) return 'Record<string, unknown>'
  const fields = Object.entries(properties).map(([name, schema]) => {
    const key = /^[a-z_$][\w$]*$/i.test(name) ? name : JSON.stringify(name)
    return `${comment(schema.description)}${key}${required.includes(name) ? '' : '?'}: ${typeOf(schema, models)}`
  })
  return fields.length === 0 ? '{}' : `{\n${fields.join('\n')}\n}`
}

function comment(text: string | undefined): string {
  if (text === undefined) return ''
  const lines = text.replaceAll('*/', '* /').split('\n')
  return lines.length === 1 ? `/** ${lines[0]} */\n` : `/**\n${lines.map((line) => ` * ${line}`).join('\n')}\n */\n`
}

function camel(name: string): string {
  return name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
}

const pascal = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1)
