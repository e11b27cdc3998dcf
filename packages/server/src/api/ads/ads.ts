import type { resources } from '@pinfold/contract'
import type { AdAccountRow } from '../../domains/ad-accounts/ad-accounts.ts'
import { type Ad, type MadeAd, showAd } from '../../domains/ads/ads.ts'
import type { Outcome } from '../../domains/ads/batch.ts'
import { entityFilter, entityListName } from '../../domains/ads/entities.ts'
import type { Handlers } from '../../http/handlers.ts'
import type { Services } from '../services.ts'
import { asOne, seenBefore, showOutcomes } from './batch.ts'

/** The operations on ads. */
export function adsApi({
  ads,
  bookmarks,
  clock,
}: Pick<Services, 'ads' | 'bookmarks' | 'clock'>): Handlers<typeof resources.ads> {
  type Account = Pick<AdAccountRow, 'id'>

  async function shown(account: Account, found: readonly Ad[]) {
    const surroundings = await ads.surroundings(account, found)
    const now = clock.now()
    return found.map((ad) => {
      const around = surroundings.get(ad.row.id)
      return around ? showAd(ad, around, now) : notShown()
    })
  }

  /** Returns the answer to a batch: what became of each, with one object for the reason of a refusal. */
  const showBatch = <Made>(outcomes: readonly Outcome<Made>[], show: (made: Made) => ReturnType<typeof showAd>) => ({
    items: showOutcomes(
      outcomes,
      (made) => ({ data: show(made) }),
      (refusals) => ({ exceptions: asOne(refusals) }),
    ),
  })

  return {
    list: async ({ adAccount, query }) => {
      const { ad_ids: id, ad_group_ids: parent_id, campaign_ids: campaign_id } = query
      const filter = entityFilter(adAccount.id, query, { id, parent_id, campaign_id })
      const listName = entityListName('ads/list', filter, query.order)
      const { items, next } = await ads.list(filter, bookmarks.readOrdered(listName, query, ['number']))
      const texts = (await shown(adAccount, items)).map((each) => JSON.stringify(each))
      return bookmarks.render(listName, { items: texts, next })
    },

    create: ({ adAccount, body, once }) =>
      once({
        make: (written) => ads.create(adAccount, body, written),
        show: (outcomes: Outcome<MadeAd>[]) => {
          const now = clock.now()
          return showBatch(outcomes, (ad) => showAd(ad, ad.surroundings, now, true))
        },
        see: seenBefore,
      }),

    update: async ({ adAccount, body }) => {
      const outcomes = await ads.update(adAccount, body)
      const made = outcomes.flatMap((outcome) => ('made' in outcome ? [outcome.made] : []))
      const texts = new Map((await shown(adAccount, made)).map((each, index) => [made[index], each] as const))
      return showBatch(outcomes, (ad) => texts.get(ad) ?? notShown())
    },

    get: async ({ adAccount, params }) => {
      const [ad] = await shown(adAccount, [await ads.find(adAccount, params.ad_id)])
      return ad ?? notShown()
    },
  }
}

function notShown(): never {
  throw new Error('An ad was not read with what it is in.')
}
