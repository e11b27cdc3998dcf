import type { FastifyInstance, FastifyRequest } from 'fastify'
import { ApiError } from '../core/errors.ts'
import { type AdTitles, mostTitleBytes, titlePaths } from '../domains/ads/titles/ad-titles.ts'
import { GrowingBuffer } from '../http/body/growing-buffer.ts'
import { readBody } from '../http/body/read-body.ts'

/** What a browser may make of a file that somebody sent: nothing but to save it. */
const fileHeaders = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; sandbox",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-robots-tag': 'noindex',
}

/** Takes and gives files of titles; their addresses permit it, so that neither needs a token. */
export async function serveAdTitles(
  app: FastifyInstance,
  { adTitles }: { adTitles: Pick<AdTitles, 'upload' | 'download'> },
): Promise<void> {
  await app.register(async (files) => {
    // The handler reads the body, whatever its sender calls it, once the address has been looked at.
    files.removeAllContentTypeParsers()
    files.addContentTypeParser('*', (_request, _payload, done) => done(null))

    files.put(titlePaths.upload, async (request, reply) => {
      const upload = adTitles.upload(permitIn(request))
      if (!upload) throw nothing('Addresses that take files are good for an hour.')
      const file = new GrowingBuffer()
      await readBody(request, request.raw, { mostBytes: mostTitleBytes, take: (part) => file.add(part) })
      await upload(file.bytes)
      return reply.code(204).send()
    })

    files.get(titlePaths.download, async (request, reply) => {
      const file = await adTitles.download(permitIn(request))
      if (!file) throw nothing('Addresses of files are good for 5 minutes.')
      return reply
        .headers({ ...fileHeaders, 'content-disposition': `attachment; filename="${file.name}"` })
        .type('text/csv; charset=utf-8')
        .send(file.csv)
    })
  })
}

function permitIn({ query }: FastifyRequest): string {
  const { of } = query as { of?: unknown }
  return typeof of === 'string' ? of : ''
}

const nothing = (detail: string) => new ApiError('routeNotFound', { detail })
