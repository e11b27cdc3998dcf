/** What a list by id, newest first, was asked for: where to begin and how many items to give. */
export interface PageRequest {
  /** Only items with a smaller id. */
  before: number
  size: number
}

/** Where an item stands in a list: the values that the list is ordered by, such as `[name, id]`. The last tells all apart. */
export type Position = readonly (string | number)[]

/** The kinds of a position's values, in their order. */
export type PositionTypes = readonly ('string' | 'number')[]

/** The position whose values are of these kinds. */
export type PositionOf<Types extends PositionTypes> = {
  readonly [Index in keyof Types]: Types[Index] extends 'string' ? string : number
}

/** Which way a list runs, as queries say it. */
export type Order = 'ASCENDING' | 'DESCENDING'

/** What a list that is ordered by something else, or runs the other way, was asked for. */
export interface OrderedPageRequest<P extends Position> {
  /** Only items that come after this position, in the list's order; undefined: from the beginning. */
  after: P | undefined
  order: Order
  size: number
}

/** One page: its items, and the id or position of the last one if more may follow. */
export interface Page<T, Next extends number | Position = number> {
  items: T[]
  next: Next | null
}

/** A page from rows of which one more than asked for was read. `rows` come newest first. */
export function toPage<Row extends { id: number }, T>(rows: Row[], size: number, item: (row: Row) => T): Page<T> {
  return toOrderedPage(rows, size, item, ({ id }) => id)
}

/** The same for rows in another order: `position` says where a row stands in it. */
export function toOrderedPage<Row, T, Next extends number | Position>(
  rows: Row[],
  size: number,
  item: (row: Row) => T,
  position: (row: Row) => Next,
): Page<T, Next> {
  const shown = rows.slice(0, size)
  const last = shown.at(-1)
  return { items: shown.map(item), next: rows.length > size && last !== undefined ? position(last) : null }
}

/**
 * One list out of several, each newest first and read off its own index range: what a query over several values of
 * an index's first columns would have to sort.
 */
export async function mergeNewestFirst<Row extends { id: number }>(
  lists: readonly Promise<Row[]>[],
  count: number,
): Promise<Row[]> {
  return mergeSorted(lists, count, (a, b) => b.id - a.id)
}

/** The same for lists in another order, which `compare` tells. */
export async function mergeSorted<Row>(
  lists: readonly Promise<Row[]>[],
  count: number,
  compare: (a: Row, b: Row) => number,
): Promise<Row[]> {
  const rows = (await Promise.all(lists)).flat()
  return rows.sort(compare).slice(0, count)
}
