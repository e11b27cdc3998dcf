import { useEffect, useRef, useState } from 'react'
import type { WatchedList } from '../api/calls.ts'
import { queries, queryClient } from '../api/queries.ts'
import { isArranging } from '../arranging/under-way.ts'
import { isSelecting } from '../pinning/selection.ts'
import type { Difference, Shown } from './compare.ts'

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

/** A list of Pins that can be read page by page. */
export type ListQuery = ReturnType<typeof queries.feed>

/** From so far down the page on, nothing moves. */
const nearTop = 80
/** Of so many Pins that are not where they were it is asked whether they are there still. */
const mostAsked = 8
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
      const { differenceOf } = await import('./difference.ts')
      const change = await differenceOf(latest.current, shown, ending.signal)
      if (ending.signal.aborted || isArranging()) return
      if (change.isRearranged || (await areMoved(change.gone, watched.board_id))) {
        // In a list that stays where it is it is read when it is shown again.
        void queryClient.invalidateQueries({
          queryKey: latest.current.queryKey,
          exact: true,
          refetchType: mayMove() ? 'active' : 'none',
        })
        return
      }
      if (change.come.length === 0 && change.gone.size === 0) return
      if (watched.board_id !== undefined)
        void queryClient.invalidateQueries({ queryKey: ['board', watched.board_id], exact: true })
      if (mayMove()) applying.current(change)
      else setDifference(change)
    }
    void import('./watch-list.ts').then(
      ({ watch }) => watch(watched, changed, ending.signal),
      () => undefined, // Without its code the list stays as it was read.
    )
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

/** Whether some Pins that are not where they were on a board are on it still. Of many that is not asked. */
async function areMoved(ids: ReadonlySet<string>, boardId: string | undefined): Promise<boolean> {
  if (boardId === undefined || ids.size === 0) return false
  const found = await Promise.all(
    [...ids].slice(0, mostAsked).map((id) =>
      queryClient.fetchQuery({ ...queries.pin(id), staleTime: 0, retry: false }).then(
        ({ pin }) => pin.board_id === boardId,
        () => false,
      ),
    ),
  )
  return found.includes(true)
}

const has = ({ pages }: Shown, id: string): boolean => pages.some(({ items }) => items.some((pin) => pin.id === id))

/** Returns the list with what came at its top, and without what is gone. */
export function updated(shown: Shown, { come, gone }: Difference): Shown {
  const known = new Set(shown.pages.flatMap(({ items }) => items.map(({ id }) => id)))
  const pages = shown.pages.map((page, i) => ({
    ...page,
    items: [
      ...(i === 0 ? come.filter(({ id }) => !known.has(id)) : []),
      ...page.items.filter(({ id }) => !gone.has(id)),
    ],
  }))
  return { ...shown, pages }
}
