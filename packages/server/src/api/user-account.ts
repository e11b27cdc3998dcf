import { accountMetrics, type resources, videoMetrics } from '@pinfold/contract'
import type { AccountRow } from '../domains/accounts/accounts.ts'
import { avatarPath } from '../domains/accounts/avatar.ts'
import type { Handlers } from '../http/handlers.ts'
import { followsApi } from './follows.ts'
import type { Services } from './services.ts'

/** The operations on the account itself. */
export function userAccountApi(
  services: Pick<Services, 'accounts' | 'adAccounts' | 'analytics' | 'boards' | 'bookmarks' | 'follows' | 'mediaUrl'>,
): Handlers<typeof resources.userAccount> {
  const { accounts, adAccounts, analytics, boards, mediaUrl } = services
  const picture = (account: AccountRow, side: 150 | 600) => mediaUrl() + avatarPath(account, side)

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
        profile_image: picture(account, 600),
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

    businesses: async ({ viewer }) =>
      (await adAccounts.businesses(viewer)).map((business) => ({
        username: business.username,
        image_small_url: picture(business, 150),
        image_medium_url: picture(business, 150),
        image_large_url: picture(business, 600),
        image_xlarge_url: picture(business, 600),
      })),

    analytics: ({ viewer, query }) => analytics.ofAccount(viewer, query),

    analyticsTopPins: ({ viewer, query }) => analytics.topPins(viewer, query, accountMetrics),

    analyticsTopVideoPins: ({ viewer, query }) => analytics.topVideoPins(viewer, query, videoMetrics),

    ...followsApi(services),
  }
}
