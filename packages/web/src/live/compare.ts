import type { InfiniteData } from '@tanstack/react-query'
import type { Pin } from '../api/calls.ts'

/** A list as it is shown, page by page. */
export type Shown = InfiniteData<{ items: Pin[]; bookmark: string | null }>

/** How a list has changed since it was read. */
export interface Difference {
  /** The Pins that came, in their order. */
  come: Pin[]
  /** The ids of those that are there no more. */
  gone: ReadonlySet<string>
  /** Whether the list is another one: what it begins with has nothing of what is shown. */
  isOther: boolean
  /** Whether what is there still stands in another order. */
  isRearranged: boolean
}

/**
 * Compares a list with how it is now. `start`: the first Pins as they are now, more of them than the first page has.
 * `isWhole`: whether these are all. `later`: how later pages are now, by their number.
 */
export function compare(
  shown: Shown,
  { start, isWhole }: { start: readonly Pin[]; isWhole: boolean },
  later: ReadonlyMap<number, readonly Pin[]>,
): Difference {
  const known = new Set(shown.pages.flatMap(({ items }) => items.map(({ id }) => id)))
  const lastShown = start.findLastIndex(({ id }) => known.has(id))
  const isOther = known.size > 0 && start.length > 0 && lastShown === -1
  // What stands behind the last one that is shown was there before, and was not read yet; unless all was read.
  const reachesTo = isWhole || lastShown === -1 ? start.length : lastShown
  const come = start.slice(0, reachesTo).filter(({ id }) => !known.has(id))
  const gone = new Set<string>()
  const there = new Set(start.map(({ id }) => id))
  // What came pushes the last ones out of what was read: of these nothing is known.
  const first = shown.pages[0]?.items ?? []
  const lastKnown = first.findLastIndex(({ id }) => there.has(id))
  for (const [i, { id }] of first.entries()) if (!there.has(id) && (isWhole || i <= lastKnown)) gone.add(id)
  for (const [page, items] of later) {
    const now = new Set([...there, ...items.map(({ id }) => id)])
    for (const { id } of shown.pages[page]?.items ?? []) if (!now.has(id)) gone.add(id)
  }
  const isRearranged = !sameOrder(
    first.map(({ id }) => id).filter((id) => there.has(id)),
    start,
    known,
  )
  return { come, gone, isOther, isRearranged }
}

/** Returns whether things that are shown stand in a list in the same order. */
function sameOrder(ids: readonly string[], start: readonly Pin[], known: ReadonlySet<string>): boolean {
  const now = start.flatMap(({ id }) => (known.has(id) ? [id] : []))
  return ids.every((id, i) => now[i] === id)
}
