import type { InfiniteData } from '@tanstack/react-query'
import type { Pin, PinView } from './calls.ts'
import { queryClient } from './queries.ts'

/** A list as it is kept. Of other answers nothing is changed here. */
type Kept = Partial<InfiniteData<{ items?: Pin[] }>> | undefined

/** The lists with Pins in them: the first of each key. */
const pinLists = ['feed', 'related', 'profile', 'board', 'search']
const isPinList = ({ queryKey }: { queryKey: readonly unknown[] }): boolean => pinLists.includes(String(queryKey[0]))

/** Returns a Pin as a list that is kept has it; undefined if none has. */
export function findPin(id: string): Pin | undefined {
  for (const [, kept] of queryClient.getQueriesData<NonNullable<Kept>>({ predicate: isPinList }))
    for (const { items } of kept?.pages ?? [])
      for (const pin of items ?? []) if (pin.id === id && 'media' in pin) return pin
  return undefined
}

/** Changes the Pins of every list that is kept. `change`: returns what is shown in place of a Pin; undefined: nothing. */
function changePins(change: (pin: Pin) => Pin | undefined): void {
  queryClient.setQueriesData({ predicate: isPinList }, (kept: Kept) => {
    if (!kept?.pages) return kept
    const pages = kept.pages.map((page) =>
      page.items ? { ...page, items: page.items.flatMap((item) => change(item) ?? []) } : page,
    )
    return { ...kept, pages }
  })
}

/** Takes Pins out of every list, before the server has answered. Returns a function that puts them back. */
export function hidePins(ids: ReadonlySet<string>): () => void {
  const before = queryClient.getQueriesData({ predicate: isPinList })
  changePins((pin) => (ids.has(pin.id) ? undefined : pin))
  return () => {
    for (const [key, data] of before) queryClient.setQueryData(key, data)
  }
}

/** Shows a changed Pin wherever it is kept. */
export function showChanged(changed: Pin): void {
  changePins((pin) => (pin.id === changed.id ? { ...pin, ...changed } : pin))
  queryClient.setQueryData(['pin', changed.id], (view: PinView | undefined) =>
    view ? { ...view, pin: { ...view.pin, ...changed } } : view,
  )
}

/** Reads again, when it is shown next, everything that a change of Pins or boards may have changed. */
export const readAgain = (): Promise<void> =>
  queryClient.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' })
