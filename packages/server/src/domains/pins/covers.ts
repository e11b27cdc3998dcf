import type { Transaction } from 'kysely'
import type { Schema } from '../../db/schema.ts'
import { coverCount, type PinPlaces } from '../boards/pin-places.ts'
import type { PinStore } from './store.ts'

/** Sets the newest pictures on a board, and its chosen cover, after Pins left it or came back. */
export async function refreshCovers(
  tx: Transaction<Schema>,
  boardId: number,
  { places, store }: { places: PinPlaces; store: PinStore },
): Promise<void> {
  const newest = await store.newestPictures(tx, boardId, coverCount)
  const pinId = await places.chosenCover(tx, boardId)
  const chosen = pinId === null ? undefined : await store.pictureOn(tx, boardId, pinId)
  await places.setCovers(tx, boardId, { newest, chosen: chosen ?? null })
}
