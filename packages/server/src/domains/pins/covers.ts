import type { Transaction } from 'kysely'
import type { Schema } from '../../db/schema.ts'
import { coverCount, type PinPlaces } from '../boards/pin-places.ts'
import type { PinStore } from './store.ts'

/** Sets the newest pictures on a board, after Pins left it. */
export async function refreshCovers(
  tx: Transaction<Schema>,
  boardId: number,
  { places, store }: { places: PinPlaces; store: PinStore },
): Promise<void> {
  await places.setCovers(tx, boardId, await store.newestPictures(tx, boardId, coverCount))
}
