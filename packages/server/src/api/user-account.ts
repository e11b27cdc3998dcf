import { accountMetrics, type resources, videoMetrics } from '@pinfold/contract'
import type { Handlers } from '../http/handlers.ts'
import { followsApi } from './follows.ts'
import type { Services } from './services.ts'

/** The operations on the account itself. */
export function userAccountApi(
  services: Pick<Services, 'accounts' | 'analytics' | 'boards' | 'bookmarks' | 'follows' | 'mediaUrl'>,
): Handlers<typeof resources.userAccount> {
  const { accounts, analytics, boards, mediaUrl } = services
  return {
    get: async ({ caller: { accountId, scopes }, viewer }) => {
      const account = await accounts.byId(accountId)
      // What is secret is not counted either for a token that may not see it.
      const seesBoards = scopes.has('boards:read_secret')
      const seesPins = seesBoards && scopes.has('pins:read_secret')
      const secret = seesPins ? { boards: 0, pins: 0 } : await boards.secretCounts(accountId)
      return {
        account_type: account.account_type,
        id: String(account.id),
        username: account.username,
        profile_image: `${mediaUrl()}/media/avatars/${account.id}.png`,
        website_url: account.website_url,
        about: account.about,
        business_name: account.business_name,
        board_count: account.board_count - (seesBoards ? 0 : secret.boards),
        pin_count: account.pin_count - secret.pins,
        follower_count: account.follower_count,
        following_count: account.following_count,
        monthly_views: await analytics.monthlyViews(viewer),
      }
    },

    analytics: ({ viewer, query }) => analytics.ofAccount(viewer, query),

    analyticsTopPins: ({ viewer, query }) => analytics.topPins(viewer, query, accountMetrics),

    analyticsTopVideoPins: ({ viewer, query }) => analytics.topVideoPins(viewer, query, videoMetrics),

    ...followsApi(services),
  }
}
