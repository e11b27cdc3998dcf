import { accountMetrics, type resources, videoMetrics } from '@pinfold/contract'
import type { Handlers } from '../http/handlers.ts'
import { followsApi } from './follows.ts'
import type { Services } from './services.ts'

/** The operations on the account itself. */
export function userAccountApi(
  services: Pick<Services, 'accounts' | 'adAccounts' | 'analytics' | 'boards' | 'bookmarks' | 'follows' | 'mediaUrl'>,
): Handlers<typeof resources.userAccount> {
  const { accounts, adAccounts, analytics, boards, mediaUrl } = services
  const picture = (id: number) => `${mediaUrl()}/media/avatars/${id}.png`

  return {
    get: async ({ caller: { scopes }, viewer }) => {
      const { accountId, actorId } = viewer
      const account = await accounts.byId(accountId)
      // What is secret is not counted either for a token, or a role, that may not see it.
      const mayByRole = actorId === undefined || viewer.secret !== 'none'
      const seesBoards = mayByRole && scopes.has('boards:read_secret')
      const seesPins = seesBoards && scopes.has('pins:read_secret')
      const hiddenBoards = seesBoards ? 0 : await boards.secretCount(accountId)
      const hiddenPins = seesPins ? 0 : account.secret_pin_count
      return {
        account_type: account.account_type,
        id: String(account.id),
        username: account.username,
        profile_image: picture(account.id),
        website_url: account.website_url,
        about: account.about,
        business_name: account.business_name,
        board_count: account.board_count - hiddenBoards,
        pin_count: account.pin_count - hiddenPins,
        follower_count: account.follower_count,
        following_count: account.following_count,
        monthly_views: await analytics.monthlyViews(viewer),
      }
    },

    // One picture serves for all sizes: clients draw it as large as they need.
    businesses: async ({ viewer }) =>
      (await adAccounts.businesses(viewer)).map(({ id, username }) => ({
        username,
        image_small_url: picture(id),
        image_medium_url: picture(id),
        image_large_url: picture(id),
        image_xlarge_url: picture(id),
      })),

    analytics: ({ viewer, query }) => analytics.ofAccount(viewer, query),

    analyticsTopPins: ({ viewer, query }) => analytics.topPins(viewer, query, accountMetrics),

    analyticsTopVideoPins: ({ viewer, query }) => analytics.topVideoPins(viewer, query, videoMetrics),

    ...followsApi(services),
  }
}
