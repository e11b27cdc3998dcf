import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { ApiError } from '../core/errors.ts'
import { type AdReports, reportPath } from '../domains/ads/reports/ad-reports.ts'

/** What a browser may make of a file with names that somebody chose: nothing but to save it. */
const fileHeaders = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; sandbox",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-robots-tag': 'noindex',
}
const types = { JSON: 'application/json; charset=utf-8', CSV: 'text/csv; charset=utf-8' }

/** Gives reports; their addresses permit it, so that it needs no token. */
export function serveAdReports(app: FastifyInstance, { adReports }: { adReports: Pick<AdReports, 'download'> }): void {
  app.get(reportPath, async (request, reply) => {
    const file = await adReports.download(permitIn(request))
    if (!file) throw new ApiError('routeNotFound', { detail: 'Addresses of reports are good for 5 minutes.' })
    const name = `report.${file.format.toLowerCase()}`
    return reply
      .headers({ ...fileHeaders, 'content-disposition': `attachment; filename="${name}"` })
      .type(types[file.format])
      .header('content-length', file.size)
      .send(Readable.from(file.content()))
  })
}

function permitIn({ query }: FastifyRequest): string {
  const { of } = query as { of?: unknown }
  return typeof of === 'string' ? of : ''
}
