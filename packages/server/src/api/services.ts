import type { Control } from '../control/control.ts'
import type { Clock } from '../core/clock.ts'
import type { Accounts } from '../domains/accounts/accounts.ts'
import type { AdAccounts } from '../domains/ad-accounts/ad-accounts.ts'
import type { AdGroups } from '../domains/ads/ad-groups/ad-groups.ts'
import type { AdPreviews } from '../domains/ads/ad-previews.ts'
import type { AdReviews } from '../domains/ads/ad-reviews.ts'
import type { Ads } from '../domains/ads/ads.ts'
import type { Campaigns } from '../domains/ads/campaigns.ts'
import type { Emptying } from '../domains/ads/emptying.ts'
import type { Keywords } from '../domains/ads/keywords.ts'
import type { Labels } from '../domains/ads/labels.ts'
import type { AdAnalytics } from '../domains/ads/numbers/ad-analytics.ts'
import type { AdNumbers } from '../domains/ads/numbers/ad-numbers.ts'
import type { OrderLines } from '../domains/ads/order-lines.ts'
import type { Promotions } from '../domains/ads/promotions.ts'
import type { AdReports } from '../domains/ads/reports/ad-reports.ts'
import type { Schedules } from '../domains/ads/schedules.ts'
import type { TargetingTemplates } from '../domains/ads/targeting-templates.ts'
import type { AdTitles } from '../domains/ads/titles/ad-titles.ts'
import type { Analytics } from '../domains/analytics/analytics.ts'
import type { Boards } from '../domains/boards/boards.ts'
import type { Collaborators } from '../domains/boards/collaborators.ts'
import type { FollowedBoards } from '../domains/boards/followed-boards.ts'
import type { Follows } from '../domains/follows/follows.ts'
import type { ListWatch } from '../domains/live/list-watch.ts'
import type { DuplicateFinder } from '../domains/looks/duplicates.ts'
import type { Notifications } from '../domains/notifications/notifications.ts'
import type { Apps } from '../domains/oauth/apps.ts'
import type { OwnApps } from '../domains/oauth/own-apps.ts'
import type { OwnTokens } from '../domains/oauth/own-tokens.ts'
import type { Tokens } from '../domains/oauth/tokens.ts'
import type { PagePictures } from '../domains/page-pictures/page-pictures.ts'
import type { Pins } from '../domains/pins/pins.ts'
import type { ProfilePictures } from '../domains/profile-pictures/profile-pictures.ts'
import type { ForYou } from '../domains/related/for-you.ts'
import type { Related } from '../domains/related/related.ts'
import type { Search } from '../domains/search/search.ts'
import type { Terms } from '../domains/trends/terms.ts'
import type { Trends } from '../domains/trends/trends.ts'
import type { Videos } from '../domains/videos/videos.ts'
import type { Webhooks } from '../domains/webhooks/webhooks.ts'
import type { Websites } from '../domains/websites/websites.ts'
import type { Bookmarks } from '../http/bookmarks.ts'
import type { Throttles } from '../http/throttle.ts'

/** What handlers depend on. Each file of handlers names the few that it needs. */
export interface Services {
  accounts: Accounts
  adAccounts: AdAccounts
  adAnalytics: AdAnalytics
  adNumbers: AdNumbers
  analytics: Analytics
  campaigns: Campaigns
  emptying: Emptying
  orderLines: OrderLines
  promotions: Promotions
  keywords: Keywords
  adGroups: AdGroups
  labels: Labels
  schedules: Schedules
  targetingTemplates: TargetingTemplates
  ads: Ads
  adPreviews: AdPreviews
  adReports: AdReports
  adReviews: AdReviews
  adTitles: AdTitles
  apps: Apps
  boards: Boards
  /** Returns a board, whoever may see it; undefined if there is none. */
  boardById: Collaborators['boardById']
  bookmarks: Bookmarks
  clock: Clock
  throttles: Throttles
  /** What those who test do with the server itself. */
  control: Control
  duplicateFinder: DuplicateFinder
  follows: Follows
  forYou: ForYou
  listWatch: ListWatch
  notifications: Notifications
  ownApps: OwnApps
  ownTokens: OwnTokens
  pagePictures: PagePictures
  pins: Pins
  related: Related
  profilePictures: ProfilePictures
  /** Boards that everybody may see. */
  publicBoards: Pick<FollowedBoards, 'publicByIds'>
  search: Search
  terms: Terms
  tokens: Tokens
  trends: Trends
  videos: Videos
  webhooks: Webhooks
  websites: Websites
  /** What the server offers to whoever is not signed in. */
  offers: { signUp: 'open' | 'closed'; isDemo: boolean }
  /** Returns the address at which clients reach the server, without a slash at the end. */
  publicUrl: () => string
  /** Returns the beginning of the addresses of pictures and videos, without a slash at the end. */
  mediaUrl: () => string
}
