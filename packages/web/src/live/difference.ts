import type { Pin } from '../api/calls.ts'
import { compare, type Difference, type Shown } from './compare.ts'
import type { ListQuery } from './use-live.ts'

/** At most this many pages after the first are looked at again; and those in the window. */
const pagesAgain = 3
/** Reads a list again as far as it may have changed, and compares it with what is shown. */
export async function differenceOf({ readPage }: ListQuery, shown: Shown, signal: AbortSignal): Promise<Difference> {
  const first = await readPage(null, signal)
  const known = new Set(shown.pages.flatMap(({ items }) => items.map(({ id }) => id)))
  const isPushed = first.items.some(({ id }) => !known.has(id)) && first.bookmark !== null
  const second = isPushed ? await readPage(first.bookmark, signal) : undefined
  const later = new Map<number, readonly Pin[]>()
  for (const page of pagesToRead(shown)) {
    const bookmark = shown.pageParams[page]
    const { items } = await readPage(typeof bookmark === 'string' ? bookmark : null, signal)
    later.set(page, items)
  }
  const start = { start: [...first.items, ...(second?.items ?? [])], isWhole: (second ?? first).bookmark === null }
  return compare(shown, start, later)
}

/** Returns the numbers of the pages after the first that are looked at again. */
function pagesToRead({ pages }: Shown): number[] {
  const seen = new Set(pinsInWindow())
  return pages.flatMap(({ items }, page) =>
    page > 0 && (page <= pagesAgain || items.some(({ id }) => seen.has(id))) ? [page] : [],
  )
}

const pinsInWindow = (): string[] =>
  [...document.querySelectorAll<HTMLElement>('main [data-pin]')].flatMap((link) => {
    const { top, bottom } = link.getBoundingClientRect()
    return bottom > 0 && top < innerHeight ? [link.dataset.pin ?? ''] : []
  })
