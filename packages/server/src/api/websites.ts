import type { resources } from '@pinfold/contract'
import { wireTimeMicros } from '../core/clock.ts'
import type { Handlers } from '../http/handlers.ts'
import type { Services } from './services.ts'

/** The operations on the websites of an account. */
export function websitesApi({
  bookmarks,
  websites,
}: Pick<Services, 'bookmarks' | 'websites'>): Handlers<typeof resources.websites> {
  return {
    list: async ({ viewer, query }) => {
      const listName = `user_account/websites ${viewer.accountId}`
      const { items, next } = await websites.list(viewer.accountId, bookmarks.read(listName, query))
      const texts = items.map(({ website, verified_at }) =>
        JSON.stringify({ website, status: 'verified', verified_at: wireTimeMicros(verified_at) }),
      )
      return bookmarks.render(listName, { items: texts, next })
    },

    claim: async ({ viewer, body: { website: name, verification_method: method = 'METATAG' } }) => {
      const { website, verifiedAt, wasVerified } = await websites.claim(viewer.accountId, name, method)
      return {
        website,
        status: wasVerified ? 'already_verified_by_user' : 'success',
        verified_at: wireTimeMicros(verifiedAt),
      }
    },

    remove: async ({ viewer, query }) => {
      await websites.remove(viewer.accountId, query.website)
      return undefined
    },

    codes: ({ viewer }) => websites.codes(viewer.accountId),
  }
}
