import type { Analytics } from '../analytics/analytics.ts'
import type { Handlers } from '../http/handlers.ts'
import type { Accounts } from './accounts.ts'

export interface AccountRoutesOptions {
  accounts: Accounts
  analytics: Pick<Analytics, 'monthlyViews'>
  /** Where the server is reached, without a slash at the end. */
  publicUrl: () => string
}

/** The operations on the account itself. */
export function accountRoutes({ accounts, analytics, publicUrl }: AccountRoutesOptions): Handlers<'user_account/get'> {
  return {
    'user_account/get': async ({ caller }) => {
      const account = await accounts.byId(caller.accountId)
      return {
        account_type: account.account_type,
        id: String(account.id),
        username: account.username,
        profile_image: `${publicUrl()}/media/avatars/${account.id}.png`,
        website_url: account.website_url,
        about: account.about,
        business_name: account.business_name,
        board_count: account.board_count,
        pin_count: account.pin_count,
        follower_count: account.follower_count,
        following_count: account.following_count,
        monthly_views: await analytics.monthlyViews(account.id),
      }
    },
  }
}
