import type { resources } from '@pinfold/contract'
import { wireTime } from '../core/clock.ts'
import type { Handlers } from '../http/handlers.ts'
import { pinRenderer } from './render/pin.ts'
import type { Services } from './services.ts'

/** The operations on the trash. */
export function trashApi(
  services: Pick<Services, 'analytics' | 'bookmarks' | 'mediaUrl' | 'pins'>,
): Handlers<typeof resources.trash> {
  const { bookmarks, pins } = services
  const { onePin, pin: show } = pinRenderer(services)
  return {
    list: async ({ viewer, query }) => {
      const listName = `trash/list ${viewer.accountId}`
      const { items, next } = await pins.trashed(viewer, bookmarks.read(listName, query))
      const texts = items.map(({ pin, trashedAt, goneAt }) => {
        const times = JSON.stringify({ deleted_at: wireTime(trashedAt), gone_at: wireTime(goneAt) })
        return `{"pin":${show(viewer, pin)},${times.slice(1)}`
      })
      return bookmarks.render(listName, { items: texts, next })
    },

    put: async ({ viewer, params }) => {
      await pins.trash(viewer, params.pin_id)
      return undefined
    },

    restore: async ({ viewer, params, body }) =>
      onePin(viewer, await pins.restore(viewer, params.pin_id, body.board_id)),

    discard: async ({ viewer, params }) => {
      await pins.discard(viewer, params.pin_id)
      return undefined
    },

    empty: async ({ viewer }) => {
      await pins.emptyTrash(viewer)
      return undefined
    },
  }
}
