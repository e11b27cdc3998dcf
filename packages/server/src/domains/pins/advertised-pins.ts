import type { Database } from '../../db/database.ts'
import type { AdvertisedPins } from '../ads/advertised-pins.ts'
import { pinText } from './kept-text.ts'
import { advertisedStore } from './store/advertised.ts'
import { pinStore } from './store.ts'

/** Makes what advertising asks of Pins. */
export function advertisedPins(db: Database): AdvertisedPins {
  const store = advertisedStore(db)
  const { read } = pinStore(db)
  return {
    byIds: async (ids) => new Map((await store.byIds(ids)).map((pin) => [pin.id, pin])),
    existing: async (ids) => new Set(await store.existing(ids)),
    async pictureOf(id) {
      const pin = await read(id)
      return pin && /\/media\/600x\/[\w.]+/.exec(pinText(pin.rendered, { isOwner: true, publicUrl: '' }))?.[0]
    },
  }
}
