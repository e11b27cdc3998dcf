import { detailOf, matcher, summaryOf } from './open-call.ts'
import type { LoggedCall, RequestLog } from './request-log.ts'
import type { ReviewedCall } from './review-app.ts'
import { mapInTurns, taken } from './take-calls.ts'
import type { CallDetail, CallSummary, LogFilters } from './told-call.ts'

/** The forms in which calls are told: none has secrets in it, but that of a review, which nobody is shown. */
export interface CallForms {
  summary: CallSummary
  detail: CallDetail
  review: ReviewedCall
}

/** Which calls are asked for. */
export interface CallQuestion<Form extends keyof CallForms> {
  form: Form
  filters: LogFilters
  /** Only those with lower numbers. Default: all. */
  before?: number | undefined
  /** At most this many. Default: all. */
  most?: number | undefined
}

/** Calls, newest first. */
export interface CallPage<Form extends keyof CallForms> {
  items: CallForms[Form][]
  /** Whether there are more. */
  isCut: boolean
}

/** Calls that are told as they come. */
export interface Following {
  /** Resolves when those have been told that were there. */
  begun: Promise<void>
  end(): void
}

/** The request log, as it may be told: by one server, or by all that share their data. */
export interface ToldCalls {
  /** Returns the calls that match. Throws a 400. */
  list<Form extends keyof CallForms>(question: CallQuestion<Form>): Promise<CallPage<Form>>
  /** Returns a call by its number or the id of its request; undefined if there is none. */
  find(id: string): Promise<CallDetail | undefined>
  /** Sends a call again, and returns the new one; undefined if there is none. Throws a 400. */
  replay(id: string): Promise<CallDetail | undefined>
  /** Tells of the calls that match from now on; before, of at most `past` of those that are there. Throws a 400. */
  follow(filters: LogFilters, past: number, tell: (call: CallSummary) => void): Following
  /** Forgets all calls. */
  clear(): Promise<void>
  /** Aborted when the server ends. */
  closed: AbortSignal
}

export interface ToldCallsOptions {
  /** Sends a call again, and returns it as logged. */
  replay: (call: LoggedCall) => Promise<LoggedCall>
  publicUrl: () => string
}

/** Tells of the calls in the log of a server. */
export function ownCalls(log: RequestLog, { replay, publicUrl }: ToldCallsOptions): ToldCalls {
  const found = (id: string) => log.byId(Number(id)) ?? log.byRequestId(id)
  const detail = (call: LoggedCall) => detailOf(call, publicUrl())
  const forms: { [Form in keyof CallForms]: (call: LoggedCall) => CallForms[Form] } = {
    summary: summaryOf,
    detail,
    review: (call) => call,
  }

  return {
    async list<Form extends keyof CallForms>({ form, filters, before, most }: CallQuestion<Form>) {
      const limit = most ?? Number.POSITIVE_INFINITY
      const calls = await taken(
        log.newestBefore(before ?? Number.POSITIVE_INFINITY),
        matcher(filters),
        limit === Number.POSITIVE_INFINITY ? limit : limit + 1,
      )
      const items = await mapInTurns(calls.slice(0, limit), forms[form])
      return { items, isCut: calls.length > limit }
    },

    async find(id) {
      const call = found(id)
      return call && detail(call)
    },

    async replay(id) {
      const call = found(id)
      return call && detail(await replay(call))
    },

    follow(filters, past, tell) {
      const matches = matcher(filters)
      let later: LoggedCall[] | undefined = []
      const end = log.watch((call) => {
        if (!matches(call)) return
        if (later) later.push(call)
        else tell(summaryOf(call))
      })
      const begin = async () => {
        const calls = past > 0 ? await taken(log.oldestFirst(), matches, past) : []
        for (const call of calls) tell(summaryOf(call))
        for (const call of later ?? []) tell(summaryOf(call))
        later = undefined
      }
      return { begun: begin(), end }
    },

    clear: async () => log.clear(),
    closed: log.closed,
  }
}
