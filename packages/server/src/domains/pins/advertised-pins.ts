import type { Database } from '../../db/database.ts'
import type { AdvertisedPins } from '../ads/advertised-pins.ts'
import { pictureKeys } from './carousel.ts'
import { advertisedStore } from './store/advertised.ts'

/** Makes what advertising asks of Pins. */
export function advertisedPins(db: Database): AdvertisedPins {
  const store = advertisedStore(db)
  return {
    async byIds(ids) {
      const rows = await store.byIds(ids)
      return new Map(rows.map((row) => [row.id, { ...row, picture: `/media/600x/${pictureKeys(row)[0]}.jpg` }]))
    },
    existing: async (ids) => new Set(await store.existing(ids)),
  }
}
