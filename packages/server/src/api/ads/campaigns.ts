import type { resources } from '@pinfold/contract'
import { invalid } from '../../core/errors.ts'
import type { Outcome } from '../../domains/ads/batch.ts'
import { type Campaign, showCampaign } from '../../domains/ads/campaigns.ts'
import { estimateDelivery } from '../../domains/ads/delivery-estimates.ts'
import { entityFilter, entityListName } from '../../domains/ads/entities.ts'
import type { Handlers } from '../../http/handlers.ts'
import type { Services } from '../services.ts'
import { audienceIn } from './audience.ts'
import { seenBefore, showBatch } from './batch.ts'

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
        see: seenBefore,
      }),

    update: async ({ adAccount, body }) => showBatch(await campaigns.update(adAccount, body), show),

    get: async ({ adAccount, params }) => {
      const campaign = await campaigns.find(adAccount, params.campaign_id)
      const [applied = campaign] = await schedules.applied([campaign])
      return show(applied)
    },

    estimateDelivery: ({ adAccount, body: [campaign] }) => {
      if (!campaign) throw invalid('The body must have one campaign.')
      return estimateDelivery({
        adGroups: campaign.ad_groups.map((each) => ({
          audience: audienceIn({
            ...each,
            keywords: (each.keywords ?? []).flatMap(({ match_type, value }) =>
              match_type ? [{ match_type, value }] : [],
            ),
          }),
          frequencyCap: each.monthly_frequency_cap ?? 0,
        })),
        ...{
          duration: campaign.budget_duration_type,
          objective: campaign.objective_type,
          currency: adAccount.currency,
        },
        ...{ dailyCap: campaign.daily_spend_cap, lifetimeCap: campaign.lifetime_spend_cap },
        ...{ startDate: campaign.start_date, endDate: campaign.end_date },
      })
    },
  }
}
