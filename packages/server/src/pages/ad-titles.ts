import type { FastifyInstance } from 'fastify'
import { type AdTitles, mostTitleBytes, titlePaths } from '../domains/ads/titles/ad-titles.ts'
import { GrowingBuffer } from '../http/body/growing-buffer.ts'
import { readBody } from '../http/body/read-body.ts'
import { fileHeaders, notPermitted, permitIn } from './permitted-files.ts'

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
      if (!upload) throw notPermitted('Addresses that take files are good for an hour.')
      const file = new GrowingBuffer()
      await readBody(request, request.raw, { mostBytes: mostTitleBytes, take: (part) => file.add(part) })
      await upload(file.bytes)
      return reply.code(204).send()
    })

    files.get(titlePaths.download, async (request, reply) => {
      const file = await adTitles.download(permitIn(request))
      if (!file) throw notPermitted('Addresses of files are good for 5 minutes.')
      return reply.headers(fileHeaders(file.name)).type('text/csv; charset=utf-8').send(file.csv)
    })
  })
}
