import { adAccounts } from './ad-accounts.ts'
import { adGroups } from './ads/ad-groups.ts'
import { adPreviews, campaignAdPreviews } from './ads/ad-previews.ts'
import { ads } from './ads/ads.ts'
import { adAnalytics } from './ads/analytics.ts'
import { campaigns } from './ads/campaigns.ts'
import { dynamicTitles } from './ads/dynamic-titles.ts'
import { keywords } from './ads/keywords.ts'
import { labels } from './ads/labels.ts'
import { orderLines } from './ads/order-lines.ts'
import { promotions } from './ads/promotions.ts'
import { adReports } from './ads/reports.ts'
import { adResources } from './ads/resources.ts'
import { schedules } from './ads/schedules.ts'
import { targetingTemplates } from './ads/targeting-templates.ts'
import { arranging } from './arranging.ts'
import { boardSections } from './board-sections.ts'
import { boards } from './boards.ts'
import { control } from './control.ts'
import { developer } from './developer.ts'
import { duplicates } from './duplicates.ts'
import { events } from './events.ts'
import { finding } from './finding.ts'
import { live } from './live.ts'
import { media } from './media.ts'
import { multiPins } from './multi-pins.ts'
import { notifications } from './notifications.ts'
import { oauth } from './oauth.ts'
import { pagePictures } from './page-pictures.ts'
import { pins } from './pins.ts'
import { productTags } from './product-tags.ts'
import { related } from './related.ts'
import { search } from './search.ts'
import { settings } from './settings.ts'
import { terms } from './terms.ts'
import { trash } from './trash.ts'
import { trends } from './trends.ts'
import { userAccount } from './user-account.ts'
import { web } from './web.ts'
import { webhooks } from './webhooks.ts'
import { websites } from './websites.ts'

/**
 * Every operation, by its resource and a verb. The server's handlers, the client's methods and their types have the
 * same keys, so that none can exist without the others.
 */
export const resources = {
  oauth,
  /** The account that the token acts for. */
  userAccount,
  /** Named collections of Pins. */
  boards,
  /** Named parts of boards. */
  boardSections,
  /** Pictures, videos and carousels with words and a link. */
  pins,
  /** The products that Pins show: other Pins, tagged in them. */
  productTags,
  /** Several Pins at once. */
  multiPins,
  /** Events of Pins, to be counted; Pinfold's own. */
  events,
  /** Uploads of videos for Pins. */
  media,
  /** Search for boards and Pins. */
  search,
  /** What advertising belongs to, and whom others act for. */
  adAccounts,
  /** What there is to choose from for ads. */
  adResources,
  /** Ad groups with one purpose and one budget. */
  campaigns,
  /** What campaigns may spend of an order. */
  orderLines,
  /** Discounts and other offers that ads can show. */
  promotions,
  /** Words of searches, for which ads are shown or not shown. */
  keywords,
  /** Ads of a campaign with one audience and one bid. */
  adGroups,
  /** Titles of products in the ads of an ad group. */
  dynamicTitles,
  /** How ads did, and what they are in. */
  adAnalytics,
  /** Files of how ads did. */
  adReports,
  /** Words by which campaigns are told apart. */
  labels,
  /** Changes of campaigns for some time. */
  schedules,
  /** Whom ads are for, under names. */
  targetingTemplates,
  /** Pins that are shown for money. */
  ads,
  /** What an ad would look like. */
  adPreviews,
  /** What the first ads of ad groups look like. */
  campaignAdPreviews,
  /** Words that go together in public Pins. */
  terms,
  /** What goes with a Pin; Pinfold's own. */
  related,
  /** The websites that the account has claimed. */
  websites,
  /** What is frequent now. */
  trends,
  /** What partners tell. */
  notifications,
  /** What the web app shows: above all what anybody may see; Pinfold's own. */
  web,
  /** Whether what is shown has changed, for the web app; Pinfold's own. */
  live,
  /** Search over what one may see, for the web app; Pinfold's own. */
  finding,
  /** The order of boards, their covers, and what is put away or together; Pinfold's own. */
  arranging,
  /** Whether one has a picture already; Pinfold's own. */
  duplicates,
  /** Deleted Pins that may come back; Pinfold's own. */
  trash,
  /** What people change about their own accounts, in the web app alone; Pinfold's own. */
  settings,
  /** The apps and tokens that people make in the web app; Pinfold's own. */
  developer,
  /** Pictures of the web to pin, in the web app alone; Pinfold's own. */
  pagePictures,
  /** Where events are told; Pinfold's own. */
  webhooks,
  /** What those who test do with the server itself; Pinfold's own. */
  control,
} as const

type Resources = typeof resources
type Operations = { [R in keyof Resources]: Resources[R][keyof Resources[R]] }[keyof Resources]

/** All operations. */
export const operations: readonly Operations[] = Object.values(resources).flatMap((resource): Operations[] =>
  Object.values(resource),
)

/** Pinterest's names for them: `pins/create`, … */
export type OperationId = Operations['id']

/** The declaration of one operation. */
export type OperationOf<Id extends OperationId> = Extract<Operations, { id: Id }>
