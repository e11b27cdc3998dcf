import type { resources } from '@pinfold/contract'
import { adPreviewPath, type PreviewRow } from '../../domains/ads/ad-previews.ts'
import type { Handlers } from '../../http/handlers.ts'
import type { Services } from '../services.ts'
import { asOne, showOutcomes } from './batch.ts'

type PreviewServices = Pick<Services, 'adPreviews' | 'clock' | 'publicUrl'>

const urlOf = (publicUrl: string, name: string) => `${publicUrl}${adPreviewPath}?of=${name}`

/** The operations on the preview of an ad that there is not yet. */
export const adPreviewsApi = ({ adPreviews, publicUrl }: PreviewServices): Handlers<typeof resources.adPreviews> => ({
  create: async ({ adAccount, body }) => ({ url: urlOf(publicUrl(), await adPreviews.create(adAccount, body)) }),
})

/** The operations on the previews of ad groups. */
export function campaignAdPreviewsApi({
  adPreviews,
  clock,
  publicUrl,
}: PreviewServices): Handlers<typeof resources.campaignAdPreviews> {
  const show = (row: PreviewRow) => ({
    ad_account_id: String(row.ad_account_id),
    ad_group_id: String(row.ad_group_id),
    uuid: row.uuid,
    url: urlOf(publicUrl(), row.uuid),
    expires_at: Math.floor(row.expires_at / 1000),
    is_active: row.expires_at > clock.now(),
    user_id: row.account_id,
    pin_id: row.pin_id,
    pin_promotion_id: row.ad_id,
  })

  return {
    create: async ({ adAccount, caller, body }) => {
      const groups = body.map(({ ad_group_id }) => ad_group_id)
      const outcomes = await adPreviews.createOfGroups(adAccount, caller.accountId, groups)
      return showOutcomes(
        outcomes,
        (row) => ({ data: show(row) }),
        (refusals) => ({ data: { exceptions: asOne(refusals) } }),
      )
    },

    read: async ({ adAccount, query }) => (await adPreviews.ofGroups(adAccount, query.ad_group_ids)).map(show),

    delete: async ({ adAccount, query }) => {
      const outcomes = await adPreviews.deleteOfGroups(adAccount, query.ad_group_ids)
      return showOutcomes(
        outcomes,
        () => ({ status: { statusCode: 204 as const } }),
        (refusals) => ({ status: asOne(refusals) }),
      )
    },
  }
}
