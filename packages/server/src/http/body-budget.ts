import type { FastifyReply, FastifyRequest } from 'fastify'
import { ApiError } from '../core/errors.ts'

/** The bodies of all requests that may be large can be so long together. In memory each takes about three times that. */
const budgetBytes = 128_000_000

/** Keeps requests with large bodies from taking more memory than there is: those that are too many come back later. */
export class BodyBudget {
  #taken = 0

  /** Sets the memory for a request's body aside until it is answered. `mostBytes`: the longest that is read. */
  take(request: FastifyRequest, reply: FastifyReply, mostBytes: number): void {
    const said = request.headers['content-length']
    const bytes = said === undefined ? mostBytes : Math.min(Number(said), mostBytes)
    if (this.#taken + bytes > budgetBytes)
      throw new ApiError('rateLimited', {
        detail: 'Too many pictures are being received. Try again in 2 s.',
        headers: { 'retry-after': '2' },
      })
    this.#taken += bytes
    reply.raw.once('close', () => {
      this.#taken -= bytes
    })
  }
}
