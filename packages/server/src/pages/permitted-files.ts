import type { FastifyRequest } from 'fastify'
import { ApiError } from '../core/errors.ts'

/** What a browser may make of a file that is not ours: nothing but to save it under this name. */
export const fileHeaders = (name: string) => ({
  'cache-control': 'no-store',
  'content-disposition': `attachment; filename="${name}"`,
  'content-security-policy': "default-src 'none'; sandbox",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-robots-tag': 'noindex',
})

/** Returns the permit in an address; empty if there is none. */
export function permitIn({ query }: FastifyRequest): string {
  const { of } = query as { of?: unknown }
  return typeof of === 'string' ? of : ''
}

/** Returns the error for an address that permits nothing, or no longer. `detail`: how long they are good. */
export const notPermitted = (detail: string): ApiError => new ApiError('routeNotFound', { detail })
