import type { Soon } from './soon.ts'

/** A request for a page of a list by id, newest first: where to begin and how many items to return. */
export interface PageRequest {
  /** Only items with a smaller id. */
  before: number
  size: number
}

/**
 * The position of an item in a list: the values that the list is ordered by, such as `[name, id]`. The last one is
 * unique.
 */
export type Position = readonly (string | number)[]

/** The types of a position's values, in order. */
export type PositionTypes = readonly ('string' | 'number')[]

/** The position whose values have these types. */
export type PositionOf<Types extends PositionTypes> = {
  readonly [Index in keyof Types]: Types[Index] extends 'string' ? string : number
}

/** The direction of a list, as queries name it. */
export type Order = 'ASCENDING' | 'DESCENDING'

/** A request for a page of a list in another order or direction. */
export interface OrderedPageRequest<P extends Position> {
  /** Only items that come after this position, in the list's order; undefined: from the beginning. */
  after: P | undefined
  order: Order
  size: number
}

/** A request for a page of a ranking: the number of items before it, and the most that it may hold. */
export interface RankedPageRequest {
  from: number
  size: number
}

/** One page: its items, and the id or position of the last one if more may follow. */
export interface Page<T, Next extends number | Position = number> {
  items: T[]
  next: Next | null
}

/** Returns a page from rows, of which one more than requested was read. `rows` are newest first. */
export function toPage<Row extends { id: number }, T>(rows: Row[], size: number, item: (row: Row) => T): Page<T> {
  return toOrderedPage(rows, size, item, ({ id }) => id)
}

/** Does the same for rows in another order; `position` returns a row's position. */
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

/** As many pages as `readUntil` reads: what is of no use must not make a request long. */
const mostReads = 20

/**
 * Reads a list page by page, newest first, until `count` items are of use, and returns these. `read` returns those of
 * use among the items with ids below `before`, and `next` as pages have it.
 */
export async function readUntil<T>(count: number, read: (before: number) => Promise<Page<T>>): Promise<T[]> {
  const found: T[] = []
  let before: number | null = Number.MAX_SAFE_INTEGER
  for (let reads = 0; reads < mostReads && before !== null && found.length < count; reads++) {
    const { items, next }: Page<T> = await read(before)
    found.push(...items)
    before = next
  }
  return found.slice(0, count)
}

/**
 * Merges several lists, each newest first and read off its own index range. A single query over several values of an
 * index's first columns would have to sort. Returns at once if every list is there.
 */
export function mergeNewestFirst<Row extends { id: number }>(
  lists: readonly Soon<Row[]>[],
  count: number,
): Soon<Row[]> {
  return mergeSorted(lists, count, (a, b) => b.id - a.id)
}

/** Does the same for lists in another order, which `compare` defines. */
export function mergeSorted<Row>(
  lists: readonly Soon<Row[]>[],
  count: number,
  compare: (a: Row, b: Row) => number,
): Soon<Row[]> {
  const merge = (rows: Row[][]) => rows.flat().sort(compare).slice(0, count)
  const ready = lists.flatMap((list) => (list instanceof Promise ? [] : [list]))
  return ready.length === lists.length ? merge(ready) : Promise.all(lists).then(merge)
}
