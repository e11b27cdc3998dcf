import { pinterestVersion, type resources } from '@pinfold/contract'
import { harEntry } from '../control/har.ts'
import { mapInTurns } from '../control/take-calls.ts'
import type { CallDetail } from '../control/told-call.ts'
import type { ToldCalls } from '../control/told-calls.ts'
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
}: Pick<Services, 'bookmarks' | 'control' | 'publicUrl'>): Pick<
  Handlers<Control>,
  'listRequests' | 'waitForRequests' | 'exportRequests' | 'getRequest' | 'replayRequest' | 'clearRequests'
> {
  const calls = () => openLog(control.calls)

  return {
    async listRequests({ query }) {
      const { bookmark: _, page_size: __, ...filters } = query
      const listName = `requests ${JSON.stringify(filters)}`
      const { before, size } = bookmarks.read(listName, query)
      const { items, isCut } = await calls().list({ form: 'summary', filters, before, most: size })
      const last = isCut ? items.at(-1) : undefined
      return { items, bookmark: last ? bookmarks.write(listName, Number(last.id)) : null }
    },

    async waitForRequests({ query }) {
      const { count = 1, timeout_seconds: seconds = 30, ...filters } = query
      const items = await waitForCalls(calls(), filters, { count, ms: seconds * 1000 })
      return { items, is_complete: items.length === count }
    },

    async exportRequests({ query }) {
      const { items } = await calls().list({ form: 'detail', filters: query })
      const entries = await mapInTurns(items.reverse(), (call) => harEntry(call, publicUrl()))
      return { log: { version: '1.2', creator: { name: 'Pinfold', version: pinterestVersion }, entries } }
    },

    getRequest: async ({ params }) => found(await calls().find(params.request_id)),
    replayRequest: async ({ params }) => found(await calls().replay(params.request_id)),

    async clearRequests() {
      await calls().clear()
      return undefined
    },
  }
}

/** Returns a call that is there. Throws a 404. */
function found(call: CallDetail | undefined): CallDetail {
  if (!call) throw new ApiError('requestNotFound', { detail: 'The oldest are forgotten.' })
  return call
}

/** Returns the log, if there is one. Throws a 400. */
export function openLog(calls: ToldCalls | undefined): ToldCalls {
  if (!calls) throw invalid('This server keeps no log of requests: it was started with --no-request-log.')
  return calls
}
