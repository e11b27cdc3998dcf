import { adAccountParams } from '../../models/ads/common.ts'
import {
  AdsAnalyticsCreateAsyncRequest,
  AdsAnalyticsCreateAsyncResponse,
  AdsAnalyticsGetAsyncResponse,
  ReportToken,
} from '../../models/ads/report.ts'
import { operation } from '../../operation.ts'
import { Type } from '../../type.ts'

const shared = {
  path: '/ad_accounts/{ad_account_id}/reports',
  tag: 'ad_accounts',
  auth: { by: 'token', scopes: ['ads:read'], clientCredentials: false },
  adRight: 'see',
  category: 'ads_analytics',
  params: adAccountParams,
} as const

export const adReports = {
  /** Asks for a report, which is made meanwhile. */
  create: operation({
    ...shared,
    id: 'analytics/create_report',
    method: 'POST',
    summary: 'Ask for a report',
    description:
      'Has a report made of how ads did, which may take a while: `token` tells how far it is, and where to read it. Whoever ' +
      'asks for the same again, while it is made or can be read, gets the same token.',
    body: { type: 'json', schema: AdsAnalyticsCreateAsyncRequest },
    success: { status: 200, description: 'The token of the report.', schema: AdsAnalyticsCreateAsyncResponse },
    errors: { adsAnalyticsInvalid: {} },
  }),
  /** How far a report is, and where it can be read. */
  get: operation({
    ...shared,
    id: 'analytics/get_report',
    method: 'GET',
    summary: 'Get a report',
    description:
      'How far a report is, and when it is done, an address at which it can be read without a token for 5 minutes. An hour after ' +
      'it was made it is EXPIRED. A token that is none of the ad account’s is no error: DOES_NOT_EXIST.',
    query: Type.Object({ token: ReportToken }),
    success: { status: 200, description: 'How far it is.', schema: AdsAnalyticsGetAsyncResponse },
    errors: {},
  }),
} as const
