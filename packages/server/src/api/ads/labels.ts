import type { resources } from '@pinfold/contract'
import type { Outcome } from '../../domains/ads/batch.ts'
import { entityListName } from '../../domains/ads/entities.ts'
import { type Label, type LabelledCampaign, showLabel } from '../../domains/ads/labels.ts'
import type { Handlers } from '../../http/handlers.ts'
import type { Services } from '../services.ts'
import { madeAndErrors, seenBefore } from './batch.ts'

/** The operations on labels of campaigns. */
export function labelsApi({
  bookmarks,
  labels,
}: Pick<Services, 'bookmarks' | 'labels'>): Handlers<typeof resources.labels> {
  const showAll = <Sent>(sent: readonly Sent[], outcomes: readonly Outcome<Label>[]) => {
    const { made, errors } = madeAndErrors(sent, outcomes, showLabel)
    return { labels: made, errors }
  }

  return {
    list: async ({ adAccount, query }) => {
      const filter = await labels.filter(adAccount.id, query)
      // What is on a campaign may change between two pages of a list, which stays the same.
      const named = query.campaign_ids ? `campaigns ${query.campaign_ids.join()}` : query.label_ids?.join()
      const listName = `${entityListName('labels/list', { ...filter, among: undefined }, undefined)} ${named ?? ''}`
      const { items, next } = await labels.list(filter, bookmarks.readOrdered(listName, query, ['number']))
      return bookmarks.render(listName, {
        items: items.map((each) => JSON.stringify({ labels: [showLabel(each)], errors: [] })),
        next,
      })
    },

    create: ({ adAccount, body, once }) =>
      once({
        make: (written) => labels.create(adAccount, body.labels, written),
        show: (outcomes: Outcome<Label>[]) => showAll(body.labels, outcomes),
        see: seenBefore,
      }),

    update: async ({ adAccount, body }) => showAll(body.labels, await labels.update(adAccount, body.labels)),

    apply: ({ adAccount, params: { label_id }, body: { entity_ids }, once }) =>
      once({
        make: (written) => labels.apply(adAccount, label_id, entity_ids, written),
        show: (outcomes: Outcome<LabelledCampaign>[]) => showLabelled(label_id, entity_ids, outcomes, 'ACTIVE'),
        see: seenBefore,
      }),

    remove: ({ adAccount, params: { label_id }, body: { entity_ids }, once }) =>
      once({
        make: (written) => labels.remove(adAccount, label_id, entity_ids, written),
        show: (outcomes: Outcome<LabelledCampaign>[]) => showLabelled(label_id, entity_ids, outcomes, 'ARCHIVED'),
        see: seenBefore,
      }),
  }
}

/** Returns what became of a label on campaigns. `status`: what it has there now. */
function showLabelled(
  labelId: string,
  sent: readonly string[],
  outcomes: readonly Outcome<LabelledCampaign>[],
  status: 'ACTIVE' | 'ARCHIVED',
) {
  const entity_type = 'CAMPAIGN' as const
  const items = sent.map((entity_id) => ({ entity_id, entity_type, label_id: labelId, status: 'NULL' as const }))
  const { made, errors } = madeAndErrors(items, outcomes, (each: LabelledCampaign) => ({
    ...{ entity_id: String(each.campaignId), entity_type, label_id: String(each.labelId), status },
  }))
  return { entities_labels: made, errors }
}
