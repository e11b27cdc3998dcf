import type { resources } from '@pinfold/contract'
import type { Handlers } from '../http/handlers.ts'
import type { Services } from './services.ts'

/** The operations on several Pins at once. */
export function multiPinsApi({
  analytics,
  pins,
}: Pick<Services, 'analytics' | 'pins'>): Handlers<typeof resources.multiPins> {
  return {
    analytics: async ({ viewer, query }) => {
      const found = await pins.readAll(viewer, query.pin_ids)
      const reports = await analytics.ofPins(
        found.map(({ id }) => id),
        query,
      )
      return Object.fromEntries([...reports].map(([id, report]) => [String(id), report]))
    },
  }
}
