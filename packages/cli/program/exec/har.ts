import { closeSync, openSync, writeSync } from 'node:fs'
import type { AbortedRequest, CompletedRequest, CompletedResponse } from 'mockttp'
import { version } from '../version.ts'
import { ExecError, reasonOf } from './exec-error.ts'
import { redactHeader, redactText } from './redact.ts'

/**
 * A log of requests and answers in HAR 1.2, without secrets. The file is complete after each entry, whatever happens.
 */
export interface Har {
  began(id: string): void
  requested(request: CompletedRequest): void
  answered(response: CompletedResponse): void
  aborted(request: AbortedRequest): void
  /** Waits for requests in progress, at most a second. */
  quiet(): Promise<void>
  close(): void
}

type Answer = CompletedResponse | 'none'

interface Exchange {
  request?: CompletedRequest | AbortedRequest
  answer?: Answer
}

const head = `{"log":{"version":"1.2","creator":{"name":"pinfold exec","version":"${version}"},"entries":[\n`
const tail = '\n]}}\n'
const patienceMs = 1000

/** Begins the log at `path`, replacing any file there. Throws `ExecError` if it cannot be written. */
export function openHar(path: string): Har {
  const file = openFile(path)
  let end = 0
  let separator = ''
  const append = (text: string) => {
    writeSync(file, text + tail, end)
    end += Buffer.byteLength(text)
  }
  append(head)

  const exchanges = new Map<string, Exchange>()
  let isOpen = true
  let onQuiet = () => {}

  function update(id: string, news: Exchange): void {
    const exchange = { ...exchanges.get(id), ...news }
    exchanges.set(id, exchange)
    const { request, answer } = exchange
    if (!request || !answer) return
    void entryOf(request, answer).then((entry) => {
      if (!isOpen) return
      append(separator + JSON.stringify(entry))
      separator = ',\n'
      exchanges.delete(id)
      if (exchanges.size === 0) onQuiet()
    })
  }

  return {
    began: (id) => update(id, {}),
    requested: (request) => update(request.id, { request }),
    answered: (answer) => update(answer.id, { answer }),
    aborted: (request) => update(request.id, { request, answer: 'none' }),
    quiet: async () => {
      if (exchanges.size === 0) return
      const { promise, resolve } = Promise.withResolvers<void>()
      onQuiet = resolve
      const timer = setTimeout(resolve, patienceMs)
      await promise
      clearTimeout(timer)
    },
    close: () => {
      isOpen = false
      closeSync(file)
    },
  }
}

function openFile(path: string): number {
  try {
    return openSync(path, 'w', 0o600)
  } catch (error) {
    throw new ExecError(`Cannot write the log ${path}: ${reasonOf(error)}`, 2, { cause: error })
  }
}

async function entryOf(request: CompletedRequest | AbortedRequest, answer: Answer): Promise<object> {
  const { startTime, startTimestamp } = request.timingEvents
  const { bodyReceivedTimestamp = startTimestamp } = request.timingEvents
  const ended = answer === 'none' ? request.timingEvents : answer.timingEvents
  const headersAt = ended.headersSentTimestamp ?? bodyReceivedTimestamp
  const endedAt = ended.responseSentTimestamp ?? ended.abortedTimestamp ?? headersAt
  const timings = {
    send: Math.max(0, bodyReceivedTimestamp - startTimestamp),
    wait: Math.max(0, headersAt - bodyReceivedTimestamp),
    receive: Math.max(0, endedAt - headersAt),
  }
  return {
    startedDateTime: new Date(startTime).toISOString(),
    time: timings.send + timings.wait + timings.receive,
    request: await requestOf(request),
    response: answer === 'none' ? noAnswer : await responseOf(answer, request.httpVersion),
    cache: {},
    timings,
  }
}

async function requestOf(request: CompletedRequest | AbortedRequest): Promise<object> {
  const url = redactText(request.url)
  const size = 'body' in request ? request.body.buffer.length : 0
  const mimeType = String(request.headers['content-type'] ?? '')
  return {
    method: request.method,
    url,
    httpVersion: `HTTP/${request.httpVersion}`,
    cookies: [],
    // It was sent on with the server's own host name, which the list contains.
    headers: headersOf(
      request.rawHeaders.map(([name, value]) => [name, /^host$/i.test(name) ? new URL(url).host : value]),
    ),
    queryString: [...new URL(url).searchParams].map(([name, value]) => ({ name, value })),
    ...('body' in request && size > 0 && { postData: { mimeType, ...(await textOf(request.body, mimeType)) } }),
    headersSize: -1,
    bodySize: size,
  }
}

async function responseOf(response: CompletedResponse, httpVersion: string): Promise<object> {
  const mimeType = String(response.headers['content-type'] ?? '')
  const decoded = await response.body.getDecodedBuffer().catch(() => undefined)
  return {
    status: response.statusCode,
    statusText: response.statusMessage,
    httpVersion: `HTTP/${httpVersion}`,
    cookies: [],
    headers: headersOf(response.rawHeaders),
    content: { size: decoded?.length ?? 0, mimeType, ...(await textOf(response.body, mimeType)) },
    redirectURL: redactText(String(response.headers.location ?? '')),
    headersSize: -1,
    bodySize: response.body.buffer.length,
  }
}

/** For a request that was cut off: the closest that HAR has is a status of 0. */
const noAnswer = {
  status: 0,
  statusText: '',
  httpVersion: '',
  cookies: [],
  headers: [],
  content: { size: 0, mimeType: '' },
  redirectURL: '',
  headersSize: -1,
  bodySize: -1,
}

const headersOf = (raw: readonly (readonly [string, string])[]) =>
  raw.map(([name, value]) => ({ name, value: redactHeader(name, value) }))

async function textOf(body: CompletedRequest['body'], mimeType: string): Promise<{ text?: string; comment?: string }> {
  if (!/json|text|xml|form|javascript/i.test(mimeType)) return { comment: 'Not text, and not kept.' }
  const text = await body.getText().catch(() => undefined)
  return text === undefined ? { comment: 'Could not be decoded.' } : { text: redactText(text) }
}
