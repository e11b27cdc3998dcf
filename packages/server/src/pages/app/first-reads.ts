import type { FastifyInstance, FastifyRequest } from 'fastify'
import { appHeader } from '../../http/app-header.ts'

/** Returns the answers to what the app reads first, by their addresses: as JSON text. Leaves out what is refused. */
export type ReadFirst = (request: FastifyRequest, addresses: readonly string[]) => Promise<Map<string, string>>

/**
 * Makes the reader. It sends the requests that the app would send, with its visitor's cookie, so that the answers, limits
 * and log lines are those that there would be; only without a round trip.
 */
export function firstReads(server: FastifyInstance): ReadFirst {
  return async (request, addresses) => {
    const { host, cookie } = request.headers
    const headers = {
      ...(host && { host }),
      ...(cookie && { cookie }),
      [appHeader]: '1',
      'accept-encoding': 'identity',
    }
    const answers = addresses.map(async (url) => {
      const { statusCode, body } = await server.inject({ url, headers, remoteAddress: request.ip })
      return statusCode === 200 ? [[url, body] as const] : []
    })
    return new Map((await Promise.all(answers)).flat())
  }
}
