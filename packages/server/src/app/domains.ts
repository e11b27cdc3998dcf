import { randomInt } from 'node:crypto'
import { join } from 'node:path'
import type { Logger } from 'pino'
import type { Clock } from '../core/clock.ts'
import type { IdMaker } from '../core/ids.ts'
import { isLoopbackHost } from '../core/loopback.ts'
import type { PasswordCost } from '../core/passwords.ts'
import { sandboxMark } from '../core/sandbox-mark.ts'
import type { SharedMemory } from '../core/shared-memory.ts'
import type { Database } from '../db/database.ts'
import { accountIds } from '../domains/accounts/account-ids.ts'
import { type Accounts, accountsOf } from '../domains/accounts/accounts.ts'
import { type AdAccounts, adAccountsOf, firstAdAccount } from '../domains/ad-accounts/ad-accounts.ts'
import { type AdGroups, adGroupsOf } from '../domains/ads/ad-groups/ad-groups.ts'
import { campaignChanges } from '../domains/ads/ad-groups/campaign-changes.ts'
import { type AdPreviews, adPreviewsOf } from '../domains/ads/ad-previews.ts'
import { type AdReviews, adReviewsOf, type ReviewRule } from '../domains/ads/ad-reviews.ts'
import { type Ads, adsOf } from '../domains/ads/ads.ts'
import { type Campaigns, campaignsOf } from '../domains/ads/campaigns.ts'
import { type Emptying, emptyingOf } from '../domains/ads/emptying.ts'
import { type Keywords, keywordsOf } from '../domains/ads/keywords.ts'
import { type Labels, labelsOf } from '../domains/ads/labels.ts'
import { type AdAnalytics, adAnalyticsOf } from '../domains/ads/numbers/ad-analytics.ts'
import { type AdNumbers, adNumbersOf } from '../domains/ads/numbers/ad-numbers.ts'
import { type OrderLines, orderLinesOf } from '../domains/ads/order-lines.ts'
import { type Promotions, promotionsOf } from '../domains/ads/promotions.ts'
import { type AdReports, adReportsOf, reportJob } from '../domains/ads/reports/ad-reports.ts'
import { reportMaker } from '../domains/ads/reports/report-maker.ts'
import { type Schedules, schedulesOf } from '../domains/ads/schedules.ts'
import { type TargetingTemplates, targetingTemplatesOf } from '../domains/ads/targeting-templates.ts'
import { type AdTitles, adTitlesOf } from '../domains/ads/titles/ad-titles.ts'
import { type Analytics, analyticsOf } from '../domains/analytics/analytics.ts'
import { type Boards, boardsOf } from '../domains/boards/boards.ts'
import { type Collaborators, collaboratorsOf } from '../domains/boards/collaborators.ts'
import { type FollowedBoards, followedBoards } from '../domains/boards/followed-boards.ts'
import { pinPlaces } from '../domains/boards/pin-places.ts'
import { boardFollowers } from '../domains/follows/board-followers.ts'
import { type Follows, followsOf } from '../domains/follows/follows.ts'
import { type Idempotency, idempotencyOf } from '../domains/idempotency/idempotency.ts'
import { JobRefused, type Jobs, jobsOf } from '../domains/jobs/jobs.ts'
import { type ListWatch, listWatchOf } from '../domains/live/list-watch.ts'
import { type LookBackfill, lookBackfill } from '../domains/looks/backfill.ts'
import { type DuplicateFinder, duplicateFinder } from '../domains/looks/duplicates.ts'
import { lookIndexOf } from '../domains/looks/look-index.ts'
import { pictureFetcher } from '../domains/media/fetch-picture.ts'
import { type Pictures, picturesOf } from '../domains/media/pictures.ts'
import { drawPlaceholder } from '../domains/media/placeholder.ts'
import { type Notifications, notificationsOf } from '../domains/notifications/notifications.ts'
import { type Apps, appsOf } from '../domains/oauth/apps.ts'
import { type OwnApps, ownAppsOf } from '../domains/oauth/own-apps.ts'
import { type OwnTokens, ownTokensOf } from '../domains/oauth/own-tokens.ts'
import { type Tokens, tokensOf } from '../domains/oauth/tokens.ts'
import { type PagePictures, pagePicturesOf } from '../domains/page-pictures/page-pictures.ts'
import { advertisedPins } from '../domains/pins/advertised-pins.ts'
import { claimablePins } from '../domains/pins/claimable-pins.ts'
import { countedPins } from '../domains/pins/counted-pins.ts'
import { pinGraph } from '../domains/pins/graph.ts'
import { pinsOnBoards } from '../domains/pins/on-boards.ts'
import { type Pins, pinsOf } from '../domains/pins/pins.ts'
import { searchablePins } from '../domains/pins/searchable-pins.ts'
import { unlookedPins } from '../domains/pins/unlooked-pins.ts'
import { type ProfilePictures, profilePicturesOf } from '../domains/profile-pictures/profile-pictures.ts'
import { type ForYou, forYouOf } from '../domains/related/for-you.ts'
import { type Related, relatedOf } from '../domains/related/related.ts'
import { type SearchBackfill, searchBackfill } from '../domains/search/backfill.ts'
import { pinIndexOf } from '../domains/search/pin-index.ts'
import { type Search, searchOf } from '../domains/search/search.ts'
import { searchedWordsOf } from '../domains/trends/searched-words.ts'
import { type Terms, termsOf } from '../domains/trends/terms.ts'
import { type Trends, trendsOf } from '../domains/trends/trends.ts'
import type { AdmitUpload } from '../domains/videos/processing.ts'
import { findVideoTools } from '../domains/videos/tools.ts'
import { type Videos, videosOf } from '../domains/videos/videos.ts'
import { type Outbox, outboxOf } from '../domains/webhooks/outbox.ts'
import { appRights } from '../domains/webhooks/rights.ts'
import { type WebhookSender, webhookSender } from '../domains/webhooks/sender.ts'
import { type Webhooks, webhooksOf } from '../domains/webhooks/webhooks.ts'
import { lookOf } from '../domains/websites/look.ts'
import { type Websites, websitesOf } from '../domains/websites/websites.ts'
import type { Settings } from './config.ts'
import { makeIds } from './make-ids.ts'
import type { OpenData } from './open-data.ts'
import { reachOfWebhooks } from './webhook-networks.ts'

/** The accounts, apps, tokens and collaborators: everything that operators change by hand. */
export interface People {
  db: Database
  ids: IdMaker
  accounts: Accounts
  adAccounts: AdAccounts
  apps: Apps
  collaborators: Collaborators
  ownApps: OwnApps
  ownTokens: OwnTokens
  outbox: Outbox
  tokens: Tokens
}

/** Everything that a server does, except receiving requests. */
export interface Domains extends People {
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
  boards: Boards
  follows: Follows
  duplicateFinder: DuplicateFinder
  forYou: ForYou
  idempotency: Idempotency
  jobs: Jobs
  listWatch: ListWatch
  notifications: Notifications
  pagePictures: PagePictures
  pictures: Pictures
  pins: Pins
  profilePictures: ProfilePictures
  related: Related
  search: Search
  searchBackfill: SearchBackfill
  lookBackfill: LookBackfill
  terms: Terms
  trends: Trends
  publicBoards: FollowedBoards
  videos: Videos
  webhooks: Webhooks
  webhookSender: WebhookSender
  websites: Websites
}

/** What is kept of Pins that were read: about 8,000 of them. A server may have many sandboxes. */
const cacheBytes = { server: 32 * 1024 * 1024, sandbox: 1024 * 1024 }

/** How long a picture's server may take before a drawn picture replaces it. */
const standInAfterMs = 3000
export const hourMs = 60 * 60 * 1000

/** Makes the people of a database. */
export function makePeople({
  db,
  clock,
  ids,
  tokenMark,
  isShared,
  countOthers,
  memory,
  passwordCost,
}: {
  db: Database
  clock: Clock
  ids: IdMaker
  tokenMark?: string | undefined
  /** Whether other servers may use the database. */
  isShared: boolean
  /** How many do. Not given: nobody knows. */
  countOthers?: (() => Promise<number>) | undefined
  /** What these servers share beside it. */
  memory?: SharedMemory | undefined
  passwordCost?: PasswordCost | undefined
}): People {
  const outbox = outboxOf({ db, clock, ids, isShared, countOthers })
  const accounts = accountsOf({ db, clock, ids, equip: firstAdAccount(db, ids), passwordCost })
  const adAccounts = adAccountsOf({ db, clock, ids, accounts })
  const collaborators = collaboratorsOf({ db, clock, accounts })
  const tokens = tokensOf({ db, clock, ids, accounts, outbox, mark: tokenMark, memory })
  return {
    db,
    ids,
    accounts,
    adAccounts,
    apps: appsOf({ db, clock, changed: tokens.forgetCallers }),
    collaborators,
    ownApps: ownAppsOf({ db, clock, ids, changed: tokens.forgetCallers, outbox }),
    ownTokens: ownTokensOf({ db, clock, ids, outbox, changed: tokens.forgetCallers, mark: tokenMark }),
    outbox,
    tokens,
  }
}

/** What the domains need beside settings and data. */
export interface DomainsOptions {
  clock: Clock
  log: Logger
  /** Whether the data is the demo's. */
  hasDemo: boolean
  /** What sets a sandbox apart; undefined for the server itself. */
  sandbox: { id: string; idNode: number } | undefined
  /** What uploads wait for before they are processed. Default: nothing. */
  admit?: AdmitUpload | undefined
  /** How the reviews of ads go on. Default: by what they show. */
  reviewRule?: (() => ReviewRule) | undefined
  /** What servers share beside the database. */
  memory?: SharedMemory | undefined
}

/** Makes the domains. Disposing of `undo` ends their work. */
export async function makeDomains(
  settings: Settings,
  { db, storage, folder, isHeld, node, installation: { key } }: OpenData,
  { clock, log, hasDemo, sandbox, admit, reviewRule, memory }: DomainsOptions,
  undo: AsyncDisposableStack,
): Promise<Domains> {
  const isShared = settings.databaseUrl !== undefined
  const ids = await makeIds(db, clock, { node: sandbox?.idNode ?? node ?? (isShared ? randomInt(1, 32) : 0) })
  const { passwordCost } = settings
  const tokenMark = sandbox && sandboxMark(sandbox.id)
  const people = makePeople({
    db,
    clock,
    ids,
    isShared,
    countOthers: node?.countOthers,
    memory,
    passwordCost,
    tokenMark,
  })
  const { accounts, outbox, tokens } = people
  const allowLoopback = isLoopbackHost(settings.host)
  const reach = reachOfWebhooks(settings)
  const sender = webhookSender({ db, clock, outbox, rights: appRights(tokens), isShared, key, log, reach })
  undo.defer(() => sender.close())
  const fetcher = pictureFetcher({
    allowLoopback,
    ...(settings.fetch === 'placeholder' && { standIn: drawPlaceholder, timeoutMs: standInAfterMs }),
  })
  undo.defer(() => fetcher.close())
  const look = lookOf({
    allowLoopback,
    ...(settings.dnsServers && { dnsServers: settings.dnsServers }),
  })
  undo.defer(() => look.close())
  const pictures = picturesOf({ db, storage, clock, key, pictureCost: settings.pictureCost, isHeld })
  undo.defer(() => pictures.shareEqualFiles())
  undo.defer(() => pictures.finishColumnRenditions())
  const pagePictures = pagePicturesOf({
    ...{ clock, key, fetcher, pictures },
    allowLoopback,
    hasStandIns: settings.fetch === 'placeholder',
  })
  undo.defer(() => pagePictures.close())
  const tools = settings.ffmpeg ? await findVideoTools() : undefined
  if (!tools)
    log.info('ffmpeg and ffprobe are not installed: videos are taken as H.264 in MP4 only, and kept as they are')
  const videos = videosOf({
    ...{ db, clock, ids, storage, pictures, tools, log, key, outbox, admit },
    folder: join(folder, 'uploads'),
    holder: sandbox ? undefined : node?.name,
    sync: settings.durability === 'full' && !settings.ephemeral,
  })
  undo.defer(() => videos.close())
  const places = pinPlaces({ db, clock })
  const adNumbers = adNumbersOf({ db, clock, adAccounts: people.adAccounts })
  const analytics = analyticsOf({
    ...{ db, clock, accounts, key, outbox },
    ads: adNumbers,
    accountIds: accountIds(db),
    pins: countedPins(db),
    keptDays: settings.analyticsDays,
    // Of sandboxes there are many.
    ...(sandbox && { mostKeysInMemory: 20_000 }),
  })
  const index = pinIndexOf(db)
  const looks = lookIndexOf(db)
  const onBoards = pinsOnBoards({ db, accounts, analytics, places, pictures, videos, index, looks, outbox })
  const boards = boardsOf({ db, clock, ids, accounts, pins: onBoards, followers: boardFollowers(db), outbox })
  const publicBoards = followedBoards(db)
  const follows = followsOf({ db, clock, ids, accounts, boards: publicBoards, analytics })
  const pins = pinsOf({
    ...{ db, clock, ids, accounts, boards, places, fetcher, pictures, videos, analytics, index, looks, outbox },
    cacheBytes: sandbox ? cacheBytes.sandbox : cacheBytes.server,
  })
  const websites = websitesOf({ ...{ db, clock, ids, accounts, look }, pins: claimablePins({ db, analytics }) })
  const notifications = notificationsOf({ db, clock, ids })
  const idempotency = idempotencyOf({ db, clock })
  const advertised = advertisedPins(db)
  const rule = reviewRule ?? (() => ({ mode: 'immediate' }) as const)
  const adReviews = adReviewsOf({ db, clock, pins: advertised, rule, isShared })
  const makeReport = reportMaker({ db, clock, pins: advertised, refused: (why) => new JobRefused(why) })
  const jobs = jobsOf({ db, clock, log, isShared, makers: { [reportJob]: makeReport } })
  const searched = searchedWordsOf({ db, clock })
  undo.defer(searched.write)
  const searchable = searchablePins(db)
  const read = { boardsOf: boards.ofAccount, boardNamesOf: boards.namesOf, pinsByIds: pins.byIds }
  const search = searchOf({ index, looks, pins: searchable, noteSearch: searched.note, ...read })
  const backfill = searchBackfill({ db, index, pins: searchable })
  const lookers = lookBackfill({ db, looks, pins: unlookedPins(db), pictures })
  const duplicates = duplicateFinder({ looks, pins: searchable, sourcesOf: pictures.sourcesOf })
  const terms = termsOf({ index, pins: searchable })
  const related = relatedOf({ graph: pinGraph({ db, boards }), index, sourcesOf: pictures.sourcesOf })
  const forYou = forYouOf({ related, pins })
  const trends = trendsOf({ clock, pins: searchable, analytics, searched, withSeasons: hasDemo })
  const campaigns = campaignsOf({ db, clock, ids, changing: campaignChanges({ db, clock }) })
  const found = {
    duplicateFinder: duplicates,
    forYou,
    publicBoards,
    related,
    search,
    searchBackfill: backfill,
    lookBackfill: lookers,
    terms,
    trends,
  }
  return {
    ...people,
    ...found,
    adAnalytics: adAnalyticsOf({ db, clock }),
    adNumbers,
    analytics,
    campaigns,
    adGroups: adGroupsOf({ db, clock, ids, campaigns }),
    emptying: emptyingOf({ db, numbers: adNumbers, jobs }),
    orderLines: orderLinesOf({ db, clock, ids }),
    promotions: promotionsOf({ db, clock, ids }),
    keywords: keywordsOf({ db, clock, ids }),
    labels: labelsOf({ db, clock, ids }),
    schedules: schedulesOf({ db, clock, ids }),
    targetingTemplates: targetingTemplatesOf({ db, clock, ids }),
    ads: adsOf({ db, clock, ids, pins: advertised, reviews: adReviews }),
    adPreviews: adPreviewsOf({ db, clock, key, pins: advertised }),
    adReports: adReportsOf({ clock, key, jobs }),
    adReviews,
    adTitles: adTitlesOf({ db, clock, key }),
    boards,
    follows,
    idempotency,
    jobs,
    listWatch: listWatchOf(memory),
    notifications,
    pagePictures,
    pictures,
    pins,
    profilePictures: profilePicturesOf({ db, accounts, pictures }),
    videos,
    webhooks: webhooksOf({ db, clock, ids, outbox, key, reach }),
    webhookSender: sender,
    websites,
  }
}

/** Resumes work that the end of an earlier process interrupted. */
export async function resume(
  { boards, pictures, videos }: Domains,
  { isShared }: { isShared: boolean },
): Promise<void> {
  await pictures.sweepLeftovers(isShared ? hourMs : 0)
  await boards.finishRemovals()
  await videos.resume({ isShared })
  await videos.removeUnused()
}
