import type { IncomingMessage } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Clock } from '../../core/clock.ts'
import { ApiError } from '../../core/errors.ts'
import { BodyBudget, type Claim } from './budget.ts'

/** A body of which fewer bytes than this come within `stallMs` has stalled, unless they are its last. */
const leastBytes = 10_000
const stallMs = 10_000
/** A body that is still on its way when it is first looked at takes this much at least: what its connection costs. */
const waitingBytes = 64 * 1024
/** What comes after a refusal is read and thrown away up to this much, and for this long. */
const lingerBytes = 64_000_000
const lingerMs = 30_000

const lookEveryMs = 1000

/** The body of a request, while it is on its way. */
export interface IncomingBody {
  /** The memory that it takes until the request is answered. Ask for it when it is known who sends the request. */
  claim(): Claim
  /** Set it to be told, instead of hanging up, when the body is given up. */
  fail?: ((error: ApiError) => void) | undefined
}

interface Watched extends IncomingBody {
  readonly request: IncomingMessage
  readonly startedAt: number
  readonly mostMs: number
  /** When enough of it had come last, and how many bytes of the connection had come then. */
  moved: Moment
  /** The same of its refusal. */
  refused?: Moment
}

interface Moment {
  at: number
  bytes: number
}

/**
 * Looks after all bodies that are on their way, by the server's clock: none may stall, drip for hours, or come without
 * end after it was refused.
 */
export class IncomingBodies {
  readonly #clock: Clock
  readonly #bodies = new Map<IncomingMessage, Watched>()
  readonly #budget = new BodyBudget()
  readonly #timer: NodeJS.Timeout

  constructor(clock: Clock) {
    this.#clock = clock
    this.#timer = setInterval(() => this.#look(), lookEveryMs).unref()
  }

  /** Looks after the body of `request` until all of it has come, which may take `mostMs`. */
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
   * Call it before a request is refused whose body is still coming. By itself Node closes the connection as soon as the
   * answer is written, if it is the last, and a client that still sends finds a broken connection instead of the answer.
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

  /** Ends the looking. */
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

  /** Why a body should not be waited for any longer, if it should not. */
  #problemOf(body: Watched): ApiError | undefined {
    const { request, moved, startedAt, mostMs } = body
    const now = this.#momentOf(request)
    // What has come and is not read yet waits for us.
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
