import { ApiError } from '../../core/errors.ts'
import type { SharedMemory } from '../../core/shared-memory.ts'

/** What tells whether a list is as it was. */
export interface ListState {
  /** The same as long as nothing came, went or moved. */
  version: string
  /** The Pin that was made last; null if there is none. */
  newest: number | null
}

/** A list that somebody looks at. */
export interface WatchedList {
  /** The same for all who see the same of it: it is read once for all of them. */
  key: string
  /** Reads its state. */
  read(): Promise<ListState>
}

/** Whom a wait counts against. */
type Asker = number | string

/** Waits for lists to change. */
export interface ListWatch {
  /**
   * Resolves when a list has another version than `since`, after 25 s, or earlier when the asker waits for more than 32
   * lists. Throws a 429 when all askers wait for too many.
   */
  changed(list: WatchedList, since: string, asker: Asker): Promise<void>
  /** Says that something was written, so that it is looked at once. */
  written(): void
  /** Ends every wait, and takes no more. */
  close(): void
}

/** Lists are read this often: also what another process wrote is seen. */
const everyMs = 700
/** After news, this soon, since more may come; and not earlier than this after the last time. */
const [soonMs, leastMs] = [20, 250]
/** A wait ends after this: proxies close connections that are silent for longer. */
const longestMs = 25_000
const mostPerAsker = 32
const mostWaits = 4000
/** At most this many lists are read at a time, and the others the next time. */
const mostReads = 200
const readsAtOnce = 8

interface Wait {
  list: WatchedList
  since: string
  asker: Asker
  end: () => void
}

/**
 * Makes the waits of a process. While nobody waits it reads nothing. With `memory`, servers tell each other that something
 * was written, and look at once.
 */
export function listWatchOf(memory?: SharedMemory): ListWatch {
  /** By the keys of their lists, in the order in which these are read next. */
  const waits = new Map<string, Set<Wait>>()
  const byAsker = new Map<Asker, Set<Wait>>()
  let count = 0
  let timer: NodeJS.Timeout | undefined
  let isClosed = false
  let isLooking = false
  let lookedAt = 0

  function add(wait: Wait): void {
    waits.set(wait.list.key, (waits.get(wait.list.key) ?? new Set()).add(wait))
    const own = (byAsker.get(wait.asker) ?? new Set()).add(wait)
    byAsker.set(wait.asker, own)
    count++
    const [oldest] = own
    if (own.size > mostPerAsker) oldest?.end()
    timer ??= setTimeout(look, everyMs)
  }

  function remove(wait: Wait): void {
    drop(waits, wait.list.key, wait)
    drop(byAsker, wait.asker, wait)
    count--
  }

  /** Reads a list once for all who wait for it, and ends the waits of those who know another version. */
  async function lookAt(key: string): Promise<void> {
    const [first] = waits.get(key) ?? []
    if (!first) return
    // What cannot be read has changed: whoever waits asks again, and is told why.
    const version = await first.list.read().then(
      (state) => state.version,
      () => undefined,
    )
    for (const wait of [...(waits.get(key) ?? [])]) if (wait.since !== version) wait.end()
  }

  /** Looks earlier than it would, after news. */
  function lookSoon(): void {
    if (timer === undefined || isLooking || isClosed) return
    clearTimeout(timer)
    timer = setTimeout(look, Math.max(soonMs, lookedAt + leastMs - performance.now()))
  }
  memory?.hear('written', lookSoon)

  async function look(): Promise<void> {
    isLooking = true
    lookedAt = performance.now()
    const due = [...waits.keys()].slice(0, mostReads)
    const next = due.values()
    const work = async () => {
      for (const key of next) await lookAt(key)
    }
    await Promise.all(Array.from({ length: readsAtOnce }, work))
    // To the end of the order, so that each has its turn.
    for (const key of due) {
      const all = waits.get(key)
      if (all && waits.size > mostReads) waits.delete(key)
      if (all && !waits.has(key)) waits.set(key, all)
    }
    isLooking = false
    timer = waits.size > 0 && !isClosed ? setTimeout(look, everyMs) : undefined
  }

  return {
    written() {
      lookSoon()
      memory?.tell('written', null)
    },

    changed(list, since, asker) {
      if (isClosed) return Promise.resolve()
      if (count >= mostWaits)
        throw new ApiError('rateLimited', {
          detail: `${mostWaits} requests wait for changes already. Try again in 30 s.`,
          headers: { 'retry-after': '30' },
        })
      return new Promise((resolve) => {
        const wait: Wait = {
          ...{ list, since, asker },
          end() {
            clearTimeout(ending)
            remove(wait)
            resolve()
          },
        }
        const ending = setTimeout(wait.end, longestMs)
        add(wait)
      })
    },

    close() {
      isClosed = true
      clearTimeout(timer)
      for (const all of [...waits.values()]) for (const wait of [...all]) wait.end()
    },
  }
}

function drop<Key>(sets: Map<Key, Set<Wait>>, key: Key, wait: Wait): void {
  const all = sets.get(key)
  all?.delete(wait)
  if (all?.size === 0) sets.delete(key)
}
