import { pinterestVersion, type resources } from '@pinfold/contract'
import { harEntry } from '../control/har.ts'
import { detailOf, matcher, summaryOf } from '../control/open-call.ts'
import type { LoggedCall, RequestLog } from '../control/request-log.ts'
import { mapInTurns, taken } from '../control/take-calls.ts'
import type { CallDetail } from '../control/told-call.ts'
import { waitForCalls } from '../control/wait-for-calls.ts'
import { ApiError, invalid } from '../core/errors.ts'
import type { Handlers } from '../http/handlers.ts'
import type { Services } from './services.ts'

type Control = typeof resources.control

/** The operations of the request log. */
export function requestLogApi({
  bookmarks,
  control,
  publicUrl,
  replay,
}: Pick<Services, 'bookmarks' | 'control' | 'publicUrl' | 'replay'>): Pick<
  Handlers<Control>,
  'listRequests' | 'waitForRequests' | 'exportRequests' | 'getRequest' | 'replayRequest' | 'clearRequests'
> {
  const theLog = () => openLog(control.requestLog)
  const found = (id: string): LoggedCall => {
    const log = theLog()
    const call = log.byId(Number(id)) ?? log.byRequestId(id)
    if (!call) throw new ApiError('requestNotFound', { detail: 'The oldest are forgotten.' })
    return call
  }
  const detail = (call: LoggedCall): CallDetail => detailOf(call, publicUrl())

  return {
    async listRequests({ query }) {
      const { bookmark: _, page_size: __, ...filters } = query
      const listName = `requests ${JSON.stringify(filters)}`
      const { before, size } = bookmarks.read(listName, query)
      const calls = await taken(theLog().newestBefore(before), matcher(filters), size + 1)
      const last = calls.length > size ? calls[size - 1] : undefined
      return { items: calls.slice(0, size).map(summaryOf), bookmark: last ? bookmarks.write(listName, last.id) : null }
    },

    async waitForRequests({ query }) {
      const { count = 1, timeout_seconds: seconds = 30, ...filters } = query
      const calls = await waitForCalls(theLog(), matcher(filters), { count, ms: seconds * 1000 })
      return { items: calls.map(summaryOf), is_complete: calls.length === count }
    },

    async exportRequests({ query }) {
      const calls = await taken(theLog().oldestFirst(), matcher(query))
      const entries = await mapInTurns(calls, (call) => harEntry(detail(call), publicUrl()))
      return { log: { version: '1.2', creator: { name: 'Pinfold', version: pinterestVersion }, entries } }
    },

    getRequest: ({ params }) => detail(found(params.request_id)),

    replayRequest: async ({ params }) => detail(await replay(found(params.request_id))),

    clearRequests() {
      theLog().clear()
      return undefined
    },
  }
}

/** Returns the log, if there is one. Throws a 400. */
function openLog(log: RequestLog | undefined): RequestLog {
  if (!log) throw invalid('This server keeps no log of requests: it was started with --no-request-log.')
  return log
}
