import type { OperationInput, resources } from '@pinfold/contract'
import { ApiError } from '../core/errors.ts'
import type { Viewer } from '../core/viewer.ts'
import type { Handlers } from '../http/handlers.ts'
import type { Services } from './services.ts'

/** The operations on several Pins at once. */
export function multiPinsApi({
  analytics,
  pins,
}: Pick<Services, 'analytics' | 'pins'>): Handlers<typeof resources.multiPins> {
  return {
    analytics: async ({ viewer, query }) => {
      const ids = await allOf(viewer, query, pins)
      const reports = await analytics.ofPins(ids, query)
      return Object.fromEntries([...reports].map(([id, report]) => [String(id), report]))
    },
  }
}

/** The Pins that a query names. Throws when one is not there, or not the viewer's. */
async function allOf(
  viewer: Viewer,
  { pin_ids: given }: OperationInput<typeof resources.multiPins.analytics>['query'],
  pins: Pick<Services['pins'], 'read'>,
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
