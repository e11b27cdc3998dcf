import type { TSchema } from 'typebox'
import { exampleRequest } from './example-request.ts'
import { tags } from './openapi.ts'
import type { Operation } from './operation.ts'

/** A parameter of a request to fill in. */
export interface TemplateField {
  name: string
  /** Its example, as text; empty if there is none. */
  value: string
  description: string
  required: boolean
}

/** A request to fill in: what its reader sends depends on variables, which are written `{{name}}`. */
export interface RequestTemplate {
  op: Operation
  params: TemplateField[]
  query: TemplateField[]
  /** Undefined: none. */
  body: unknown
}

/** What stands for a variable. */
export const variable = (name: string): string => `{{${name}}}`

/**
 * Returns the variables that requests to these operations name, each with its first example: the parameters of their
 * paths, in the order in which they come.
 */
export function pathVariables(operations: readonly Operation[]): Map<string, string> {
  const variables = new Map<string, string>()
  for (const op of operations)
    for (const [name, value] of Object.entries(exampleRequest(op).params))
      if (!variables.has(name)) variables.set(name, value)
  return variables
}

/** Returns the request of an operation, from the examples of its schemas. */
export function requestTemplate(op: Operation, variables: Iterable<string>): RequestTemplate {
  // What a body calls as a path does is the same thing, if it is an id: a `name` may be anybody's.
  const ids = Object.fromEntries([...variables].filter((name) => name.endsWith('_id')).map((id) => [id, variable(id)]))
  const { params, query } = exampleRequest(op)
  return {
    op,
    params: fieldsOf(op.params, params),
    query: fieldsOf(op.query, query),
    body: exampleRequest(op, ids).body,
  }
}

/** Returns the operations by their tags, in the order in which the reference has them. */
export function byTag(
  operations: readonly Operation[],
): { tag: string; description: string; operations: Operation[] }[] {
  const groups = Map.groupBy(operations, ({ tag }) => tag)
  const names = new Set([...tags.map(({ name }) => name), ...groups.keys()])
  return [...names].flatMap((tag) => {
    const description = tags.find(({ name }) => name === tag)?.description ?? ''
    const those = groups.get(tag)
    return those ? [{ tag, description, operations: those }] : []
  })
}

function fieldsOf(schema: TSchema | undefined, examples: Record<string, unknown>): TemplateField[] {
  const { properties = {}, required = [] } = (schema ?? {}) as {
    properties?: Record<string, { description?: string }>
    required?: string[]
  }
  return Object.entries(properties).flatMap(([name, { description = '' }]) =>
    written(name, examples[name]).map(([field, value]) => ({
      ...{ name: field, value, description, required: required.includes(name) },
    })),
  )
}

/** Returns how a parameter is written: `a,b` for several values, `name[field]` for each field of an object. */
function written(name: string, value: unknown): [name: string, value: string][] {
  if (typeof value !== 'object' || value === null) return [[name, String(value ?? '')]]
  if (Array.isArray(value)) return [[name, value.join(',')]]
  return Object.entries(value).map(([field, inner]) => [`${name}[${field}]`, String(inner)])
}
