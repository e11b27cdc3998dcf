import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Fault } from '../control/faults.ts'
import type { KeptBody, KeptCall, KeptSender, RequestLog } from '../control/request-log.ts'
import { openBody, withoutSecrets } from '../control/secrets-in-calls.ts'
import type { Clock } from '../core/clock.ts'
import type { ApiError } from '../core/errors.ts'
import type { JsonBody } from '../core/json-text.ts'
import type { Caller } from '../core/viewer.ts'
import type { Replays } from './replay.ts'
import { toolsHeader } from './tools-header.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The text of the answer, before it was compressed. */
    answerText: JsonBody | null
    /** The error that it was answered with. */
    refusal: ApiError | null
    /** The fault that happened to it. */
    fault: Fault | null
  }
}

/** Longer bodies are not kept: what is cut cannot be read, and so not be freed of secrets. */
const longestText = 64 * 1024
/** The addresses of operations, though there is none. */
const belowApi = /^\/(v5|_pinfold|sandbox)(\/|[?]|$)/

/**
 * Returns a function that keeps a call of an operation of the API, once it is answered, or will never be. `secrets`: those
 * of the server.
 */
export function callKeeper(
  log: RequestLog,
  { clock, replays, secrets }: { clock: Clock; replays: Replays; secrets: readonly string[] },
): (request: FastifyRequest, reply: FastifyReply) => void {
  const openHeaders = headersByConnection()
  return (request, reply) => {
    const { routeOptions, identity } = request
    const { operation } = routeOptions.config
    if (operation ? operation.auth.by === 'control' : !(request.is404 && belowApi.test(request.url))) return
    // The server's own, for a page: no connection brought it.
    if (!('server' in request.raw.socket) && request.headers[toolsHeader] === undefined) return
    const caller = identity && 'caller' in identity ? identity.caller : undefined
    const appId = caller?.appId ?? (identity && 'app' in identity ? identity.app.appId : undefined)
    const { raw, refusal, fault } = request
    const isUnanswered = fault?.effect === 'reset' || fault?.effect === 'timeout'
    const bodies = keptBodies(request)
    const call: KeptCall = {
      id: 0,
      at: clock.now(),
      durationMs: Math.round(reply.elapsedTime * 10) / 10,
      requestId: request.id,
      method: request.method,
      url: request.originalUrl,
      operation: operation?.id,
      app: appId ? String(appId) : undefined,
      account: caller?.username,
      sender: senderOf(request),
      requestHeaders: openHeaders(raw.socket, raw.rawHeaders),
      request: bodies.request,
      answer: bodies.answer,
      status: isUnanswered ? undefined : reply.statusCode,
      answerHeaders: isUnanswered ? '' : sentHeaders(reply),
      refusal: refusal ? { entry: refusal.entry, text: refusal.message, reason: refusal.reason } : undefined,
      fault: fault ? { id: fault.id, effect: fault.effect } : undefined,
      replayOf: replays.of(request.headers),
      secrets,
    }
    const logged = log.add(call)
    replays.logged(request.headers, logged)
  }
}

/** Returns both bodies as they are kept. The secrets of OAuth, of apps and of accounts do not stay in memory. */
function keptBodies({ bodyText, answerText, pictures, headers, routeOptions }: FastifyRequest): {
  request: KeptBody
  answer: KeptBody
} {
  const request = keptBody(bodyText, pictures ? 'Pictures stand as their SHA-256.' : undefined)
  const answer = keptBody(answerText)
  const { tag, sessionOnly } = routeOptions.config.operation ?? {}
  if (tag !== 'oauth' && !sessionOnly) return { request, answer }
  const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true
  const sent = openBody(request.text ?? '', isForm)
  return {
    request: request.text === undefined ? request : { text: sent.text, length: sent.text.length, note: leftOut },
    answer: answer.text === undefined ? answer : openAnswer(answer.text, sent.secrets),
  }
}

const leftOut = 'What is secret was left out.'

function openAnswer(answer: string, secrets: readonly string[]): KeptBody {
  const text = withoutSecrets(openBody(answer, false).text, secrets)
  return { text, length: text.length, note: leftOut }
}

const nothing: KeptBody = { text: undefined, length: 0 }

function keptBody(text: JsonBody | null, note?: string): KeptBody {
  if (text === null) return nothing
  const { length } = text
  if (length > longestText)
    return { text: undefined, length: 0, note: `Its ${length} characters are not kept: ${longestText} are the most.` }
  if (typeof text !== 'string') return new KeptText(text)
  return note === undefined ? { text, length } : { text, length, note }
}

/** A text whose bytes, or those of its parts, are in memory anyway: decoded when somebody reads it. */
class KeptText implements KeptBody {
  readonly length: number
  readonly #body: Exclude<JsonBody, string>

  constructor(body: Exclude<JsonBody, string>) {
    this.#body = body
    this.length = body.length
  }

  get text(): string {
    return this.#body.toString()
  }
}

function senderOf({ identity, headers }: FastifyRequest): KeptSender {
  if (!identity) return headers.authorization || headers.cookie ? unknown : nobody
  if ('address' in identity) return nobody
  return 'app' in identity ? app : senderFor(identity.caller)
}

const unknown: KeptSender = { by: 'unknown' }
const nobody: KeptSender = { by: 'nobody' }
const app: KeptSender = { by: 'app' }
const session: KeptSender = { by: 'session' }
/** One for all calls of a token: whatever a call keeps for itself has to be collected some time. */
const senders = new WeakMap<Caller, KeptSender>()

function senderFor(caller: Caller): KeptSender {
  const { tokenHash } = caller
  if (caller.session || tokenHash === undefined) return session
  const known = senders.get(caller)
  if (known) return known
  const sender: KeptSender = { by: 'token', tokenHash }
  senders.set(caller, sender)
  return sender
}

/**
 * Returns a function that returns headers as one text, without credentials: one and the same for requests of a connection that
 * have the same, as most have. What each call keeps for itself has to be collected some time.
 */
function headersByConnection(): (connection: object, headers: readonly string[]) => string {
  const last = new WeakMap<object, { given: readonly string[]; open: string }>()
  return (connection, given) => {
    const before = last.get(connection)
    if (before && areEqual(before.given, given)) return before.open
    const open = withoutCredentials(given)
    last.set(connection, { given, open })
    return open
  }
}

function areEqual(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

/** The lengths of the names of headers that hold credentials: most others are told apart by theirs. */
const credentialNames = new Map([
  ['authorization'.length, 'authorization'],
  ['cookie'.length, 'cookie'],
  ['proxy-authorization'.length, 'proxy-authorization'],
])

/** Returns headers as one text, without what they authenticate with: it is not to stay in memory. */
function withoutCredentials(headers: readonly string[]): string {
  let open: string[] | undefined
  for (let at = 0; at < headers.length; at += 2) {
    const name = headers[at] as string
    const wanted = credentialNames.get(name.length)
    if (wanted === undefined || name.toLowerCase() !== wanted) continue
    open ??= headers.slice()
    open[at + 1] = wanted === 'cookie' ? '…' : openCredentials(headers[at + 1] as string)
  }
  return (open ?? headers).join('\n')
}

/**
 * Returns the headers of an answer as one text. Node has it already: whatever names and values it was made of are not
 * kept, so that they need not be moved about and collected later, which costs more than to keep a call.
 */
function sentHeaders(reply: FastifyReply): string {
  const sent = '_header' in reply.raw ? reply.raw._header : undefined
  // To look for something in it has V8 put its pieces together.
  if (typeof sent === 'string' && sent.includes('\r\n')) return sent
  return Object.entries(reply.getHeaders())
    .flatMap(([name, value]) => (value === undefined ? [] : [value].flat().map((one) => `${name}: ${one}\r\n`)))
    .join('')
}

/** Returns what an Authorization header says without its secret: the scheme, if it is one. */
function openCredentials(value: string): string {
  if (value.startsWith('Bearer ')) return 'Bearer …'
  const scheme = value.indexOf(' ')
  return scheme === -1 ? '…' : `${value.slice(0, Math.min(scheme, 6))} …`
}
