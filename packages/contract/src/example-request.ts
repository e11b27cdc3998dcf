import type { Operation } from './operation.ts'

/** A request as an operation takes it, before it is put on the wire. */
export interface ExampleRequest {
  /** The path's parameters. */
  params: Record<string, string>
  /** The query, as values of the types that its schema names. */
  query: Record<string, unknown>
  /** The body, as a value that its schema takes. */
  body?: unknown
}

/** The parts of a schema that make up a value that fits it. */
interface Schema {
  examples?: unknown[]
  default?: unknown
  enum?: unknown[]
  items?: Schema
  properties?: Record<string, Schema>
}

/**
 * Returns a valid request, made from the examples in the operation's schemas: each parameter that has an example, a
 * default or a list of values, and the body's example. `values` replace the values of fields with these names, wherever
 * they are, such as the ids of existing things. Programs that try each operation need no list of their own.
 */
export function exampleRequest(op: Operation, values: Readonly<Record<string, unknown>> = {}): ExampleRequest {
  const body = op.body?.example ?? (op.body?.schema as Schema | undefined)?.examples?.[0]
  const { params, query } = replace(
    { params: exampleOfEach(op.params as Schema | undefined), query: exampleOfEach(op.query as Schema | undefined) },
    values,
  )
  return {
    params: Object.fromEntries(Object.entries(params).map(([name, value]) => [name, String(value)])),
    query,
    ...(op.body && { body: replace(body, values) }),
  }
}

function exampleOfEach(schema: Schema | undefined): Record<string, unknown> {
  const examples = Object.entries(schema?.properties ?? {}).map(([name, property]) => [name, exampleOf(property)])
  return Object.fromEntries(examples.filter(([, value]) => value !== undefined))
}

function exampleOf({ examples, default: usual, enum: choices, items, properties }: Schema): unknown {
  const value = examples?.[0] ?? usual ?? choices?.[0]
  if (value !== undefined) return value
  if (properties) return exampleOfEach({ properties })
  const item = items && exampleOf(items)
  return item === undefined ? undefined : [item]
}

/** Returns a copy in which the fields named in `values` have those values. */
function replace<T>(example: T, values: Readonly<Record<string, unknown>>): T {
  return JSON.parse(JSON.stringify(example ?? null), (name, value) =>
    Object.hasOwn(values, name) ? values[name] : value,
  )
}
