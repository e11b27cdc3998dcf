import { type Operation, operations } from '@pinfold/contract'

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

/**
 * Every operation that a method is made of. When the client is built for publishing, this module is replaced by the
 * table itself, so that the contract's schemas do not come along.
 */
export const table: readonly TableRow[] = (operations as readonly Operation[])
  .filter(({ auth }) => auth.by !== 'app')
  .map(({ id, method, root = '/v5', path, category, body, success }) => ({
    id,
    method,
    path: root + path,
    category,
    takesBody: body !== undefined,
    isList:
      success.schema !== undefined && 'bookmark' in ((success.schema as { properties?: object }).properties ?? {}),
  }))
