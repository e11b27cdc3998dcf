import { operations, type resources } from '@pinfold/contract'
import { mostFaults, type NewFault } from '../control/faults.ts'
import { invalid } from '../core/errors.ts'
import type { Handlers } from '../http/handlers.ts'
import { appReviewApi } from './app-review.ts'
import { controlAppsApi } from './control-apps.ts'
import { milliseconds } from './durations.ts'
import { toSnapshot } from './render/snapshot.ts'
import { requestLogApi } from './request-log.ts'
import { sandboxesApi } from './sandboxes.ts'
import type { Services } from './services.ts'
import { transitionsApi } from './transitions.ts'
import { type TriggerServices, triggersApi } from './triggers.ts'

/** The operations that a fault may name. */
const operationIds = new Set<string>(operations.filter(({ auth }) => auth.by !== 'control').map(({ id }) => id))

/** The operations of those who test with the server. */
export function controlApi(
  services: Pick<Services, 'bookmarks' | 'control' | 'publicUrl'> & TriggerServices,
): Handlers<typeof resources.control> {
  const { clock, data, faults, shared } = services.control
  const clockState = () => ({ now: new Date(clock.now()).toISOString(), runs: clock.runs, ahead_ms: clock.aheadMs })
  return {
    ...requestLogApi(services),

    getClock: () => clockState(),

    async setClock({ body: { now, runs = true } }) {
      const time = now === undefined ? undefined : Date.parse(withZone(now))
      if (Number.isNaN(time)) throw invalid('now: it must be a time, such as 2026-03-14T09:26:53Z.')
      await shared.check('The time')
      clock.set(time, runs)
      await shared.changed('clock')
      return clockState()
    },

    async advanceClock({ body }) {
      const ms = milliseconds(body.by)
      await shared.check('The time')
      clock.advance(ms)
      await shared.changed('clock')
      return clockState()
    },

    listFaults: async () => ({ items: await shared.listFaults() }),

    async addFault({ body }) {
      const wanted = checked(body)
      await shared.check('A fault')
      const added = faults.add(wanted)
      if (!added) throw invalid(`There are ${mostFaults} faults already. Remove some.`)
      await shared.changed('faults')
      return added
    },

    async setFaults({ body }) {
      const wanted = body.items.map(checked)
      await shared.check('Faults')
      const items = faults.replace(wanted)
      await shared.changed('faults')
      return { items }
    },

    async clearFaults() {
      faults.replace([])
      await shared.changed('faults')
      return undefined
    },

    ...controlAppsApi(services),
    ...appReviewApi(services),
    ...sandboxesApi(services),
    ...transitionsApi(services),
    ...triggersApi(services),
    reset: ({ body: { confirm = false } }) => done(data.reset({ confirm })),
    seed: ({ body: { seed, confirm = false } }) => done(data.seed(seed, { confirm })),
    listSnapshots: async () => ({ items: (await data.snapshots()).map(toSnapshot) }),
    saveSnapshot: async ({ body }) => toSnapshot(await data.save(body.name)),
    restoreSnapshot: ({ params, body: { confirm = false } }) => done(data.restore(params.name, { confirm })),
    deleteSnapshot: ({ params }) => done(data.remove(params.name)),
  }
}

/** The answer to what has none, once it is done. */
const done = (work: Promise<void>): Promise<undefined> => work.then(() => undefined)

/** A time without a zone is UTC, as everywhere in the API. */
const withZone = (time: string): string => (/(z|[+-]\d\d:?\d\d)$/i.test(time) ? time : `${time}Z`)

/** Returns a fault whose fields go together. Throws `invalidRequest`. */
function checked(fault: NewFault): NewFault {
  const { operation, effect, error, retry_after: retryAfter, latency_ms: latency } = fault
  if (operation !== undefined && !operationIds.has(operation))
    throw invalid(`operation: there is no operation ${operation.slice(0, 100)}. The reference, /docs, names them.`)
  if (effect !== 'error' && (error ?? retryAfter) !== undefined)
    throw invalid('error, retry_after: these go with the effect error alone.')
  if (effect !== 'latency' && latency !== undefined)
    throw invalid('latency_ms: this goes with the effect latency alone.')
  return fault
}
