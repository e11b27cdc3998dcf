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
/** What comes in so short a time is shown at once. */
const togetherMs = 250
/** After a failure that may pass. */
const againMs = 3000

interface Kept {
  /** The filters that they match. */
  key: string
  /** Which reading of them it was. */
  round: number
  items: readonly LoggedRequest[]
  bookmark: string | null
  come: ReadonlySet<string>
}

const none: ReadonlySet<string> = new Set()

/** Reads the requests that match, and, unless `isPaused`, those that come. */
export function useRequests(filters: LogFilters, isPaused: boolean): Requests {
  const [last, setKept] = useState<Kept>()
  const [error, setError] = useState<Error>()
  const [round, setRound] = useState(0)
  const key = JSON.stringify(filters)
  const kept = last?.key === key ? last : undefined

  // biome-ignore lint/correctness/useExhaustiveDependencies: the filters by what they say
  useEffect(() => {
    const ending = new AbortController()
    setError(undefined)
    listRequests({ query: { ...filters, page_size: pageSize } }, { signal: ending.signal }).then(
      (page) => !ending.signal.aborted && setKept({ ...page, key, round, come: none }),
      (failure: Error) => !ending.signal.aborted && setError(failure),
    )
    return () => ending.abort()
  }, [key, round])

  const newest = kept?.items[0]?.id
  // biome-ignore lint/correctness/useExhaustiveDependencies: it goes on from the newest that is known
  useEffect(() => {
    // While all are read anew there is nothing to go on from.
    if (kept?.round !== round || isPaused) return
    const ending = new AbortController()
    const { signal } = ending
    void follow({ ...filters, since: newest ?? filters.since ?? '0' }, signal, (come) => {
      // With a gap, or with too many to keep, it begins anew.
      if (come === undefined || kept.items.length + come.length > mostKept) setRound((before) => before + 1)
      else setKept((before) => before && withNewer(before, come))
    }).catch((failure: Error) => !signal.aborted && setError(failure))
    return () => ending.abort()
  }, [key, round, kept?.round, isPaused, newest])

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

/**
 * Waits for requests that match, and hands them over, newest first, once; undefined if more have come than are read at
 * once. Throws what does not pass.
 */
async function follow(
  filters: LogFilters,
  signal: AbortSignal,
  take: (come: readonly LoggedRequest[] | undefined) => void,
): Promise<void> {
  while (!signal.aborted) {
    try {
      const { items } = await waitForRequests(
        { query: { ...filters, count: 1, timeout_seconds: waitSeconds } },
        { signal },
      )
      if (items.length === 0) continue
      await pause(togetherMs)
      const page = await listRequests({ query: { ...filters, page_size: 250 } }, { signal })
      return take(page.bookmark === null ? page.items : undefined)
    } catch (error) {
      if (signal.aborted) return
      if (error instanceof ApiFailure && error.status >= 400 && error.status < 500 && error.status !== 429) throw error
      await pause(againMs)
    }
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

function withNewer(kept: Kept, newer: readonly LoggedRequest[]): Kept {
  const known = new Set(kept.items.map(({ id }) => id))
  const come = newer.filter(({ id }) => !known.has(id))
  return { ...kept, items: [...come, ...kept.items], come: new Set(come.map(({ id }) => id)) }
}

function withOlder(kept: Kept, { items, bookmark }: Pick<Kept, 'items' | 'bookmark'>): Kept {
  const known = new Set(kept.items.map(({ id }) => id))
  return { ...kept, items: [...kept.items, ...items.filter(({ id }) => !known.has(id))], bookmark, come: none }
}
