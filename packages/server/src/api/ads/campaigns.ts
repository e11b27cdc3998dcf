import type { resources } from '@pinfold/contract'
import type { Outcome } from '../../domains/ads/batch.ts'
import { type Campaign, showCampaign } from '../../domains/ads/campaigns.ts'
import { entityFilter, entityListName } from '../../domains/ads/entities.ts'
import type { Handlers } from '../../http/handlers.ts'
import type { Services } from '../services.ts'
import { showBatch } from './batch.ts'

/** The operations on campaigns. */
export function campaignsApi({
  bookmarks,
  campaigns,
  clock,
  schedules,
}: Pick<Services, 'bookmarks' | 'campaigns' | 'clock' | 'schedules'>): Handlers<typeof resources.campaigns> {
  const show = (campaign: Campaign) => showCampaign(campaign, clock.now())
  const showNew = (campaign: Campaign) => showCampaign(campaign, clock.now(), true)

  return {
    list: async ({ adAccount, query }) => {
      const filter = entityFilter(adAccount.id, query, { id: query.campaign_ids })
      const listName = entityListName('campaigns/list', filter, query.order)
      const { items, next } = await campaigns.list(filter, bookmarks.readOrdered(listName, query, ['number']))
      return bookmarks.render(listName, {
        items: (await schedules.applied(items)).map((each) => JSON.stringify(show(each))),
        next,
      })
    },

    create: ({ adAccount, body, once }) =>
      once({
        make: (written) => campaigns.create(adAccount, body, written),
        show: (outcomes: Outcome<Campaign>[]) => showBatch(outcomes, showNew),
        // Who may not manage the ad account has been refused before.
        see: () => undefined,
      }),

    update: async ({ adAccount, body }) => showBatch(await campaigns.update(adAccount, body), show),

    get: async ({ adAccount, params }) => {
      const campaign = await campaigns.find(adAccount, params.campaign_id)
      const [applied = campaign] = await schedules.applied([campaign])
      return show(applied)
    },
  }
}
