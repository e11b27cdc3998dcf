import { accountMetrics, type resources, videoMetrics } from '@pinfold/contract'
import type { Handlers } from '../http/handlers.ts'
import type { Services } from './services.ts'

/** The operations on the account itself. */
export function userAccountApi({
  accounts,
  analytics,
  mediaUrl,
}: Pick<Services, 'accounts' | 'analytics' | 'mediaUrl'>): Handlers<typeof resources.userAccount> {
  return {
    get: async ({ caller, viewer }) => {
      const account = await accounts.byId(caller.accountId)
      return {
        account_type: account.account_type,
        id: String(account.id),
        username: account.username,
        profile_image: `${mediaUrl()}/media/avatars/${account.id}.png`,
        website_url: account.website_url,
        about: account.about,
        business_name: account.business_name,
        board_count: account.board_count,
        pin_count: account.pin_count,
        follower_count: account.follower_count,
        following_count: account.following_count,
        monthly_views: await analytics.monthlyViews(viewer),
      }
    },

    analytics: ({ viewer, query }) => analytics.ofAccount(viewer, query),

    analyticsTopPins: ({ viewer, query }) => analytics.topPins(viewer, query, accountMetrics),

    analyticsTopVideoPins: ({ viewer, query }) => analytics.topVideoPins(viewer, query, videoMetrics),
  }
}
