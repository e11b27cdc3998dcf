import type { OperationOutput, resources } from '@pinfold/contract'
import { type AdAccount, adAccountCountries } from '../domains/ad-accounts/ad-accounts.ts'
import { termsOfService } from '../domains/ads/terms-of-service.ts'
import type { Handlers } from '../http/handlers.ts'
import type { Services } from './services.ts'

type Shown = OperationOutput<typeof resources.adAccounts.get>

/** The operations on ad accounts. */
export function adAccountsApi({
  adAccounts,
  bookmarks,
  emptying,
}: Pick<Services, 'adAccounts' | 'bookmarks' | 'emptying'>): Handlers<typeof resources.adAccounts> {
  return {
    list: async ({ viewer, query }) => {
      const shared = query.include_shared_accounts ?? true
      const listName = `ad_accounts/list ${viewer.accountId} ${shared}`
      const { items, next } = await adAccounts.list(viewer, { shared }, bookmarks.read(listName, query))
      return bookmarks.render(listName, { items: items.map((each) => JSON.stringify(show(each))), next })
    },

    create: ({ viewer, body, once }) =>
      once({
        make: (written) => adAccounts.create(viewer, body, written),
        // As Pinterest has it: the permissions are there when one asks again.
        show: (made: AdAccount) => show({ ...made, roles: [] }),
        see: (who, { id }) => adAccounts.find(who, id),
      }),

    get: async ({ viewer, params }) => show(await adAccounts.find(viewer, params.ad_account_id)),

    termsOfService: async ({ viewer, params, query }) => {
      const { row } = await adAccounts.find(viewer, params.ad_account_id)
      const { id, hasAccepted, html } = termsOfService
      return { id, ad_account_id: String(row.id), has_accepted: hasAccepted, html: query.include_html ? html : null }
    },

    async empty({ adAccount }) {
      await emptying.empty(adAccount)
      return 'Delete Success'
    },

    countries: () => ({ items: adAccountCountries() }),
  }
}

const show = ({ row, owner, roles }: AdAccount): Shown => ({
  id: String(row.id),
  name: row.name,
  owner: { username: owner.username, id: String(owner.id) },
  country: row.country,
  currency: row.currency,
  permissions: roles,
  created_time: Math.floor(row.created_at / 1000),
  updated_time: Math.floor(row.updated_at / 1000),
  ...(row.time_zone !== null && { time_zone: row.time_zone }),
})
