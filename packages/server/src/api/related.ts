import type { resources } from '@pinfold/contract'
import { visitor } from '../core/viewer.ts'
import type { Handlers } from '../http/handlers.ts'
import { pinRenderer } from './render/pin.ts'
import type { Services } from './services.ts'

/** The operations that find what goes with a Pin. */
export function relatedApi(
  services: Pick<Services, 'analytics' | 'bookmarks' | 'mediaUrl' | 'pins' | 'related'>,
): Handlers<typeof resources.related> {
  const { bookmarks, related } = services
  const { pageOfPins } = pinRenderer(services)

  return {
    listPins: async ({ viewer = visitor, params, query }) => {
      const listName = `related/list_pins ${viewer.accountId} ${params.pin_id}`
      const { after, size } = bookmarks.readOrdered(listName, query, ['number'])
      const [from] = after ?? [0]
      const { items, next } = await related.pins(viewer, params.pin_id, { from, size })
      return pageOfPins(viewer, listName, { items, next: next === null ? null : [next] })
    },
  }
}
