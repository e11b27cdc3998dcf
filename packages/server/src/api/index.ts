import type { Api } from '../http/handlers.ts'
import { adAccountsApi } from './ad-accounts.ts'
import { adGroupsApi } from './ads/ad-groups.ts'
import { adPreviewsApi, campaignAdPreviewsApi } from './ads/ad-previews.ts'
import { adsApi } from './ads/ads.ts'
import { adAnalyticsApi } from './ads/analytics.ts'
import { campaignsApi } from './ads/campaigns.ts'
import { dynamicTitlesApi } from './ads/dynamic-titles.ts'
import { keywordsApi } from './ads/keywords.ts'
import { labelsApi } from './ads/labels.ts'
import { orderLinesApi } from './ads/order-lines.ts'
import { promotionsApi } from './ads/promotions.ts'
import { adReportsApi } from './ads/reports.ts'
import { adResourcesApi } from './ads/resources.ts'
import { schedulesApi } from './ads/schedules.ts'
import { targetingTemplatesApi } from './ads/targeting-templates.ts'
import { arrangingApi } from './arranging.ts'
import { boardSectionsApi } from './board-sections.ts'
import { boardsApi } from './boards.ts'
import { controlApi } from './control.ts'
import { developerApi } from './developer.ts'
import { duplicatesApi } from './duplicates.ts'
import { eventsApi } from './events.ts'
import { findingApi } from './finding.ts'
import { liveApi } from './live.ts'
import { mediaApi } from './media.ts'
import { multiPinsApi } from './multi-pins.ts'
import { notificationsApi } from './notifications.ts'
import { oauthApi } from './oauth.ts'
import { pagePicturesApi } from './page-pictures.ts'
import { pinsApi } from './pins.ts'
import { productTagsApi } from './product-tags.ts'
import { relatedApi } from './related.ts'
import { searchApi } from './search.ts'
import type { Services } from './services.ts'
import { settingsApi } from './settings.ts'
import { termsApi } from './terms.ts'
import { trashApi } from './trash.ts'
import { trendsApi } from './trends.ts'
import { userAccountApi } from './user-account.ts'
import { webApi } from './web.ts'
import { webhooksApi } from './webhooks.ts'
import { websitesApi } from './websites.ts'

/** Makes the handlers of every operation. The compiler names a resource or an operation that has none. */
export function makeApi(services: Services): Api {
  return {
    oauth: oauthApi(services),
    userAccount: userAccountApi(services),
    boards: boardsApi(services),
    boardSections: boardSectionsApi(services),
    pins: pinsApi(services),
    productTags: productTagsApi(services),
    multiPins: multiPinsApi(services),
    events: eventsApi(services),
    media: mediaApi(services),
    search: searchApi(services),
    adAccounts: adAccountsApi(services),
    adResources: adResourcesApi(services),
    campaigns: campaignsApi(services),
    orderLines: orderLinesApi(services),
    promotions: promotionsApi(services),
    keywords: keywordsApi(services),
    adGroups: adGroupsApi(services),
    dynamicTitles: dynamicTitlesApi(services),
    adAnalytics: adAnalyticsApi(services),
    adReports: adReportsApi(services),
    labels: labelsApi(services),
    schedules: schedulesApi(services),
    targetingTemplates: targetingTemplatesApi(services),
    ads: adsApi(services),
    adPreviews: adPreviewsApi(services),
    campaignAdPreviews: campaignAdPreviewsApi(services),
    terms: termsApi(services),
    related: relatedApi(services),
    websites: websitesApi(services),
    trends: trendsApi(services),
    notifications: notificationsApi(services),
    trash: trashApi(services),
    web: webApi(services),
    live: liveApi(services),
    finding: findingApi(services),
    arranging: arrangingApi(services),
    duplicates: duplicatesApi(services),
    settings: settingsApi(services),
    developer: developerApi(services),
    pagePictures: pagePicturesApi(services),
    webhooks: webhooksApi(services),
    control: controlApi(services),
  }
}
