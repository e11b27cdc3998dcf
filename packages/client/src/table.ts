import { type Operation, resources } from '@pinfold/contract'

/** What the client needs to know of an operation while it runs. */
export interface TableRow {
  id: string
  method: string
  /** With parameters in braces. */
  path: string
  takesBody: boolean
  /** The rate limit it counts against. */
  category: string
  isList: boolean
}

/** What the client needs to know of each operation, by its resource and method: the same keys as in the contract. */
export type Table = Readonly<Record<string, Readonly<Record<string, TableRow>>>>

/**
 * Every operation that a method is made of. When the client is built for publishing, this module is replaced by the
 * table itself, so that the contract's schemas do not come along.
 */
export const table: Table = mapValues(withoutOauth(resources), (operations) => mapValues(operations, rowOf))

function withoutOauth({ oauth: _, ...others }: typeof resources): Record<string, Record<string, Operation>> {
  return others
}

function rowOf({ id, method, root, path, category, body, success }: Operation): TableRow {
  const { properties = {} } = (success.schema ?? {}) as { properties?: object }
  return {
    id,
    method,
    path: (root ?? '/v5') + path,
    category,
    takesBody: body !== undefined,
    isList: 'bookmark' in properties,
  }
}

function mapValues<In, Out>(values: Record<string, In>, map: (value: In) => Out): Record<string, Out> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, map(value)]))
}
