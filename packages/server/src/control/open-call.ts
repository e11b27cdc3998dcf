import { invalid } from '../core/errors.ts'
import { curlOf } from './curl.ts'
import { answerHeadersIn, requestHeadersIn } from './kept-headers.ts'
import type { KeptBody, LoggedCall } from './request-log.ts'
import { openBody, openHeader, openText, secretsInAddress, withoutSecrets } from './secrets-in-calls.ts'
import type { CallDetail, CallSummary, LogFilters } from './told-call.ts'
import { whyAnswered } from './why-answered.ts'

type Message = CallDetail['request']

/** Returns a call as it may be told: no token, password or cookie is in it. */
export function summaryOf(call: LoggedCall): CallSummary {
  return summaryWithout(call, [...call.secrets, ...secretsInAddress(call.url), ...secretsOf(call)])
}

function summaryWithout(call: LoggedCall, secrets: readonly string[]): CallSummary {
  const why = whyAnswered(call)
  return {
    id: String(call.id),
    request_id: call.requestId,
    time: new Date(call.at).toISOString(),
    duration_ms: call.durationMs,
    method: call.method,
    path: withoutSecrets(openText(call.url), secrets),
    operation: call.operation ?? null,
    app: call.app ?? null,
    account: call.account ?? null,
    status: call.status ?? null,
    why: why && { ...why, text: withoutSecrets(openText(why.text), secrets) },
    replay_of: call.replayOf === undefined ? null : String(call.replayOf),
  }
}

/** The secrets in the body of a call that was refused: the reason may quote one. */
const secretsOf = ({ refusal, request, requestHeaders }: LoggedCall): readonly string[] =>
  refusal && request.text !== undefined ? openBody(request.text, isForm(requestHeaders)).secrets : []

/** Returns a call with everything that may be told. `baseUrl` begins the address of the command that repeats it. */
export function detailOf(call: LoggedCall, baseUrl: string): CallDetail {
  const sent = opened(call.request, isForm(call.requestHeaders))
  const answered = opened(call.answer, false)
  const secrets = [...call.secrets, ...secretsInAddress(call.url), ...sent.secrets, ...answered.secrets]
  const message = (headers: Message['headers'], { body, body_note }: Message): Message => ({
    headers: headers.map(({ name, value }) => ({ name, value: withoutSecrets(openHeader(name, value), secrets) })),
    body: body && withoutSecrets(body, secrets),
    body_note,
  })
  const detail = {
    ...summaryWithout(call, secrets),
    request: message(requestHeadersIn(call.requestHeaders), sent.message),
    answer: message(answerHeadersIn(call.answerHeaders), answered.message),
  }
  return { ...detail, curl: curlOf(detail, call.sender.by, baseUrl) }
}

function opened({ text, note }: KeptBody, form: boolean): { message: Message; secrets: readonly string[] } {
  if (text === undefined || text === '')
    return { message: { headers: [], body: null, body_note: note ?? null }, secrets: [] }
  const { text: body, isShortened, secrets } = openBody(text, form)
  const notes = [...(note === undefined ? [] : [note]), ...(isShortened ? ['What is secret was left out.'] : [])]
  return { message: { headers: [], body, body_note: notes.join(' ') || null }, secrets }
}

/** Returns whether a body was sent that is a form. `headers`: as they are kept. */
export function isForm(headers: string): boolean {
  return requestHeadersIn(headers).some(
    ({ name, value }) => name.toLowerCase() === 'content-type' && value.startsWith('application/x-www-form-urlencoded'),
  )
}

/**
 * Returns the number of a call or the time that `since` means: numbers are digits alone. Throws a 400 when it is neither.
 */
function sinceOf(since: string | undefined): { id?: number; time?: number } {
  if (since === undefined) return {}
  if (/^\d{1,16}$/.test(since)) return { id: Number(since) }
  const time = Date.parse(/(z|[+-]\d\d:?\d\d)$/i.test(since) ? since : `${since}Z`)
  if (Number.isNaN(time))
    throw invalid('since: it must be the number of a request, or a time such as 2026-03-14T09:26:53Z.')
  return { time }
}

/** Returns a function that says whether a call matches these filters. Throws a 400. */
export function matcher({
  operation,
  status,
  app,
  account,
  by,
  text,
  ...given
}: LogFilters): (call: LoggedCall) => boolean {
  const since = sinceOf(given.since)
  const begins = status?.replace('xx', '')
  const wanted = text?.toLowerCase()
  return (call) =>
    (since.id === undefined || call.id > since.id) &&
    (since.time === undefined || call.at >= since.time) &&
    (operation === undefined || call.operation === operation) &&
    (begins === undefined || String(call.status ?? '').startsWith(begins)) &&
    (app === undefined || call.app === app) &&
    (account === undefined || call.account === account) &&
    (by === undefined || (by === 'person') === (call.sender.by === 'session')) &&
    (wanted === undefined || shows(call, wanted))
}

/** Returns whether a call has a text where it is told: a search must not find what is left out. */
function shows(call: LoggedCall, wanted: string): boolean {
  const { path, why, request, answer } = detailOf(call, '')
  return [path, decodedOnce(path), why?.text, why?.error, request.body, answer.body].some((part) =>
    part?.toLowerCase().includes(wanted),
  )
}

function decodedOnce(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
