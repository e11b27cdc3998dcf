import { type Operation, resources } from '@pinfold/contract'
import { mapValues } from './map-values.ts'

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
export const table: Table = tableOf(withoutOauth(resources))

function withoutOauth({ oauth: _, ...others }: typeof resources): Record<string, Record<string, Operation>> {
  return others
}

/** The table of these resources' operations. */
export function tableOf(declared: Readonly<Record<string, Readonly<Record<string, Operation>>>>): Table {
  return mapValues(declared, (operations) => mapValues(operations, rowOf))
}

function rowOf(op: Operation): TableRow {
  const { id, method, root, path, category, body } = op
  return { id, method, path: (root ?? '/v5') + path, category, takesBody: body !== undefined, isList: isList(op) }
}

/** Whether an operation answers with pages of a list, and with nothing else. */
function isList({ success, otherSuccesses }: Operation): boolean {
  const { properties = {} } = (success.schema ?? {}) as { properties?: object }
  return otherSuccesses === undefined && 'items' in properties && 'bookmark' in properties
}
