import type { Database } from '../../../db/database.ts'
import { prepareBatch } from '../../../db/prepared.ts'
import type { AdvertisedPin } from '../../ads/advertised-pins.ts'

/** A Pin as its row has it. */
export type AdvertisedRow = Omit<AdvertisedPin, 'picture'> & { picture_key: string; carousel: string | null }

/** The SQL of Pins that are shown as ads. */
export interface AdvertisedStore {
  /** Returns those of the Pins that exist. */
  byIds(ids: readonly number[]): Promise<AdvertisedRow[]>
  /** Returns those of the ids that a Pin has. */
  existing(ids: readonly number[]): Promise<number[]>
}

/** Makes the store over `db`. */
export function advertisedStore(db: Database): AdvertisedStore {
  const pins = db.read.selectFrom('pins')
  const among = (rows: readonly { id: number }[]) => rows.map(({ id }) => id)
  const byIds = prepareBatch((rows: readonly { id: number }[]) =>
    pins
      .select(['id', 'owner_id', 'privacy', 'creative_type', 'title', 'description', 'link', 'picture_key', 'carousel'])
      .where('id', 'in', among(rows)),
  )
  const existing = prepareBatch((rows: readonly { id: number }[]) => pins.select('id').where('id', 'in', among(rows)))
  const distinct = (ids: readonly number[]) => [...new Set(ids)].map((id) => ({ id }))
  return {
    byIds: (ids) => byIds(db.run, distinct(ids)),
    existing: async (ids) => (await existing(db.run, distinct(ids))).map(({ id }) => id),
  }
}
