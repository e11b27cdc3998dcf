import type { FastifyInstance } from 'fastify'

/** The addresses that a page of ours leads to on its own server. What visitors write has no such quotation marks. */
const addresses = /( (?:href|src|action)=")\/(?!\/)/g

/**
 * Has what leaves a sandbox lead back to it: pages and redirects of a server are made for the root, and a sandbox is
 * below a path.
 */
export function keepBelow(app: FastifyInstance, path: string): void {
  app.addHook('onSend', (_request, reply, payload, done) => {
    const location = reply.getHeader('location')
    if (typeof location === 'string' && /^\/(?!\/)/.test(location)) reply.header('location', path + location)
    const isPage = typeof payload === 'string' && String(reply.getHeader('content-type')).startsWith('text/html')
    done(null, isPage ? payload.replace(addresses, `$1${path}/`) : payload)
  })
}
