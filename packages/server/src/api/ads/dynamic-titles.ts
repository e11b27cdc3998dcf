import type { resources } from '@pinfold/contract'
import { titlePaths } from '../../domains/ads/titles/ad-titles.ts'
import type { Handlers } from '../../http/handlers.ts'
import type { Services } from '../services.ts'

/** The operations on the titles of products in the ads of an ad group. */
export function dynamicTitlesApi({
  adTitles,
  publicUrl,
}: Pick<Services, 'adTitles' | 'publicUrl'>): Handlers<typeof resources.dynamicTitles> {
  const urlOf = (path: string, permit: string) => `${publicUrl()}${path}?of=${permit}`

  return {
    uploadUrl: async ({ adAccount, params }) => {
      const { requestId, permit, existing } = await adTitles.offerUpload(adAccount, params.ad_group_id)
      return {
        upload_url: urlOf(titlePaths.upload, permit),
        request_id: requestId,
        ...(existing !== undefined && { existing_filename: existing }),
      }
    },

    process: ({ adAccount, params, body }) => adTitles.process(adAccount, params.ad_group_id, body.request_id),

    status: async ({ adAccount, params }) => {
      const { generated, reviewed, isReady } = await adTitles.status(adAccount, params.ad_group_id)
      return { generated_count: generated, reviewed_count: reviewed, is_ready: isReady }
    },

    downloadUrl: async ({ adAccount, params }) => {
      const permit = await adTitles.offerDownload(adAccount, params.ad_group_id)
      return permit === undefined ? {} : { download_url: urlOf(titlePaths.download, permit) }
    },
  }
}
