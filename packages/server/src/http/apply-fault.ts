import { setTimeout as delay } from 'node:timers/promises'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Fault, Faults, FaultTarget } from '../control/faults.ts'
import { ApiError } from '../core/errors.ts'

/** The longest that the effect `timeout` holds a request: clients give up long before. */
const longestHoldMs = 10 * 60_000
/** The most requests that are held at once; further ones are reset. */
const mostHeld = 1000

/** What leaves a request without a whole answer. */
const unanswered = new Set<Fault['effect']>(['reset', 'timeout', 'truncate', 'lost_response'])

/** How many requests are held. */
let held = 0

/** A request that a fault may happen to. */
export interface FaultyRequest {
  faults: Faults
  request: FastifyRequest
  reply: FastifyReply
  /** Adds a request to the log that has no whole answer. */
  keepCall: ((request: FastifyRequest, reply: FastifyReply) => void) | undefined
}

/**
 * Has a fault happen to a request, if one is meant for it, before it is handled. Throws the fault's error. A promise that
 * it returns resolves to whether to go on with the request.
 */
export function applyFault(target: FaultTarget, faulty: FaultyRequest): Promise<boolean> | undefined {
  const happening = faulty.faults.happensTo(target)
  const apply = (fault: Fault | undefined) => fault && happen(fault, faulty)
  if (!(happening instanceof Promise)) return apply(happening)
  return happening.then((fault) => apply(fault) ?? true)
}

function happen(fault: Fault, { faults, request, reply, keepCall }: FaultyRequest): Promise<boolean> | undefined {
  request.fault = fault
  // The framework says nothing of what it could not answer in whole.
  if (unanswered.has(fault.effect)) reply.raw.once('close', () => keepCall?.(request, reply))
  switch (fault.effect) {
    case 'error':
      throw errorOf(fault)
    case 'latency':
      return wait(fault.latency_ms ?? 1000, faults.replaced).then(() => true)
    case 'timeout':
      return hold(request, faults.replaced).then(() => endWithoutAnswer(request, reply))
    case 'reset':
      return Promise.resolve(endWithoutAnswer(request, reply))
    case 'truncate':
      truncateAnswer(reply)
      return undefined
    case 'lost_response':
      loseAnswer(reply)
      return undefined
    default:
      return undefined
  }
}

function errorOf({ id, error = 'unavailable', retry_after: retryAfter }: Fault): ApiError {
  return new ApiError(error, {
    detail: `The fault ${id} wants it so.`,
    ...(retryAfter !== undefined && { headers: { 'retry-after': String(retryAfter) } }),
  })
}

/** Waits, though no longer than the faults are there. */
const wait = (ms: number, replaced: AbortSignal): Promise<void> =>
  delay(ms, undefined, { signal: replaced }).catch(() => {})

async function hold(request: FastifyRequest, replaced: AbortSignal): Promise<void> {
  if (held >= mostHeld) return
  held++
  const left = new AbortController()
  request.raw.socket.once('close', () => left.abort())
  await wait(longestHoldMs, AbortSignal.any([replaced, left.signal]))
  held--
}

/** Resets the connection. Returns false: there is nothing to go on with. */
function endWithoutAnswer(request: FastifyRequest, reply: FastifyReply): false {
  reply.hijack()
  request.raw.socket.resetAndDestroy()
  return false
}

/** Has the connection end where the answer would be sent, with everything done. */
function loseAnswer({ raw }: FastifyReply): void {
  raw.writeHead = () => raw
  raw.write = () => true
  raw.end = () => {
    raw.socket?.destroy()
    return raw
  }
}

/** Has the connection end in the middle of the answer. */
function truncateAnswer({ raw }: FastifyReply): void {
  const write = raw.write.bind(raw)
  raw.end = (whole?: unknown) => {
    const body = Buffer.from(typeof whole === 'string' || whole instanceof Uint8Array ? whole : '')
    const cut = () => raw.socket?.destroy()
    if (body.length > 1) write(body.subarray(0, body.length / 2), cut)
    else cut()
    return raw
  }
}
