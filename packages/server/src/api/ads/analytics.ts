import type { resources } from '@pinfold/contract'
import type { Handlers } from '../../http/handlers.ts'
import type { Services } from '../services.ts'

/** The operations that tell how ads did. */
export function adAnalyticsApi({ adAnalytics }: Pick<Services, 'adAnalytics'>): Handlers<typeof resources.adAnalytics> {
  return {
    adAccount: ({ adAccount, query }) => adAnalytics.ofAccount(adAccount, query),
    campaigns: ({ adAccount, query }) => adAnalytics.ofCampaigns(adAccount, query.campaign_ids, query),
    adGroups: ({ adAccount, query }) => adAnalytics.ofAdGroups(adAccount, query.ad_group_ids, query),
    ads: ({ adAccount, query }) => adAnalytics.ofAds(adAccount, query, query),
    pins: ({ adAccount, query }) => adAnalytics.ofPins(adAccount, query.campaign_id, query.pin_ids, query),
  }
}
