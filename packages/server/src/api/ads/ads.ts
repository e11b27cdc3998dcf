import type { resources } from '@pinfold/contract'
import type { AdAccountRow } from '../../domains/ad-accounts/ad-accounts.ts'
import { type Ad, type MadeAd, showAd } from '../../domains/ads/ads.ts'
import type { Outcome, Refusal } from '../../domains/ads/batch.ts'
import { entityFilter, entityListName } from '../../domains/ads/entities.ts'
import type { Handlers } from '../../http/handlers.ts'
import type { Services } from '../services.ts'

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
        // Who may not manage the ad account has been refused before.
        see: () => undefined,
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

/** Returns the answer to a batch of ads: what became of each, with one object for the reason of a refusal. */
const showBatch = <Made, Shown>(outcomes: readonly Outcome<Made>[], show: (made: Made) => Shown) => ({
  items: outcomes.map((outcome) =>
    'made' in outcome ? { data: show(outcome.made) } : { exceptions: asOne(outcome.refusals) },
  ),
})

function notShown(): never {
  throw new Error('An ad was not read with what it is in.')
}

/** Returns the one reason of a refusal that this batch has place for: that of the first, in the words of all. */
const asOne = (refusals: readonly Refusal[]) => ({
  code: refusals[0]?.code ?? 1,
  message: refusals.map(({ message }) => message).join(' '),
})
