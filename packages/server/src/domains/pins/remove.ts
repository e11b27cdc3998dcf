import type { Transaction } from 'kysely'
import type { Viewer } from '../../core/viewer.ts'
import type { Database } from '../../db/database.ts'
import type { Schema } from '../../db/schema.ts'
import type { Accounts } from '../accounts/accounts.ts'
import type { Analytics } from '../analytics/analytics.ts'
import type { Boards } from '../boards/boards.ts'
import type { PinPlaces } from '../boards/pin-places.ts'
import type { LookIndex } from '../looks/look-index.ts'
import type { Pictures } from '../media/pictures.ts'
import type { PinIndex } from '../search/pin-index.ts'
import type { Videos } from '../videos/videos.ts'
import type { Outbox } from '../webhooks/outbox.ts'
import { pictureKeys } from './carousel.ts'
import { refreshCovers } from './covers.ts'
import { lockWhereItWas, whereverItIs } from './moved-meanwhile.ts'
import { findToRemove } from './read.ts'
import type { ProductTagStore } from './store/product-tags.ts'
import type { DeletedPin, PinStore } from './store.ts'
import { toldGone, toldOfPin } from './told.ts'

type Tx = Transaction<Schema>

/** Removes Pins. */
export interface PinRemoval {
  /**
   * Deletes a Pin, and its picture once no other Pin uses it: one of the viewer's, or anybody's on a board of the
   * viewer's. Throws as `read`, `forbidden` for a collaborator, `insufficientScope` for a secret one.
   */
  remove(viewer: Viewer, id: string): Promise<void>
}

/** What deleting Pins changes. */
export interface PinDeletionOptions {
  db: Database
  accounts: Accounts
  analytics: Analytics
  places: PinPlaces
  pictures: Pictures
  videos: Videos
  store: PinStore
  tags: ProductTagStore
  index: PinIndex
  looks: LookIndex
  outbox: Outbox
}

export interface PinRemovalOptions extends PinDeletionOptions {
  boards: Boards
}

/** Makes the removal of Pins. */
export function pinRemoval(options: PinRemovalOptions): PinRemoval {
  const { db, places, pictures, store } = options
  return {
    remove: (viewer, id) =>
      whereverItIs(async () => {
        const pin = await findToRemove(options, viewer, id)
        const { keys } = await db.write(async (tx) => {
          const board = await places.countPins(tx, pin.board_id, -1)
          const current = await lockWhereItWas(store, tx, pin)
          const removed = await deletePins(tx, [pin.id], options)
          await refreshCovers(tx, pin.board_id, options)
          await tellGone(tx, current, board?.owner_id ?? current.owner_id, options)
          return removed
        })
        await pictures.sweep(keys)
      }),
  }
}

/** Tells webhooks that a Pin is gone. */
export const tellGone = (
  tx: Tx,
  pin: Parameters<typeof toldGone>[0],
  boardOwnerId: number,
  { outbox }: Pick<PinDeletionOptions, 'outbox'>,
): Promise<void> =>
  outbox.changed(tx, toldOfPin(pin, boardOwnerId), () => ({
    ...{ kind: 'pin', id: pin.id },
    before: toldGone(pin, boardOwnerId),
  }))

/**
 * Deletes Pins with their numbers, and releases their media. Returns the Pins that existed, and the keys to sweep after
 * the transaction.
 */
export async function deletePins(
  tx: Tx,
  ids: readonly number[],
  options: PinDeletionOptions,
): Promise<{ deleted: DeletedPin[]; keys: string[] }> {
  const deleted = await forgetPins(tx, ids, options)
  return { deleted, keys: await releaseMedia(tx, deleted, options) }
}

/** Deletes Pins with their numbers; their media stay as used as they were. Returns the Pins that existed. */
export async function forgetPins(
  tx: Tx,
  ids: readonly number[],
  { accounts, analytics, store, tags, index, looks }: Omit<PinDeletionOptions, 'pictures' | 'videos'>,
): Promise<DeletedPin[]> {
  // Another server may be doing the same removal: only what is deleted here is counted here.
  const deleted = await store.delete(tx, ids)
  await tags.removeOf(tx, ids)
  await tags.untag(tx, ids)
  await analytics.forget(tx, deleted)
  await index.remove(
    tx,
    deleted.map((pin) => pin.id),
  )
  await looks.remove(tx, deleted)
  const byOwner = [...Map.groupBy(deleted, (pin) => pin.owner_id)].sort(([a], [b]) => a - b)
  for (const [owner, pins] of byOwner) await accounts.removePins(tx, owner, pins)
  return deleted
}

/** Releases the pictures and videos of removed Pins. Returns the keys to sweep after the transaction. */
export async function releaseMedia(
  tx: Tx,
  deleted: readonly Pick<DeletedPin, 'picture_key' | 'video_id' | 'carousel'>[],
  { pictures, videos }: Pick<PinDeletionOptions, 'pictures' | 'videos'>,
): Promise<string[]> {
  const keys = Map.groupBy(deleted.flatMap(pictureKeys), (key) => key)
  for (const [key, uses] of keys) await pictures.release(tx, key, uses.length)
  const videoKeys: string[] = []
  const shown = deleted.flatMap(({ video_id }) => (video_id === null ? [] : [video_id]))
  for (const [id, uses] of Map.groupBy(shown, (id) => id))
    videoKeys.push(...(await videos.release(tx, id, uses.length)))
  return [...keys.keys(), ...videoKeys]
}
