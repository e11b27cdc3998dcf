import { bodyOf, type SendControl } from './send-control.ts'
import type { Resources } from './types.ts'

type Control = Resources['control']
type Filters = NonNullable<Parameters<Control['exportRequests']>[0]>
type LoggedRequest = Awaited<ReturnType<Control['waitForRequests']>>['items'][number]

/** What the control of a server has beyond operations: its request log as it grows. */
export interface RequestFollowing {
  /**
   * Yields the requests of the log that match, as they come, until the server ends or `signal` aborts; with `since` those
   * too that there are.
   *
   * @example
   * for await (const { status, why } of client.control.followRequests({ status: '4xx' })) console.log(status, why?.text)
   */
  followRequests(filters?: Filters, options?: { signal?: AbortSignal }): AsyncGenerator<LoggedRequest, void>
}

/** Returns the method that follows the request log. */
export function requestFollowing(send: SendControl): RequestFollowing {
  return {
    async *followRequests(filters = {}, { signal } = {}) {
      const query = new URLSearchParams(Object.entries(filters).map(([name, value]) => [name, String(value)]))
      const headers = { accept: 'text/event-stream' }
      const answer = await send(`requests/stream?${query}`, { method: 'GET', headers, ...(signal && { signal }) })
      let text = ''
      for await (const part of bodyOf(answer).pipeThrough(new TextDecoderStream())) {
        text += part
        const events = text.split('\n\n')
        text = events.pop() ?? ''
        for (const event of events) {
          const data = /^data: (.*)$/m.exec(event)?.[1]
          if (data !== undefined) yield JSON.parse(data) as LoggedRequest
        }
      }
    },
  }
}
