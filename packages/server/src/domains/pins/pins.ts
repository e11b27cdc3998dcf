import type { Clock } from '../../core/clock.ts'
import type { IdMaker } from '../../core/ids.ts'
import type { Database } from '../../db/database.ts'
import type { Accounts } from '../accounts/accounts.ts'
import type { Analytics } from '../analytics/analytics.ts'
import type { Boards } from '../boards/boards.ts'
import type { PinPlaces } from '../boards/pin-places.ts'
import type { LookIndex } from '../looks/look-index.ts'
import type { PictureFetcher } from '../media/fetch-picture.ts'
import type { Pictures } from '../media/pictures.ts'
import type { PinIndex } from '../search/pin-index.ts'
import type { Videos } from '../videos/videos.ts'
import type { Outbox } from '../webhooks/outbox.ts'
import { type PinOrder, pinOrder } from './arrange.ts'
import { type PinChanges, pinChanges } from './change.ts'
import { type PinCreation, pinCreation } from './create.ts'
import { keptPagesOf } from './kept-pages.ts'
import { type OpenPins, openPins } from './open.ts'
import { type ProductTags, pinTags } from './product-tags.ts'
import { type PinReads, pinReads } from './read.ts'
import { type PinRemoval, pinRemoval } from './remove.ts'
import { type PinSaves, pinSaves } from './save.ts'
import { openPinStore } from './store/open.ts'
import { pinOrderStore } from './store/order.ts'
import { productTagStore } from './store/product-tags.ts'
import { trashStore } from './store/trash.ts'
import { pinStore, type ReadPin } from './store.ts'
import { type PinTrash, pinTrash } from './trash.ts'

export type { PinChange } from './change.ts'
export type { NewPin, PinSender } from './create.ts'
export type { MadePin } from './insert.ts'
export type { PinPage } from './kept-pages.ts'
export type { PinFilter } from './list-filter.ts'
export type { ListedPin, ReadPin } from './store.ts'
export { newestPinId } from './store.ts'
export type { TrashedPin } from './trash.ts'

/** Pins: what they show, where they are, and who may see them. */
export interface Pins
  extends PinReads,
    OpenPins,
    PinOrder,
    PinCreation,
    Pick<PinSaves, 'save'>,
    PinChanges,
    PinRemoval,
    PinTrash,
    ProductTags {
  /** Returns those of the Pins that exist, newest first, whatever the viewer. */
  byIds(ids: readonly number[]): Promise<ReadPin[]>
}

export interface PinsOptions {
  db: Database
  clock: Clock
  ids: IdMaker
  accounts: Accounts
  boards: Boards
  places: PinPlaces
  fetcher: PictureFetcher
  pictures: Pictures
  videos: Videos
  analytics: Analytics
  index: PinIndex
  looks: LookIndex
  outbox: Outbox
  /**
   * What may be kept in memory of Pins that were read, in bytes: see `pinRowCache`; and half as much of pages. Default:
   * nothing.
   */
  cacheBytes?: number
}

/** Makes the Pins of `db`. */
export function pinsOf(given: PinsOptions): Pins {
  const { db, cacheBytes = 0 } = given
  const options = { ...given, store: pinStore(db, cacheBytes), tags: productTagStore(db) }
  const reads = pinReads({ ...options, keptPages: keptPagesOf(db, cacheBytes / 2) })
  const saves = pinSaves(options)
  return {
    ...reads,
    ...openPins(openPinStore(given.db), options),
    ...pinOrder(pinOrderStore(given.db), options),
    ...pinCreation({ ...options, saves }),
    byIds: options.store.byIds,
    save: saves.save,
    ...pinChanges(options),
    ...pinRemoval(options),
    ...pinTrash({ ...options, trash: trashStore(given.db) }),
    ...pinTags({ ...options, read: reads.read }),
  }
}
