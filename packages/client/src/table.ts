import { type Operation, resources } from '@pinfold/contract'
import { mapValues } from './map-values.ts'

/** What the client needs to know about an operation at run time. */
export interface TableRow {
  id: string
  method: string
  /** With parameters in braces. */
  path: string
  takesBody: boolean
  /** The category of its rate limit. */
  category: string
  isList: boolean
}

/** What the client needs to know about each operation, by resource and method: the same keys as in the contract. */
export type Table = Readonly<Record<string, Readonly<Record<string, TableRow>>>>

/**
 * Every operation that becomes a method. When the client is built for publishing, the plain table replaces this module,
 * so that the contract's schemas are not bundled.
 */
export const table: Table = tableOf(withoutOauth(resources))

function withoutOauth({ oauth: _, ...others }: typeof resources): Record<string, Record<string, Operation>> {
  return others
}

/** Returns the table of these resources' operations. */
export function tableOf(declared: Readonly<Record<string, Readonly<Record<string, Operation>>>>): Table {
  return mapValues(declared, (operations) => mapValues(operations, rowOf))
}

function rowOf(op: Operation): TableRow {
  const { id, method, root, path, auth, body } = op
  // What controls a server is not counted against limits, and must not wait for those of others.
  const category = auth.by === 'control' ? 'control' : op.category
  return { id, method, path: (root ?? '/v5') + path, category, takesBody: body !== undefined, isList: isList(op) }
}

/** Returns whether an operation only ever answers with pages of a list. */
function isList({ success, otherSuccesses }: Operation): boolean {
  const { properties = {} } = (success.schema ?? {}) as { properties?: object }
  return otherSuccesses === undefined && 'items' in properties && 'bookmark' in properties
}
