import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { openApiDocument } from '@pinfold/contract'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { LRUCache } from 'lru-cache'
import { etagOf } from '../core/json-text.ts'
import { chooseEncoding } from '../http/accept-encoding.ts'
import { isKnownEtag } from '../http/etag.ts'

/** A server has few names; somebody may make up more, each of which costs a rendering. */
const maxAddresses = 8

/** The description in each encoding, with each one's tag. */
interface Rendered {
  etags: Record<Encoding, string>
  bodies: Record<Encoding, Buffer>
}

type Encoding = (typeof encodings)[number] | 'identity'

const encodings = ['br', 'gzip'] as const

/**
 * Serves the description of the API at `/openapi.json`: rendered and compressed once for each address of the server,
 * and not sent again to a client that has it. `addressOf`: the address that the client used.
 */
export function serveDescription(app: FastifyInstance, addressOf: (request: FastifyRequest) => string): void {
  const renderedAt = new LRUCache<string, Promise<Rendered>>({ max: maxAddresses })

  app.get('/openapi.json', async (request, reply) => {
    const address = addressOf(request)
    let rendering = renderedAt.get(address)
    if (!rendering) {
      rendering = render(address)
      renderedAt.set(address, rendering)
    }
    const { etags, bodies } = await rendering
    const { 'accept-encoding': accepted, 'if-none-match': known } = request.headers
    const encoding = chooseEncoding([accepted].flat().join() || undefined, encodings)
    reply.headers({ etag: etags[encoding], 'cache-control': 'no-cache', vary: 'accept-encoding' })
    if (isKnownEtag(known, etags[encoding])) return reply.code(304).send()
    if (encoding !== 'identity') reply.header('content-encoding', encoding)
    return reply.type('application/json; charset=utf-8').send(bodies[encoding])
  })
}

async function render(address: string): Promise<Rendered> {
  const text = JSON.stringify(openApiDocument(address))
  const identity = Buffer.from(text)
  const [gz, br] = await Promise.all([
    promisify(gzip)(identity),
    // At its highest level brotli takes seconds for a megabyte, to save a few percent more.
    promisify(brotliCompress)(identity, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
  ])
  // Each encoding is a representation of its own, so it has its own tag (RFC 9110, 8.8.3).
  const etag = etagOf(text).slice(0, -1)
  return {
    etags: { identity: `${etag}"`, gzip: `${etag}-gzip"`, br: `${etag}-br"` },
    bodies: { identity, gzip: gz, br },
  }
}
