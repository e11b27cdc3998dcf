import type { IncomingMessage } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Clock } from '../../core/clock.ts'
import { ApiError } from '../../core/errors.ts'
import type { BodyBudget, Claim } from './budget.ts'

/** A body has stalled when fewer bytes than this arrive within `stallMs`, unless they are its last. */
const leastBytes = 10_000
const stallMs = 10_000
/** A body that is still arriving claims at least this much: the memory of its connection. */
const waitingBytes = 64 * 1024
/** After a refusal, at most this much is read and discarded, for at most this long. */
const lingerBytes = 64_000_000
const lingerMs = 30_000

const lookEveryMs = 1000

/** The body of a request, while it arrives. */
export interface IncomingBody {
  /** Returns its claim of memory until the request is answered. Call it once the sender is known. */
  claim(): Claim
  /** Called when the body is given up, if set; otherwise the connection is closed. */
  fail?: ((error: ApiError) => void) | undefined
}

interface Watched extends IncomingBody {
  readonly request: IncomingMessage
  readonly startedAt: number
  readonly mostMs: number
  /** When enough of it had last arrived, and the connection's byte count then. */
  moved: Moment
  /** The same for its refusal. */
  refused?: Moment
}

interface Moment {
  at: number
  bytes: number
}

/**
 * Watches all bodies that are arriving, by the server's clock: none may stall, trickle for hours, or go on without end
 * after it was refused.
 */
export class IncomingBodies {
  readonly #clock: Clock
  readonly #bodies = new Map<IncomingMessage, Watched>()
  readonly #budget: BodyBudget
  readonly #timer: NodeJS.Timeout

  constructor(clock: Clock, budget: BodyBudget) {
    this.#clock = clock
    this.#budget = budget
    this.#timer = setInterval(() => this.#look(), lookEveryMs).unref()
  }

  /** Watches the body of `request` until all of it has arrived, which may take `mostMs`. */
  watch(request: FastifyRequest, reply: FastifyReply, mostMs: number): IncomingBody {
    let claim: Claim | undefined
    const makeClaim = () => {
      const made = this.#budget.claim(request)
      reply.raw.once('close', made.release)
      return made
    }
    const moved = this.#momentOf(request.raw)
    const body: Watched = {
      request: request.raw,
      mostMs,
      startedAt: moved.at,
      moved,
      claim: () => {
        claim ??= makeClaim()
        return claim
      },
    }
    this.#bodies.set(request.raw, body)
    request.raw.once('close', () => this.#bodies.delete(request.raw))
    return body
  }

  /**
   * To be called before refusing a request whose body is still arriving. By default Node closes the connection as soon
   * as the answer is written, if it is the last, and a client that is still sending sees a broken connection instead of
   * the answer.
   */
  refuse(request: IncomingMessage): void {
    const body = this.#bodies.get(request)
    if (!body || request.complete) return
    body.fail = undefined
    body.refused = this.#momentOf(request)
    const { socket } = request
    socket.destroySoon = () => {
      socket.end()
      socket.setTimeout(stallMs, () => socket.destroy())
    }
  }

  /** Stops watching. */
  close(): void {
    clearInterval(this.#timer)
  }

  #momentOf({ socket }: IncomingMessage): Moment {
    return { at: this.#clock.now(), bytes: socket.bytesRead }
  }

  #look(): void {
    for (const [request, body] of this.#bodies) {
      if (request.complete || request.destroyed) this.#bodies.delete(request)
      else if (body.refused) this.#endIfLong(body, body.refused)
      else this.#giveUpIfSlow(body)
    }
  }

  #endIfLong({ request }: Watched, { at, bytes }: Moment): void {
    const now = this.#momentOf(request)
    if (now.at - at >= lingerMs || now.bytes - bytes >= lingerBytes) request.destroy()
  }

  #giveUpIfSlow(body: Watched): void {
    const error = this.#problemOf(body)
    if (!error) return
    if (body.fail) body.fail(error)
    else body.request.destroy()
  }

  /** Returns why a body should not be waited for any longer; undefined if it should. */
  #problemOf(body: Watched): ApiError | undefined {
    const { request, moved, startedAt, mostMs } = body
    const now = this.#momentOf(request)
    // Received bytes that are not read yet wait for the server.
    if (request.readableLength > 0 || now.bytes - moved.bytes >= leastBytes) body.moved = now
    else if (now.at - moved.at >= stallMs)
      return late(`Less than ${leastBytes} bytes of the body came within ${stallMs / 1000} s.`)
    if (now.at - startedAt >= mostMs) return late(`The body did not come within ${mostMs / 1000} s.`)
    try {
      body.claim().atLeast(waitingBytes)
      return undefined
    } catch (error) {
      return error as ApiError
    }
  }
}

const late = (detail: string) => new ApiError('requestTimeout', { detail })
