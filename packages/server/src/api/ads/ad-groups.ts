import type { resources } from '@pinfold/contract'
import { type PlacedAdGroup, showAdGroup } from '../../domains/ads/ad-groups/ad-groups.ts'
import type { Outcome } from '../../domains/ads/batch.ts'
import { bidFloorOf } from '../../domains/ads/bid-floor.ts'
import { entityFilter, entityListName } from '../../domains/ads/entities.ts'
import { reachOf, roundly } from '../../domains/ads/reach.ts'
import type { Handlers } from '../../http/handlers.ts'
import type { Services } from '../services.ts'
import { audienceIn, targetingIn } from './audience.ts'
import { seenBefore, showBareBatch } from './batch.ts'

/** The operations on ad groups. */
export function adGroupsApi({
  adGroups,
  bookmarks,
  clock,
}: Pick<Services, 'adGroups' | 'bookmarks' | 'clock'>): Handlers<typeof resources.adGroups> {
  const show = (adGroup: PlacedAdGroup) => showAdGroup(adGroup, { now: clock.now() })
  const showNew = (adGroup: PlacedAdGroup) => showAdGroup(adGroup, { now: clock.now(), isNew: true })

  return {
    list: async ({ adAccount, query }) => {
      const filter = entityFilter(adAccount.id, query, { id: query.ad_group_ids, parent_id: query.campaign_ids })
      const listName = entityListName('ad_groups/list', filter, query.order)
      const { items, next } = await adGroups.list(filter, bookmarks.readOrdered(listName, query, ['number']))
      const view = { now: clock.now(), withInterestNames: query.translate_interests_to_names ?? false }
      return bookmarks.render(listName, { items: items.map((each) => JSON.stringify(showAdGroup(each, view))), next })
    },

    create: ({ adAccount, body, once }) =>
      once({
        make: (written) => adGroups.create(adAccount, body, written),
        show: (outcomes: Outcome<PlacedAdGroup>[]) => showBareBatch(outcomes, showNew),
        see: seenBefore,
      }),

    update: async ({ adAccount, body }) => showBareBatch(await adGroups.update(adAccount, body), show),

    get: async ({ adAccount, params }) => show(await adGroups.find(adAccount, params.ad_group_id)),

    listPromoting: async ({ adAccount, query }) => {
      const promotions = query.promotion_ids.toSorted()
      const listName = `get_ad_groups_by_promotion_ids/list ${adAccount.id} ${promotions.join()} ${query.order ?? ''}`
      const page = bookmarks.readOrdered(listName, query, ['number'])
      const { items, next } = await adGroups.listPromoting(adAccount, promotions, page)
      return bookmarks.render(listName, { items: items.map((each) => JSON.stringify(show(each))), next })
    },

    audienceSizing: ({ body }) => {
      const people = reachOf(audienceIn(body))
      return { audience_size_lower_bound: roundly(people * 0.9), audience_size_upper_bound: roundly(people * 1.1) }
    },

    bidFloor: ({ body }) => {
      const targeting = targetingIn(body)
      return { bid_floors: body.bid_floor_specs.map((spec) => bidFloorOf(spec, targeting)), type: 'bidfloor' }
    },
  }
}
