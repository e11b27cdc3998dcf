import { invalid } from '../core/errors.ts'
import { type Others, type OthersOptions, othersOf } from '../core/others.ts'
import type { SharedMemory } from '../core/shared-memory.ts'
import { matcher } from './open-call.ts'
import type { RequestLog } from './request-log.ts'
import { reviewedAcrossServers } from './review-app.ts'
import type { CallDetail, CallSummary, LogFilters } from './told-call.ts'
import {
  type CallForms,
  type CallPage,
  type CallQuestion,
  ownCalls,
  type ToldCalls,
  type ToldCallsOptions,
} from './told-calls.ts'
import { type WatchedCalls, watchedCalls } from './watched-calls.ts'

/** What one server asks the others about their logs. */
type Asked =
  | ({ what: 'list' } & CallQuestion<keyof CallForms>)
  | { what: 'find' | 'replay'; id: string }
  | { what: 'clear' }

/** The request logs of servers that share their data, told as one. */
export interface SharedCalls extends ToldCalls {
  /**
   * Has this server and others tell of each other's calls from now on. `topic`: those who name the same do. `number` returns
   * this one's, below 32: calls are numbered by the time, and by that within it.
   */
  share(memory: SharedMemory, options: { topic: string; number: () => number }): void
  /** Tells nobody any more. */
  unshare(): void
}

/** What may be sent again takes as long as that. */
const longestReplayMs = 35_000
/** An answer to another server has at most about this many characters; what is longer comes in several. */
const mostChars = 256 * 1024
/** What is gathered from all servers at once has at most about this many: beyond it the oldest are left out. */
const mostGatheredChars = 48 * 1024 * 1024

/** Calls are numbered in tens of microseconds since then, times 32, so that their numbers are exact for 80 years. */
const numberedSince = Date.UTC(2026, 0)
const mostServers = 32

/**
 * Tells of the calls in `log`, and shares what it tells when it is asked to. Each server keeps its own calls, and is asked when somebody wants to see them: to keep one
 * costs nothing more, and what is told elsewhere has no secrets in it.
 */
export function sharedCalls(
  log: RequestLog,
  { warnings, ...options }: ToldCallsOptions & { warnings: OthersOptions['log'] },
): SharedCalls {
  const own = ownCalls(log, options)
  let shared: { topic: string; others: Others; watched: WatchedCalls } | undefined

  async function answer(question: unknown): Promise<unknown> {
    const asked = question as Asked
    if (asked.what === 'list') return fitting(await listed(asked))
    if (asked.what === 'clear') return own.clear()
    if (asked.what === 'find') return (await own.find(asked.id)) ?? null
    try {
      return (await own.replay(asked.id)) ?? null
    } catch (error) {
      return { problem: (error as Error).message }
    }
  }

  /** What this server tells others: of a review, nothing that may be secret. */
  async function listed<Form extends keyof CallForms>(question: CallQuestion<Form>): Promise<CallPage<Form>> {
    const page = await own.list(question)
    if (question.form !== 'review') return page
    return { ...page, items: (page as CallPage<'review'>).items.map(reviewedAcrossServers) as CallForms[Form][] }
  }

  /** Returns a page of all servers. What is older than where the answer of one breaks off comes with the next. */
  async function pageOfAll<Form extends keyof CallForms>(
    others: Others,
    question: CallQuestion<Form>,
  ): Promise<CallPage<Form>> {
    const [mine, theirs] = await Promise.all([
      listed(question).then(fitting),
      others.ask<CallPage<Form> | undefined>({ what: 'list', ...question }),
    ])
    const pages = [mine, ...theirs.filter((page) => page !== undefined && page !== null)]
    const lowest = Math.max(0, ...pages.map(({ items, isCut }) => (isCut ? numberOf(items.at(-1)) : 0)))
    const items = pages
      .flatMap((page) => page.items)
      .filter((item) => numberOf(item) >= lowest)
      .sort((a, b) => numberOf(b) - numberOf(a))
    return { items, isCut: lowest > 0 }
  }

  async function find(id: string): Promise<CallDetail | undefined> {
    const mine = await own.find(id)
    if (mine || !shared) return mine
    return answered(await shared.others.ask<CallDetail | null>({ what: 'find', id }, { isEnough: Boolean }))
  }

  function unshare(): void {
    shared?.others.end()
    shared?.watched.end()
    shared = undefined
  }

  return {
    find,
    unshare,

    async list<Form extends keyof CallForms>(question: CallQuestion<Form>) {
      if (!shared) return own.list(question)
      matcher(question.filters)
      const limit = question.most ?? Number.POSITIVE_INFINITY
      const items: CallForms[Form][] = []
      let { before } = question
      let chars = 0
      for (;;) {
        const most = Math.min(limit - items.length, 1000)
        const page = await pageOfAll(shared.others, { ...question, before, most })
        items.push(...page.items)
        // The length of all is not worth what it costs to find out.
        chars += JSON.stringify(page.items.at(-1) ?? '').length * page.items.length
        before = numberOf(page.items.at(-1))
        if (items.length > limit) return { items: items.slice(0, limit), isCut: true }
        if (!page.isCut || items.length === limit) return { items, isCut: page.isCut }
        if (chars > mostGatheredChars) return { items, isCut: true }
      }
    },

    async replay(id) {
      if (!shared || (await own.find(id)) || !(await find(id))) return own.replay(id)
      const options = { ms: longestReplayMs, isEnough: Boolean }
      const call = answered(
        await shared.others.ask<CallDetail | { problem: string } | null>({ what: 'replay', id }, options),
      )
      if (call && 'problem' in call) throw invalid(call.problem)
      return call
    },

    follow(filters: LogFilters, past: number, tell: (call: CallSummary) => void) {
      const mine = own.follow(filters, past, tell)
      const theirs = shared?.watched.follow(filters, past, tell)
      return {
        begun: Promise.all([mine.begun, theirs?.begun]).then(() => {}),
        end() {
          mine.end()
          theirs?.end()
        },
      }
    },

    async clear() {
      await own.clear()
      await shared?.others.ask({ what: 'clear' })
    },

    closed: own.closed,

    share(memory, { topic, number }) {
      if (shared?.topic === topic) return
      unshare()
      log.numberBy((last) => {
        const now = (Date.now() - numberedSince) * 100
        return Math.max(now, Math.floor(last / mostServers) + 1) * mostServers + number()
      })
      shared = {
        topic,
        others: othersOf(memory, { topic, answer, log: warnings }),
        watched: watchedCalls(memory, { topic: `${topic} watch`, own }),
      }
    },
  }
}

const numberOf = (call: { id: string | number } | undefined): number => Number(call?.id ?? 0)

const answered = <T>(answers: readonly (T | null)[]): T | undefined =>
  answers.find((each) => each !== null) ?? undefined

/** Returns as much of a page as fits into an answer: one call at least. */
function fitting<Form extends keyof CallForms>({ items, isCut }: CallPage<Form>): CallPage<Form> {
  let chars = 0
  let count = 0
  for (const item of items) {
    chars += JSON.stringify(item).length
    if (count > 0 && chars > mostChars) return { items: items.slice(0, count), isCut: true }
    count++
  }
  return { items, isCut }
}
