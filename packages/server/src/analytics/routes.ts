import { accountMetrics, type OperationInput, type OperationOf, videoMetrics } from '@pinfold/contract'
import type { Viewer } from '../http/caller.ts'
import { ApiError } from '../http/errors.ts'
import type { Handlers } from '../http/handlers.ts'
import type { Pins } from '../pins/pins.ts'
import type { Analytics } from './analytics.ts'

export interface AnalyticsRoutesOptions {
  analytics: Analytics
  pins: Pick<Pins, 'read'>
}

type AnalyticsOperations =
  | 'pins/analytics'
  | 'multi_pins/analytics'
  | 'user_account/analytics'
  | 'user_account/analytics/top_pins'
  | 'user_account/analytics/top_video_pins'
  | 'events/send'
  | 'events/load_history'

/** The operations on how often Pins are seen and used. */
export function analyticsRoutes({ analytics, pins }: AnalyticsRoutesOptions): Handlers<AnalyticsOperations> {
  return {
    'pins/analytics': async ({ viewer, params, query }) => {
      const { id } = await pins.read(viewer, params.pin_id)
      return analytics.ofPin(id, query)
    },

    'multi_pins/analytics': async ({ viewer, query }) => {
      const ids = await allOf(viewer, query, pins)
      const reports = await analytics.ofPins(ids, query)
      return Object.fromEntries([...reports].map(([id, report]) => [String(id), report]))
    },

    'user_account/analytics': ({ viewer, query }) => analytics.ofAccount(viewer.accountId, query),

    'user_account/analytics/top_pins': ({ viewer, query }) =>
      analytics.topPins(viewer.accountId, query, accountMetrics, false),

    'user_account/analytics/top_video_pins': ({ viewer, query }) =>
      analytics.topPins(viewer.accountId, query, videoMetrics, true),

    'events/send': ({ caller, body, sender }) =>
      analytics.takeEvents(body.events, { ...sender, accountId: caller?.accountId }),

    'events/load_history': ({ viewer, body }) => analytics.loadHistory(viewer.accountId, body.rows),
  }
}

/** The Pins that a query names. Throws when one is not there, or not the viewer's. */
async function allOf(
  viewer: Viewer,
  { pin_ids: given }: OperationInput<OperationOf<'multi_pins/analytics'>>['query'],
  pins: Pick<Pins, 'read'>,
): Promise<number[]> {
  const ids = new Set<number>()
  for (const id of given) {
    try {
      ids.add((await pins.read(viewer, id)).id)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      throw new ApiError(error.entry === 'forbidden' ? 'pinsNotYours' : error.entry, { detail: `It is Pin ${id}.` })
    }
  }
  return [...ids]
}
