import type { resources } from '@pinfold/contract'
import { JsonText } from '../core/json-text.ts'
import { soon } from '../core/soon.ts'
import type { Viewer } from '../core/viewer.ts'
import { readPinFilter } from '../domains/pins/list-filter.ts'
import type { MadePin } from '../domains/pins/pins.ts'
import type { Handlers } from '../http/handlers.ts'
import { pinRenderer } from './render/pin.ts'
import type { Services } from './services.ts'

/** The operations on Pins. */
export function pinsApi(
  services: Pick<Services, 'analytics' | 'bookmarks' | 'mediaUrl' | 'pins'>,
): Handlers<typeof resources.pins> {
  const { analytics, bookmarks, pins } = services
  const { onePin, pageOfPins, pin: show } = pinRenderer(services)
  const showMade = (viewer: Viewer, pin: MadePin): JsonText =>
    new JsonText(show(viewer, pin), pin.hasStandIn ? { 'x-pinfold-placeholder': 'true' } : undefined)

  return {
    list: ({ viewer, query }) => {
      const filter = readPinFilter(query)
      const listName = `pins/list ${viewer.accountId} ${JSON.stringify(filter)}`
      return soon(pins.list(viewer, filter, bookmarks.read(listName, query)), (page) =>
        pageOfPins(viewer, listName, page, query),
      )
    },

    create: ({ viewer, body, sender: { userAgent }, once, pictureBytes }) =>
      once({
        make: (written) => pins.create(viewer, body, { userAgent, pictureBytes }, written),
        show: (pin: MadePin) => showMade(viewer, pin),
        see: (who, { id }) => pins.read(who, id),
      }),

    get: ({ viewer, params, query }) => soon(pins.read(viewer, params.pin_id), (pin) => onePin(viewer, pin, query)),

    update: async ({ viewer, params, body }) => onePin(viewer, await pins.update(viewer, params.pin_id, body)),

    delete: async ({ viewer, params }) => {
      await pins.remove(viewer, params.pin_id)
      return undefined
    },

    save: ({ viewer, params, body, sender, once }) =>
      once({
        make: (written) => pins.save(viewer, params.pin_id, body, sender.userAgent, written),
        show: (pin: MadePin) => showMade(viewer, pin),
        see: (who, { id }) => pins.read(who, id),
      }),

    analytics: async ({ viewer, params, query }) => {
      const { id } = await pins.read(viewer, params.pin_id)
      return analytics.ofPin(id, query)
    },
  }
}
