import type { FastifyRequest } from 'fastify'
import { isLoopbackHost } from '../../core/loopback.ts'

/** The address of the tools for agents. */
export const toolsPath = '/mcp'

/** Where a request finds this server. */
export interface OwnAddresses {
  /** Returns the server's address, without a slash at the end, as the sender of a request knows it. */
  of(request: FastifyRequest): string
  /** Returns whether a token of this server is for a resource. */
  isOwnResource(request: FastifyRequest, resource: string): boolean
  /** Returns whether a request is not of another site's page. Programs name no origin. */
  isOwnOrigin(request: FastifyRequest): boolean
}

/**
 * Makes the addresses of a server. On this machine it has several (`localhost`, `127.0.0.1`), and clients insist on the
 * one that they know. `isLoopback`: whether it listens on this machine alone.
 */
export function ownAddresses({
  publicUrl,
  isLoopback,
}: {
  publicUrl: () => string
  isLoopback: boolean
}): OwnAddresses {
  const of = ({ headers: { host }, protocol }: FastifyRequest): string => {
    const name = URL.parse(`http://${host}`)?.hostname ?? ''
    return isLoopback && isLoopbackHost(name) && isLoopbackHost(new URL(publicUrl()).hostname)
      ? `${protocol === 'https' ? 'https' : 'http'}://${host}`
      : publicUrl()
  }
  return {
    of,
    isOwnResource(request, resource) {
      const owns = [of(request), publicUrl()]
      return owns.some((own) => ['', '/', '/v5', toolsPath].some((path) => resource === own + path))
    },
    isOwnOrigin(request) {
      const { origin, 'sec-fetch-site': site } = request.headers
      if (origin !== undefined) return [of(request), publicUrl()].some((own) => new URL(own).origin === origin)
      return site === undefined || site === 'same-origin' || site === 'none'
    },
  }
}
