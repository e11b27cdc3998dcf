import { ConnectionError } from './errors.ts'
import { errorOf } from './transport.ts'
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

/** Returns the method that follows the request log. It is tried once. */
export function requestFollowing({
  baseUrl,
  fetch,
  token,
}: {
  baseUrl: string
  fetch: typeof globalThis.fetch
  token: () => Promise<string>
}): RequestFollowing {
  return {
    async *followRequests(filters = {}, { signal } = {}) {
      const query = new URLSearchParams(Object.entries(filters).map(([name, value]) => [name, String(value)]))
      const url = `${baseUrl}/_pinfold/requests/stream?${query}`
      const headers = { accept: 'text/event-stream', authorization: `Bearer ${await token()}` }
      const answer = await fetch(url, { headers, ...(signal && { signal }) }).catch((cause) => {
        signal?.throwIfAborted()
        throw new ConnectionError(`The connection failed: GET ${url}.`, { cause })
      })
      if (!answer.ok) throw errorOf(answer, await answer.text())
      if (!answer.body) throw new ConnectionError('The answer has no body.')
      let text = ''
      for await (const part of answer.body.pipeThrough(new TextDecoderStream())) {
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
