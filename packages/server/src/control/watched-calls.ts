import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { SharedMemory } from '../core/shared-memory.ts'
import type { CallSummary, LogFilters } from './told-call.ts'
import type { Following, ToldCalls } from './told-calls.ts'

/** Calls of other servers, told as they come. */
export interface WatchedCalls {
  /** Tells of the calls of others that match, and of at most `past` of each that are there. */
  follow(filters: LogFilters, past: number, tell: (call: CallSummary) => void): Following
  /** Ends it: others are told of no calls any more. */
  end(): void
}

/** Another server's wish to be told. */
interface Wish {
  watch: string
  from: string
  /** Undefined: no longer. */
  filters?: LogFilters
  past: number
}

/** Calls for a watch. `hasBegun`: those that were there have been told with it. */
interface Told {
  watch: string
  calls: CallSummary[]
  hasBegun: boolean
}

/** A wish is said again this often, and holds for this long: whoever dies says no more. */
const [renewMs, holdsMs] = [2000, 7000]
/** Calls wait this long for others to go with. */
const gatherMs = 20
/** At most this many wait; then the oldest are left out. A message has at most this many. */
const [mostWaiting, mostTold] = [5000, 200]
/** Further wishes are not listened to. */
const mostWishes = 1000
/** How long another may take to tell of what is there. */
const beginMs = 2000
/** What all have that are there, for JSON has no larger number. */
const all = 1e9

/** Has servers tell each other of calls that somebody watches at one of them. While nobody does, it costs nothing. */
export function watchedCalls(memory: SharedMemory, { topic, own }: { topic: string; own: ToldCalls }): WatchedCalls {
  const self = randomBytes(9).toString('base64url')
  const granted = new Map<string, { holdsUntil: number; end: () => void }>()
  const wanted = new Map<string, (told: Told) => void>()

  function grant({ watch, from, filters = {}, past }: Wish): void {
    const known = granted.get(watch)
    const holdsUntil = performance.now() + holdsMs
    if (known) known.holdsUntil = holdsUntil
    if (known || granted.size >= mostWishes) return
    const waiting: CallSummary[] = []
    let begun: 'not yet' | 'now' | 'said' = 'not yet'
    let isSending = false
    const send = async () => {
      if (begun === 'said') await delay(gatherMs)
      while (granted.has(watch) && (waiting.length > 0 || begun === 'now')) {
        const calls = waiting.splice(0, mostTold)
        const hasBegun = begun === 'now' && waiting.length === 0
        if (hasBegun) begun = 'said'
        await memory.tell(`${topic} ${from}`, { watch, calls, hasBegun } satisfies Told)
      }
      isSending = false
    }
    const soon = () => {
      if (isSending) return
      isSending = true
      void send()
    }
    granted.set(watch, { holdsUntil, end: () => following.end() })
    const following = own.follow(filters, past, (call) => {
      waiting.push(call)
      if (begun === 'said' && waiting.length > mostWaiting) waiting.shift()
      soon()
    })
    following.begun.then(() => {
      begun = 'now'
      soon()
    })
  }

  function withdraw(watch: string): void {
    granted.get(watch)?.end()
    granted.delete(watch)
  }

  const unhear = [
    memory.hear(topic, (news) => {
      const wish = news as Wish
      if (wish.filters) grant(wish)
      else withdraw(wish.watch)
    }),
    memory.hear(`${topic} ${self}`, (news) => {
      const told = news as Told
      wanted.get(told.watch)?.(told)
    }),
  ]
  const looking = setInterval(() => {
    for (const [watch, { holdsUntil }] of granted) if (holdsUntil < performance.now()) withdraw(watch)
  }, renewMs).unref()

  return {
    follow(filters, past, tell) {
      const watch = randomBytes(9).toString('base64url')
      const begun = Promise.withResolvers<void>()
      let left: number | undefined
      let begins = 0
      wanted.set(watch, ({ calls, hasBegun }) => {
        for (const call of calls) tell(call)
        if (hasBegun && ++begins === left) begun.resolve()
      })
      const wish: Wish = { watch, from: self, filters, past: Math.min(past, all) }
      memory.tell(topic, wish).then((told) => {
        left = told
        if (begins >= told) begun.resolve()
      })
      const renewing = setInterval(() => void memory.tell(topic, { ...wish, past: 0 }), renewMs).unref()
      const late = setTimeout(begun.resolve, beginMs)
      begun.promise.then(() => clearTimeout(late))
      return {
        begun: begun.promise,
        end() {
          clearInterval(renewing)
          wanted.delete(watch)
          begun.resolve()
          void memory.tell(topic, { watch, from: self, past: 0 } satisfies Wish)
        },
      }
    },

    end() {
      clearInterval(looking)
      for (const each of unhear) each()
      for (const watch of [...granted.keys()]) withdraw(watch)
    },
  }
}
