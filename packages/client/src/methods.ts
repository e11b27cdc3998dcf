import { mapValues } from './map-values.ts'
import { Page, PagePromise } from './pages.ts'
import { type Table, type TableRow, table } from './table.ts'
import type { CallOptions, Transport } from './transport.ts'
import type { Resources } from './types.ts'

type Call = (...args: unknown[]) => unknown

/**
 * Returns a method for each operation of the contract, by resource and name. Only here the compiler is told what it
 * cannot see: `Resources` and `table` both have the keys of the contract's `resources`, and a row says how its method
 * is called. `test/methods.test.ts` calls every one of them.
 */
export function methodsOver(transport: Transport): Resources {
  return untypedMethods(table, transport) as Resources
}

/** Does the same for any table. */
export function untypedMethods(rowsOf: Table, transport: Transport): Record<string, Record<string, Call>> {
  return mapValues(rowsOf, (rows) =>
    mapValues(rows, (row) => (row.isList ? listMethod(row, transport) : plainMethod(row, transport))),
  )
}

function plainMethod(row: TableRow, transport: Transport): Call {
  return async (...args) => {
    const { path, rest } = fillPath(row, args)
    const body = row.takesBody ? (rest.shift() ?? {}) : undefined
    const [query, options] = rest as [Query?, CallOptions?]
    const plan = { method: row.method, path: path + queryText(query), category: row.category }
    return transport.request(body === undefined ? plan : { ...plan, body }, options)
  }
}

function listMethod(row: TableRow, transport: Transport): Call {
  return (...args) => {
    const { path, rest } = fillPath(row, args)
    const [query, options] = rest as [Query?, CallOptions?]
    const load = async (bookmark: string | undefined): Promise<Page<unknown>> => {
      const text = queryText(bookmark === undefined ? query : { ...query, bookmark })
      const plan = { method: row.method, path: path + text, category: row.category }
      const page = (await transport.request(plan, options)) as { items: unknown[]; bookmark?: string | null }
      return new Page(page.items, page.bookmark ?? null, load)
    }
    return new PagePromise(load)
  }
}

type Query = Record<string, unknown>

/** Returns the row's path with its ids filled in, and the remaining arguments. */
function fillPath({ id, path }: TableRow, args: readonly unknown[]): { path: string; rest: unknown[] } {
  const rest = [...args]
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = rest.shift()
    if (typeof value !== 'string' || value === '')
      throw new TypeError(`${id}: ${name} must be an id, a string of digits.`)
    return encodeURIComponent(value)
  })
  return { path: filled, rest }
}

/** Returns a query as Pinterest reads it: lists with commas, objects as `name[field]=…`. */
function queryText(query: Query | undefined): string {
  const fields = Object.entries(query ?? {}).flatMap(([name, value]) =>
    isObject(value)
      ? Object.entries(value).map(([field, inner]): [string, unknown] => [`${name}[${field}]`, inner])
      : [[name, value] as const],
  )
  const given = fields.filter(([, value]) => value !== undefined && value !== null)
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString()
  return text === '' ? '' : `?${text}`
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
