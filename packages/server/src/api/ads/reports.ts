import type { resources } from '@pinfold/contract'
import { reportPath } from '../../domains/ads/reports/ad-reports.ts'
import type { Handlers } from '../../http/handlers.ts'
import type { Services } from '../services.ts'

/** The operations on files of how ads did. */
export function adReportsApi({
  adReports,
  publicUrl,
}: Pick<Services, 'adReports' | 'publicUrl'>): Handlers<typeof resources.adReports> {
  return {
    create: async ({ adAccount, body }) => {
      const { token, status } = await adReports.create(adAccount, body)
      const message = status === 'FINISHED' ? 'The report is done.' : 'The report is being made.'
      return { report_status: status, token, message }
    },

    get: async ({ adAccount, query }) => {
      const report = await adReports.find(adAccount, query.token)
      if (report?.permit === undefined)
        return { report_status: report?.status ?? 'DOES_NOT_EXIST', url: null, size: null }
      const url = `${publicUrl()}${reportPath}?of=${report.permit}`
      return { report_status: report.status, url, size: report.size }
    },
  }
}
