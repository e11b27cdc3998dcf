import {
  AdPreview,
  AdPreviewCreate,
  CampaignAdPreviewBody,
  CampaignAdPreviews,
  CampaignAdPreviewsDeleted,
  CampaignAdPreviewsMade,
} from '../../models/ads/ad-preview.ts'
import { adAccountParams, mostFilterIds } from '../../models/ads/common.ts'
import { operation } from '../../operation.ts'
import { Type } from '../../type.ts'
import { managing, seeingForAccounts } from './access.ts'

const tag = 'ads'
const path = '/ad_accounts/{ad_account_id}/campaign_ad_preview'

const query = Type.Object({
  ad_group_ids: Type.Array(Type.String({ pattern: '^\\d+$', maxLength: 18 }), {
    minItems: 1,
    maxItems: mostFilterIds,
    description: 'The ad groups.',
    examples: [['1142048512397316']],
  }),
})

export const adPreviews = {
  /** Returns a page that shows a Pin or a picture as an ad. */
  create: operation({
    ...managing,
    id: 'ad_previews/create',
    method: 'POST',
    path: '/ad_accounts/{ad_account_id}/ad_previews',
    tag,
    summary: 'Preview an ad',
    description:
      'Returns the address of a page that shows a Pin, or a picture of the web, as an ad. Whoever has the address can look at ' +
      'it for 7 days, and other pages may frame it. The Pin must have a link. The server does not fetch the picture.',
    params: adAccountParams,
    body: { type: 'json', schema: AdPreviewCreate },
    success: { status: 200, description: 'Where it is.', schema: AdPreview },
    errors: { adEntityNotFound: {} },
  }),
} as const

export const campaignAdPreviews = {
  /** Makes previews of the first ads of ad groups. */
  create: operation({
    ...managing,
    id: 'campaign_ad_preview/create',
    method: 'POST',
    path,
    tag,
    summary: 'Preview the ads of ad groups',
    description:
      'Makes a page for each of up to 30 ad groups that shows its first ad, for 7 days. A new one takes the place of the one ' +
      'before. Of an ad group without ads there is none.',
    params: adAccountParams,
    body: { type: 'json', schema: CampaignAdPreviewBody },
    success: { status: 200, description: 'What became of each.', schema: CampaignAdPreviewsMade },
    errors: {},
  }),
  /** The previews of ad groups. */
  read: operation({
    id: 'campaign_ad_preview/read',
    method: 'GET',
    path,
    tag,
    summary: 'Get the previews of ad groups',
    description: 'The previews of these ad groups that were made, those too that have expired.',
    ...seeingForAccounts,
    params: adAccountParams,
    query,
    success: { status: 200, description: 'The previews.', schema: CampaignAdPreviews },
    errors: {},
  }),
  /** Deletes the previews of ad groups. */
  delete: operation({
    ...managing,
    id: 'campaign_ad_preview/delete',
    method: 'DELETE',
    path,
    tag,
    summary: 'Delete the previews of ad groups',
    description: 'Deletes the previews of these ad groups: their pages show nothing any more.',
    params: adAccountParams,
    query,
    success: { status: 200, description: 'What became of each.', schema: CampaignAdPreviewsDeleted },
    errors: {},
  }),
} as const
