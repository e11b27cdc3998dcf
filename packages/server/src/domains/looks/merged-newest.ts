/** A part of a list of ids: at most `count` below `before`. */
export interface ListRange {
  list: number
  before: number
}

/** Reads some of several lists, newest first, at most `count` of each. */
export type ReadLists = (
  ranges: readonly ListRange[],
  count: number,
) => Promise<readonly { list: number; id: number }[]>

/** A list that is being read: what is left of the part that was read, newest first. */
interface Reading {
  list: number
  ids: number[]
  /** Below which id it is to be read on; null: it is at its end. */
  before: number | null
}

/** At least this many of a list are read at a time. */
const leastAtATime = 16

/**
 * Returns the newest ids of several lists together, each once, newest first. Of each list hardly more is read than is
 * needed: many lists do not take longer than one.
 */
export async function mergedNewest(
  lists: readonly number[],
  { before, count }: { before: number; count: number },
  read: ReadLists,
): Promise<number[]> {
  const readings = lists.map((list): Reading => ({ list, ids: [], before }))
  const merged: number[] = []
  let size = Math.max(leastAtATime, Math.ceil((2 * count) / Math.max(1, lists.length)))
  while (merged.length < count) {
    const short = readings.filter(({ ids, before }) => ids.length < leastAtATime / 2 && before !== null)
    await readOn(short, size, read)
    const isTaken = take(readings, merged, count)
    if (!isTaken) break
    size *= 2
  }
  return merged
}

/** Reads some more of each. */
async function readOn(readings: readonly Reading[], size: number, read: ReadLists): Promise<void> {
  if (readings.length === 0) return
  const rows = await read(
    readings.flatMap(({ list, before }) => (before === null ? [] : [{ list, before }])),
    size,
  )
  const byList = Map.groupBy(rows, ({ list }) => list)
  for (const reading of readings) {
    const more = (byList.get(reading.list) ?? []).map(({ id }) => id).sort((a, b) => b - a)
    reading.ids.push(...more)
    reading.before = more.length < size ? null : (more.at(-1) ?? null)
  }
}

/** Takes the newest ids of all, until a list has to be read on. Returns whether there was one. */
function take(readings: readonly Reading[], merged: number[], count: number): boolean {
  let isTaken = false
  for (;;) {
    if (merged.length === count || readings.some(({ ids, before }) => ids.length === 0 && before !== null))
      return isTaken
    const newest = Math.max(...readings.map(({ ids }) => ids[0] ?? 0))
    if (newest === 0) return isTaken
    for (const { ids } of readings) if (ids[0] === newest) ids.shift()
    merged.push(newest)
    isTaken = true
  }
}
