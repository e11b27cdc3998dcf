import { extname } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { ApiError } from '../../core/errors.ts'
import { chooseEncoding } from '../../http/accept-encoding.ts'
import { isKnownEtag } from '../../http/etag.ts'
import type { BuiltFiles } from './built-files.ts'

const types: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}
const suffixes = { br: '.br', gzip: '.gz' } as const
const encodings = ['br', 'gzip'] as const

/**
 * Serves the files that the web app's page loads. A name holds the hash of its content, so that a browser never asks
 * again for one that it has.
 */
export function serveAssets(app: FastifyInstance, files: BuiltFiles): void {
  app.get<{ Params: { name: string } }>('/assets/:name', async (request, reply) => {
    const { name } = request.params
    const type = types[extname(name)]
    if (type === undefined || !/^[\w-]+(\.[\w-]+)+$/.test(name)) throw noFile()
    const { 'accept-encoding': accepted, 'if-none-match': known } = request.headers
    const chosen = chooseEncoding([accepted].flat().join() || undefined, encodings)
    const compressed = chosen === 'identity' ? undefined : await files.asset(name, suffixes[chosen])
    const encoding = compressed && chosen
    const bytes = compressed ?? (await files.asset(name))
    if (!bytes) throw noFile()
    // Each encoding is a representation of its own, so it has its own tag (RFC 9110, 8.8.3).
    const etag = `"${name}${encoding ? `-${encoding}` : ''}"`
    reply.headers({
      etag,
      vary: 'accept-encoding',
      'cache-control': 'public, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
    })
    if (isKnownEtag(known, etag)) return reply.code(304).send()
    if (encoding) reply.header('content-encoding', encoding)
    return reply.type(type).send(bytes)
  })
}

const noFile = () => new ApiError('routeNotFound', { detail: 'There is no such file.' })
