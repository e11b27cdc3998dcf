/** What a list was asked for: where to begin and how many items to give. */
export interface PageRequest {
  /** Only items with a smaller id. */
  before: number
  size: number
}

/** One page: its items, and the id of the last one if more may follow. */
export interface Page<T> {
  items: T[]
  next: number | null
}

/** A page from rows of which one more than asked for was read. `rows` come newest first. */
export function toPage<Row extends { id: number }, T>(rows: Row[], size: number, item: (row: Row) => T): Page<T> {
  const shown = rows.slice(0, size)
  return { items: shown.map(item), next: rows.length > size ? (shown.at(-1)?.id ?? null) : null }
}

/**
 * One list out of several, each newest first and read off its own index range: what a query over several values of
 * an index's first columns would have to sort.
 */
export async function mergeNewestFirst<Row extends { id: number }>(
  lists: readonly Promise<Row[]>[],
  count: number,
): Promise<Row[]> {
  const rows = (await Promise.all(lists)).flat()
  return rows.sort((a, b) => b.id - a.id).slice(0, count)
}
