import { CommandError } from '../command-error.ts'
import { fetchFrom } from '../service/fetch-from.ts'
import { type ControlOptions, controlToken, serverOf } from './control-service.ts'

/** Yields the calls of a server's log as they come, until the server ends. `query` narrows them. */
export async function* followCalls<Call>(options: ControlOptions, query: Record<string, string>): AsyncGenerator<Call> {
  const baseUrl = serverOf(options)
  const token = controlToken()
  const answer = await fetchFrom(baseUrl)(`${baseUrl}/_pinfold/requests/stream?${new URLSearchParams(query)}`, {
    headers: { accept: 'text/event-stream', ...(token !== undefined && { authorization: `Bearer ${token}` }) },
  })
  if (!answer.ok || !answer.body) {
    const { message } = (await answer.json().catch(() => ({}))) as { message?: string }
    throw new CommandError(`${answer.status}: ${message ?? 'there is no stream of requests.'}`)
  }
  let text = ''
  for await (const part of answer.body.pipeThrough(new TextDecoderStream())) {
    text += part
    const events = text.split('\n\n')
    text = events.pop() ?? ''
    for (const event of events) {
      const data = /^data: (.*)$/m.exec(event)?.[1]
      if (data !== undefined) yield JSON.parse(data) as Call
    }
  }
}
