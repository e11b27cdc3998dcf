import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { type AdReports, reportPath } from '../domains/ads/reports/ad-reports.ts'
import { fileHeaders, notPermitted, permitIn } from './permitted-files.ts'

const types = { JSON: 'application/json; charset=utf-8', CSV: 'text/csv; charset=utf-8' }

/** Gives reports; their addresses permit it, so that it needs no token. */
export function serveAdReports(app: FastifyInstance, { adReports }: { adReports: Pick<AdReports, 'download'> }): void {
  app.get(reportPath, async (request, reply) => {
    const file = await adReports.download(permitIn(request))
    if (!file) throw notPermitted('Addresses of reports are good for 5 minutes.')
    return reply
      .headers(fileHeaders(`report.${file.format.toLowerCase()}`))
      .type(types[file.format])
      .header('content-length', file.size)
      .send(Readable.from(file.content()))
  })
}
