import type { resources } from '@pinfold/contract'
import type { Outcome } from '../../domains/ads/batch.ts'
import { entityIdOf } from '../../domains/ads/entities.ts'
import { type AdSchedule, showSchedule } from '../../domains/ads/schedules.ts'
import type { Handlers } from '../../http/handlers.ts'
import type { Services } from '../services.ts'
import { asOne, seenBefore, showOutcomes } from './batch.ts'

/** The operations on schedules of campaigns. */
export function schedulesApi({
  bookmarks,
  clock,
  schedules,
}: Pick<Services, 'bookmarks' | 'clock' | 'schedules'>): Handlers<typeof resources.schedules> {
  const show = (schedule: AdSchedule) => showSchedule(schedule, clock.now())
  const showAll = (adAccountId: number, scheduleIds: readonly string[], outcomes: readonly Outcome<AdSchedule>[]) =>
    showOutcomes(
      outcomes,
      (made) => ({ data: show(made) }),
      (refusals, i) => ({
        data: { id: String(adAccountId), schedule_id: scheduleIds[i] ?? '0', exceptions: asOne(refusals) },
      }),
    )

  return {
    list: async ({ adAccount, query }) => {
      const { entity_ids: ids, schedule_statuses: statuses, schedule_type: type, order } = query
      const listName = `schedules/list ${adAccount.id} ${ids.join()} ${statuses?.join()} ${type} ${order}`
      const filter = { adAccountId: adAccount.id, campaignIds: ids.map(entityIdOf), statuses, type }
      const { items, next } = await schedules.list(filter, bookmarks.readOrdered(listName, query, ['number']))
      return bookmarks.render(listName, { items: items.map((each) => JSON.stringify(show(each))), next })
    },

    create: ({ adAccount, body, once }) =>
      once({
        make: (written) => schedules.create(adAccount, body, written),
        show: (outcomes: Outcome<AdSchedule>[]) => showAll(adAccount.id, [], outcomes),
        see: seenBefore,
      }),

    update: async ({ adAccount, body }) =>
      showAll(
        adAccount.id,
        body.map(({ schedule_id }) => schedule_id),
        await schedules.update(adAccount, body),
      ),
  }
}
