import { useEffect, useRef, useState } from 'react'
import type { Pin, WatchedList } from '../api/calls.ts'
import { type queries, queryClient } from '../api/queries.ts'
import { isSelecting } from '../pinning/selection.ts'
import { compare, type Difference, type Shown, updated } from './compare.ts'
import { watch } from './watch-list.ts'

/** What happened to a list since it was shown. */
export interface Live {
  /** How many Pins wait to be shown. */
  waiting: number
  /** Shows them. */
  show: () => void
  /** The ids of Pins that are there no more, whose places are kept. */
  gone: ReadonlySet<string>
  /** The ids of those that came just now. */
  come: ReadonlySet<string>
}

type ListQuery = ReturnType<typeof queries.feed>

/** At most this many pages after the first are looked at again; and those in the window. */
const pagesAgain = 3
/** From so far down the page on, nothing moves. */
const nearTop = 80
const none: ReadonlySet<string> = new Set()

/** Whether what somebody looks at may move. */
const mayMove = (): boolean =>
  scrollY < nearTop && !isSelecting() && document.querySelector('dialog[open], :popover-open') === null

/**
 * Keeps a list as it is at the server while it is shown: at the top of the page Pins come and go at once, further down
 * new ones wait, and places stay. `watched`: undefined for a list that stays as it was read.
 */
export function useLive(query: ListQuery, watched: WatchedList | undefined): Live {
  const [difference, setDifference] = useState<Difference>()
  const [come, setCome] = useState(none)
  const key = JSON.stringify(query.queryKey)
  const latest = useRef(query)
  latest.current = query
  const name = watched && JSON.stringify(watched)

  const apply = (change: Difference) => {
    setDifference(undefined)
    setCome(new Set(change.come.map(({ id }) => id)))
    if (change.isOther) void queryClient.resetQueries({ queryKey: latest.current.queryKey, exact: true })
    else queryClient.setQueryData(latest.current.queryKey, (shown) => shown && updated(shown, change))
  }
  const applying = useRef(apply)
  applying.current = apply

  // biome-ignore lint/correctness/useExhaustiveDependencies: the names of the list and of what is watched say all
  useEffect(() => {
    if (!watched) return
    const ending = new AbortController()
    const changed = async (newest: string | null, isFirst: boolean) => {
      const shown = await queryClient.ensureInfiniteQueryData(latest.current)
      if (isFirst && (newest === null || has(shown, newest))) return
      const change = await differenceOf(latest.current, shown, ending.signal)
      if (ending.signal.aborted || (change.come.length === 0 && change.gone.size === 0)) return
      if (watched.board_id !== undefined)
        void queryClient.invalidateQueries({ queryKey: ['board', watched.board_id], exact: true })
      if (mayMove()) applying.current(change)
      else setDifference(change)
    }
    void watch(watched, changed, ending.signal)
    return () => {
      ending.abort()
      setDifference(undefined)
    }
  }, [key, name])

  return {
    waiting: difference?.come.length ?? 0,
    show() {
      if (!difference) return
      scrollTo(0, 0)
      apply(difference)
    },
    gone: difference?.gone ?? none,
    come,
  }
}

const has = ({ pages }: Shown, id: string): boolean => pages.some(({ items }) => items.some((pin) => pin.id === id))

/** Reads a list again as far as it may have changed, and compares it with what is shown. */
async function differenceOf({ readPage }: ListQuery, shown: Shown, signal: AbortSignal): Promise<Difference> {
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
