import { useEffect, useState } from 'react'
import { ApiFailure } from '../api/call.ts'
import { type LogFilters, type LoggedRequest, listRequests, waitForRequests } from './calls.ts'

/** The requests of the log that match, as they come. */
export interface Requests {
  /** Newest first; undefined until they are known. */
  items: readonly LoggedRequest[] | undefined
  /** The numbers of those that came just now. */
  come: ReadonlySet<string>
  error: Error | undefined
  hasOlder: boolean
  readOlder: () => void
  /** Reads all anew. */
  readAgain: () => void
}

/** So many are read at once, and kept in the page. */
const pageSize = 100
const mostKept = 2000
/** How long the server waits for the next. */
const waitSeconds = 25
/** After a failure that may pass. */
const againMs = 3000

interface Kept {
  items: readonly LoggedRequest[]
  bookmark: string | null
  come: ReadonlySet<string>
}

const none: ReadonlySet<string> = new Set()

/** Reads the requests that match, and, unless `isPaused`, those that come. */
export function useRequests(filters: LogFilters, isPaused: boolean): Requests {
  const [kept, setKept] = useState<Kept>()
  const [error, setError] = useState<Error>()
  const [round, setRound] = useState(0)
  const key = JSON.stringify(filters)

  // biome-ignore lint/correctness/useExhaustiveDependencies: the filters by what they say
  useEffect(() => {
    const ending = new AbortController()
    setError(undefined)
    setKept(undefined)
    listRequests({ query: { ...filters, page_size: pageSize } }, { signal: ending.signal }).then(
      (page) => !ending.signal.aborted && setKept({ ...page, come: none }),
      (failure: Error) => !ending.signal.aborted && setError(failure),
    )
    return () => ending.abort()
  }, [key, round])

  const isKnown = kept !== undefined
  const newest = kept?.items[0]?.id
  // biome-ignore lint/correctness/useExhaustiveDependencies: it goes on from the newest that is known
  useEffect(() => {
    if (!isKnown || isPaused) return
    const ending = new AbortController()
    const { signal } = ending
    void follow({ ...filters, since: newest ?? filters.since ?? '0' }, signal, (come) =>
      setKept((before) => before && withNewer(before, come)),
    ).catch((failure: Error) => !signal.aborted && setError(failure))
    return () => ending.abort()
  }, [key, round, isKnown, isPaused, newest])

  return {
    items: kept?.items,
    come: kept?.come ?? none,
    error,
    hasOlder: kept?.bookmark != null,
    readOlder: () => {
      if (!kept?.bookmark) return
      const query = { ...filters, page_size: pageSize, bookmark: kept.bookmark }
      void listRequests({ query }).then((page) => setKept((before) => before && withOlder(before, page)), setError)
    },
    readAgain: () => setRound((before) => before + 1),
  }
}

/** Waits for requests that match, and hands them over, newest first, once. Throws what does not pass. */
async function follow(
  filters: LogFilters,
  signal: AbortSignal,
  take: (come: readonly LoggedRequest[]) => void,
): Promise<void> {
  while (!signal.aborted) {
    try {
      const { items } = await waitForRequests(
        { query: { ...filters, count: 1, timeout_seconds: waitSeconds } },
        { signal },
      )
      if (items.length === 0) continue
      // Others may have come with it.
      const page = await listRequests({ query: { ...filters, page_size: 250 } }, { signal })
      return take(page.items)
    } catch (error) {
      if (signal.aborted) return
      if (error instanceof ApiFailure && error.status >= 400 && error.status < 500 && error.status !== 429) throw error
      await new Promise((resolve) => setTimeout(resolve, againMs))
    }
  }
}

function withNewer({ items, bookmark }: Kept, newer: readonly LoggedRequest[]): Kept {
  const known = new Set(items.map(({ id }) => id))
  const come = newer.filter(({ id }) => !known.has(id))
  return {
    items: [...come, ...items].slice(0, mostKept),
    bookmark,
    come: new Set(come.map(({ id }) => id)),
  }
}

function withOlder({ items }: Kept, older: Pick<Kept, 'items' | 'bookmark'>): Kept {
  const known = new Set(items.map(({ id }) => id))
  return { items: [...items, ...older.items.filter(({ id }) => !known.has(id))], bookmark: older.bookmark, come: none }
}
