import { hash } from 'node:crypto'
import {
  allScopes,
  type ErrorName,
  errorCatalogue,
  isScope,
  type Operation,
  operations,
  type ReviewPoint,
  type ReviewState,
  type Scope,
  secretScopes,
} from '@pinfold/contract'
import { answerHeadersIn } from './kept-headers.ts'

/** A call of an app, as far as a review looks at it. The request log's calls are such. */
export interface ReviewedCall {
  id: number
  /** When it was answered, in milliseconds. */
  at: number
  durationMs: number
  method: string
  url: string
  operation: string | undefined
  account: string | undefined
  request: { text: string | undefined }
  answer: { text: string | undefined }
  /** Undefined: no answer was sent. */
  status: number | undefined
  answerHeaders: string
  refusal: { entry: ErrorName; reason?: { missingScopes?: readonly string[] | undefined } | undefined } | undefined
  /** The number of the call that it repeats, if somebody sent that again by hand. */
  replayOf: number | undefined
}

/** One point of a review. */
export interface ReviewedPoint {
  point: ReviewPoint
  state: ReviewState
  text: string
  /** The numbers of calls that show it, the newest five. */
  calls: number[]
}

/** What an app has shown so far. */
export interface Review {
  points: ReviewedPoint[]
  /** How many of its calls were looked at. */
  calls: number
  scopes: {
    /** Those of the tokens that it got. */
    granted: Scope[]
    /** Those that operations need that it called with success. */
    used: Scope[]
    /** Those granted that none of these needs. */
    unused: Scope[]
    /** Those that it was refused for. */
    missing: Scope[]
  }
}

/** The same refused request may come again once; more often it was not understood. */
const mostRepeats = 1
const repeatedWithinMs = 60_000
/** After an error of the server a program waits this long at least. */
const leastPauseMs = 200
/** Times of answers are in whole milliseconds. */
const grainMs = 1
/** Clocks and networks are not exact. */
const slackMs = 100
const mostShown = 5

/** Says what an app has shown of what Pinterest's review looks for, from its calls, oldest first. */
export function reviewOf(all: readonly ReviewedCall[]): Review {
  const calls = all.filter(({ replayOf }) => replayOf === undefined)
  const scopes = scopesOf(calls)
  return {
    points: [
      grantPoint(calls, 'consent', 'authorization_code'),
      scopePoint(calls, scopes),
      errorPoint(calls),
      limitPoint(calls),
      grantPoint(calls, 'refresh', 'refresh_token'),
    ],
    calls: calls.length,
    scopes,
  }
}

/** Returns what one server tells another of a call for a review. What may be secret in it is there as a hash: it is only compared. */
export function reviewedAcrossServers(call: ReviewedCall): ReviewedCall {
  const { id, at, durationMs, method, operation, account, status, answerHeaders, refusal, replayOf } = call
  const { reason } = refusal ?? {}
  const answer = JSON.stringify(tokenAnswer(call))
  return {
    ...{ id, at, durationMs, method, operation, account, status, replayOf },
    url: hash('sha256', call.url),
    request: { text: hash('sha256', call.request.text ?? '') },
    answer: { text: answer },
    answerHeaders: `retry-after: ${waitMs({ answerHeaders }) / 1000}\r\n`,
    refusal: refusal && { entry: refusal.entry, reason: reason && { missingScopes: reason.missingScopes } },
  }
}

const point = (
  name: ReviewPoint,
  state: ReviewState,
  text: string,
  calls: readonly ReviewedCall[] = [],
): ReviewedPoint => ({ point: name, state, text, calls: calls.slice(-mostShown).map(({ id }) => id) })

/** The answers to the exchanges of a code, or of a refresh token, that went well. */
const grantsOf = (calls: readonly ReviewedCall[], grantType: string) =>
  calls.filter((call) => tokenAnswer(call)?.response_type === grantType)

const grantTexts = {
  consent: {
    shown: 'It asked for consent, and exchanged the code.',
    open: 'It has exchanged no code yet: send somebody to the consent page, and exchange what comes back.',
  },
  refresh: {
    shown: 'It renewed its token.',
    open: 'It has renewed no token yet: advance the clock by 31 days, and see that it does.',
  },
} as const

function grantPoint(
  calls: readonly ReviewedCall[],
  name: 'consent' | 'refresh',
  grantType: 'authorization_code' | 'refresh_token',
): ReviewedPoint {
  const found = grantsOf(calls, grantType)
  const state = found.length > 0 ? 'shown' : 'open'
  return point(name, state, grantTexts[name][state], found)
}

function scopePoint(calls: readonly ReviewedCall[], { granted, used, unused, missing }: Review['scopes']) {
  const refused = calls.filter(({ refusal }) => refusal?.entry === 'insufficientScope')
  if (missing.length > 0)
    return point('scopes', 'wrong', `It called what its tokens do not permit. Missing: ${missing.join(', ')}.`, refused)
  if (granted.length === 0) return point('scopes', 'open', 'It has got no token yet, so that its scopes are not known.')
  if (unused.length > 0)
    return point('scopes', 'open', `Use or give up what it asked for and has not used: ${unused.join(', ')}.`)
  return point('scopes', 'shown', `It uses all that it asked for: ${used.join(', ')}.`)
}

function scopesOf(calls: readonly ReviewedCall[]): Review['scopes'] {
  const granted = new Set(calls.flatMap((call) => tokenAnswer(call)?.scope?.split(/[\s,]+/) ?? []))
  const used = new Set(
    calls.flatMap((call) => (isDone(call) ? (scopesByOperation.get(call.operation ?? '') ?? []) : [])),
  )
  const missing = new Set(calls.flatMap(({ refusal }) => refusal?.reason?.missingScopes ?? []))
  const sorted = (set: ReadonlySet<string>) => allScopes.filter((scope) => set.has(scope))
  // Whether a secret thing was among those that were seen, nobody can tell: what needs it has been called.
  const isUsed = (scope: Scope) => used.has(scope)
  const known = sorted(granted)
  return {
    granted: known,
    used: sorted(used).filter((scope) => granted.has(scope) || !scope.endsWith('_secret')),
    unused: known.filter((scope) => !isUsed(scope)),
    missing: sorted(missing),
  }
}

/** The scopes of each operation, with those for secret things. */
const scopesByOperation: ReadonlyMap<string, readonly Scope[]> = new Map(
  (operations as readonly Operation[]).map(({ id, auth }) => {
    if (auth.by !== 'token' && auth.by !== 'anyone') return [id, []]
    const plain = auth.scopes ?? []
    const secret = (auth.by === 'token' ? auth.secretScopes : undefined) ?? secretScopes(plain)
    return [id, [...plain, ...secret].filter(isScope)]
  }),
)

function errorPoint(calls: readonly ReviewedCall[]): ReviewedPoint {
  const errors = calls.filter(isError)
  const repeated: ReviewedCall[] = []
  const last = new Map<string, { call: ReviewedCall; repeats: number }>()
  for (const call of calls) {
    const key = `${call.method} ${call.url} ${call.request.text ?? ''}`
    const before = last.get(key)
    const pause = before ? startOf(call) - before.call.at : 0
    const isRepeat = before !== undefined && pause > -grainMs && pause < repeatedWithinMs
    const repeats = isRepeat ? before.repeats + 1 : 0
    if (before && isRepeat && isTooSoon(before.call, { pause, repeats })) repeated.push(call)
    if (isError(call)) last.set(key, { call, repeats })
    else last.delete(key)
  }
  if (repeated.length > 0)
    return point('errors', 'wrong', 'It sent again what was refused, unchanged or without a pause.', repeated)
  if (errors.length === 0) return point('errors', 'open', 'It has met no error yet: add a fault, and see what it does.')
  return point('errors', 'shown', 'It met errors, and did not send the same again and again.', errors)
}

/** What is wrong with a request stays wrong; what is wrong with the server takes a while. */
const isTooSoon = (failed: ReviewedCall, { pause, repeats }: { pause: number; repeats: number }): boolean =>
  (failed.status ?? 0) >= 500 ? pause < leastPauseMs : repeats > mostRepeats

/** Whether a call was refused in a way that its program has to deal with: not for its rate or an expired token. */
function isError({ status = 0, refusal }: ReviewedCall): boolean {
  if (status < 400 || status === 429) return false
  return !refusal || errorCatalogue[refusal.entry].kind !== 'authentication'
}

function limitPoint(calls: readonly ReviewedCall[]): ReviewedPoint {
  const limited = calls.filter(({ status }) => status === 429)
  const until = new Map<string, { from: number; to: number }>()
  const impatient: ReviewedCall[] = []
  for (const call of calls) {
    const key = `${call.operation} ${call.account ?? ''}`
    const wait = until.get(key)
    const start = startOf(call)
    if (wait && start > wait.from - grainMs && start < wait.to - slackMs) impatient.push(call)
    if (call.status === 429) until.set(key, { from: call.at, to: call.at + waitMs(call) })
  }
  if (impatient.length > 0)
    return point('rate_limits', 'wrong', 'After a 429 it sent more before the time of Retry-After was over.', impatient)
  if (limited.length === 0)
    return point('rate_limits', 'open', 'It has met no limit yet: add a fault with rateLimited and Retry-After.')
  return point('rate_limits', 'shown', 'It met a limit, and waited as long as Retry-After said.', limited)
}

function waitMs({ answerHeaders }: Pick<ReviewedCall, 'answerHeaders'>): number {
  const wait = answerHeadersIn(answerHeaders).find(({ name }) => name.toLowerCase() === 'retry-after')
  return 1000 * (Number(wait?.value ?? 1) || 1)
}

const startOf = ({ at, durationMs }: ReviewedCall): number => at - durationMs

const isDone = ({ status = 0 }: ReviewedCall): boolean => status >= 200 && status < 300

/** Returns the fields of an answer with a token that a review needs; undefined if a call got none. */
function tokenAnswer(call: ReviewedCall): { response_type?: string; scope?: string } | undefined {
  if (call.operation !== 'oauth/token' || !isDone(call) || call.answer.text === undefined) return undefined
  try {
    const { response_type, scope } = JSON.parse(call.answer.text)
    return { ...(typeof response_type === 'string' && { response_type }), ...(typeof scope === 'string' && { scope }) }
  } catch {
    return undefined
  }
}
