import type { Transaction } from 'kysely'
import type { Clock } from '../../core/clock.ts'
import { ApiError } from '../../core/errors.ts'
import { type IdMaker, parseId } from '../../core/ids.ts'
import { type Page, type PageRequest, toPage } from '../../core/page.ts'
import type { Viewer } from '../../core/viewer.ts'
import type { Schema } from '../../db/schema.ts'
import type { BoardRow } from '../boards/boards.ts'
import { pinLookText } from '../looks/pin-look.ts'
import { isOnSites } from '../websites/address.ts'
import { refreshCovers } from './covers.ts'
import { keptText, type ShownMedia } from './kept-text.ts'
import { lockWhereItWas, whereverItIs } from './moved-meanwhile.ts'
import { findToWrite } from './read.ts'
import { forgetPins, type PinRemovalOptions, releaseMedia, tellGone } from './remove.ts'
import { readShown } from './shown-media.ts'
import type { TrashRow, TrashStore } from './store/trash.ts'
import type { ListedPin, PinRow } from './store.ts'
import { toldOfPin, toldPin } from './told.ts'

type Tx = Transaction<Schema>

/** How long a Pin can come back. */
const keptMs = 30 * 24 * 60 * 60 * 1000
/** At most this many Pins of an account are kept: of more, those that were deleted last. */
const mostKept = 10_000
/** At most this many are removed in one transaction. */
const batchSize = 500

/** A Pin in the trash. Times are in milliseconds since 1970. */
export interface TrashedPin {
  pin: ListedPin
  trashedAt: number
  goneAt: number
}

/** Deleted Pins that may come back. They are in no other table: nothing that reads Pins can tell of them. */
export interface PinTrash {
  /** Moves a Pin of the viewer's to their trash, where it may be already. Throws as `PinReads.read`, and `forbidden` for somebody else's. */
  trash(viewer: Viewer, id: string): Promise<void>
  /** Returns what is in the viewer's trash, deleted last first. */
  trashed(viewer: Viewer, page: PageRequest): Promise<Page<TrashedPin>>
  /**
   * Puts a Pin back: on its board and in its section if they are there, or on the board that is named. One that is back
   * there already is returned. Throws
   * `pinNotFound`, `boardNotFound`, and `forbidden` when the account has too many Pins or is on its board no longer.
   */
  restore(viewer: Viewer, id: string, boardId?: string | null): Promise<ListedPin>
  /** Deletes a Pin in the viewer's trash for good. Throws `pinNotFound`. */
  discard(viewer: Viewer, id: string): Promise<void>
  /** Deletes everything in the viewer's trash for good. */
  emptyTrash(viewer: Viewer): Promise<void>
  /** Deletes for good what has been in the trash for 30 days. */
  forgetTrashed(signal: AbortSignal): Promise<void>
}

export interface PinTrashOptions extends PinRemovalOptions {
  clock: Clock
  ids: IdMaker
  trash: TrashStore
}

/** Thrown in a transaction when another request has put the Pin back, or taken it for good. */
class PutBackMeanwhile extends Error {}

/** Makes the trash. */
export function pinTrash(options: PinTrashOptions): PinTrash {
  const { db, clock, ids, boards, pictures, places, store, trash } = options

  /** Takes rows out for good. Returns the keys to sweep after the transaction. */
  const takeForGood = async (tx: Tx, wanted: Parameters<TrashStore['take']>[1]) => {
    const taken = await trash.take(tx, wanted)
    return { count: taken.length, keys: await releaseMedia(tx, taken.map(pinOf), options) }
  }

  const isTrashed = async (viewer: Viewer, id: string) => (await findTrashed(trash, viewer, id)) !== undefined

  /** Returns a Pin that is back where it is wanted. Throws `pinNotFound` for every other. */
  async function restored(viewer: Viewer, id: string, boardId?: string | null): Promise<PinRow> {
    const pin = await findToWrite(options, viewer, id).catch(() => undefined)
    if (!pin || (boardId && boardId !== String(pin.board_id))) throw new ApiError('pinNotFound')
    return pin
  }

  /** Takes out for good what `next` finds, in as many transactions as it takes. */
  async function takeAll(next: (tx: Tx) => Promise<number[]>, signal?: AbortSignal): Promise<void> {
    for (let count = batchSize; count === batchSize && !signal?.aborted; ) {
      const taken = await db.write(async (tx) => takeForGood(tx, { ids: await next(tx) }))
      count = taken.count
      await pictures.sweep(taken.keys)
    }
  }

  return {
    trash: (viewer, id) =>
      whereverItIs(async () => {
        const pin = await findToWrite(options, viewer, id).catch(async (error) => {
          // Whoever asks again, because the answer was lost, has what they want.
          if (await isTrashed(viewer, id)) return undefined
          throw error
        })
        if (!pin) return
        const keys = await db.write(async (tx) => {
          const board = await places.countPins(tx, pin.board_id, -1)
          const current = await lockWhereItWas(store, tx, pin)
          await forgetPins(tx, [pin.id], options)
          await refreshCovers(tx, pin.board_id, options)
          await tellGone(tx, current, board?.owner_id ?? current.owner_id, options)
          await trash.insert(tx, trashRow(current, ids.next(), clock.now()))
          const { keys } = await takeForGood(tx, { ids: await trash.beyond(tx, pin.owner_id, mostKept, batchSize) })
          return keys
        })
        await pictures.sweep(keys)
      }),

    async trashed({ accountId }, { before, size }) {
      const rows = await trash.ofOwner({ ownerId: accountId, before, count: size + 1 })
      return toPage(rows, size, (row) => ({
        pin: pinOf(row),
        trashedAt: row.trashed_at,
        goneAt: row.trashed_at + keptMs,
      }))
    },

    async restore(viewer, id, boardId) {
      const trashed = await findTrashed(trash, viewer, id)
      if (!trashed) return restored(viewer, id, boardId)
      const pin = pinOf(trashed)
      const board = await boards.findToWrite(viewer, boardId ?? String(pin.board_id))
      const boardOwner = await boards.ownerName(viewer, board)
      const section = board.id === pin.board_id ? await sectionOf(options, board, pin) : null
      const shown = await readShown(pin, options)
      const row = await db
        .write(async (tx) => {
          const held = await places.countPins(tx, board.id, 1)
          if (!held) throw new ApiError('boardNotFound')
          const [taken] = await trash.take(tx, { ownerId: viewer.accountId, pinId: pin.id })
          if (!taken) throw new PutBackMeanwhile()
          await places.checkEntry(tx, viewer, held, section)
          const back = await putBack(tx, { ...pinOf(taken), section_id: section }, { held, boardOwner, shown }, options)
          await refreshCovers(tx, held.id, options)
          return back
        })
        .catch((error) => {
          if (error instanceof PutBackMeanwhile) return undefined
          throw error
        })
      return row ?? restored(viewer, id, boardId)
    },

    async discard(viewer, id) {
      const pinId = parseId(id) ?? 0
      const { count, keys } = await db.write((tx) => takeForGood(tx, { ownerId: viewer.accountId, pinId }))
      if (count === 0) throw new ApiError('pinNotFound')
      await pictures.sweep(keys)
    },

    emptyTrash: ({ accountId }) => takeAll((tx) => trash.beyond(tx, accountId, 0, batchSize)),

    forgetTrashed(signal) {
      const until = clock.now() - keptMs
      return takeAll((tx) => trash.before(tx, until, batchSize), signal)
    },
  }
}

const trashRow = (pin: PinRow, id: number, now: number): TrashRow => ({
  id,
  pin_id: pin.id,
  owner_id: pin.owner_id,
  trashed_at: now,
  pin: JSON.stringify(pin),
})

const pinOf = ({ pin }: TrashRow): PinRow => JSON.parse(pin)

/** Returns a Pin in the viewer's trash; undefined if it is not there. */
async function findTrashed(trash: TrashStore, { accountId }: Viewer, id: string): Promise<TrashRow | undefined> {
  const number = parseId(id)
  return number === undefined ? undefined : trash.find(accountId, number)
}

/** Returns the section that a Pin was in; null if it was in none, or it is gone. */
async function sectionOf({ boards }: PinTrashOptions, board: BoardRow, { section_id: id }: PinRow) {
  if (id === null) return null
  return boards.findSection(board, String(id)).then(
    (section) => section.id,
    () => null,
  )
}

interface Place {
  /** The board, which is locked and counts it already. */
  held: BoardRow
  boardOwner: string
  shown: ShownMedia
}

/** Writes a Pin as it was, on a board as that is now. */
async function putBack(
  tx: Tx,
  pin: PinRow,
  { held, boardOwner, shown }: Place,
  { accounts, ids, index, looks, outbox, store }: PinTrashOptions,
): Promise<PinRow> {
  const sites = await accounts.addPin(tx, pin.owner_id, held)
  const placed = {
    ...pin,
    board_id: held.id,
    // On another board it comes first. What was trashed before there were places has none.
    place: held.id === pin.board_id ? (pin.place ?? null) : ids.next(),
    privacy: held.privacy,
    is_claimed: isOnSites(pin.link, sites) ? 1 : 0,
    has_product_tags: 0,
    // Nobody had looked when it went to the trash, maybe.
    look: pin.look ?? pinLookText(shown.pictures.get(pin.picture_key)),
  }
  const row: PinRow = { ...placed, rendered: keptText(placed, shown, boardOwner) }
  await store.insert(tx, row)
  await index.add(tx, [row])
  await looks.add(tx, [row])
  await outbox.changed(tx, toldOfPin(row, held.owner_id), () => ({
    ...{ kind: 'pin', id: row.id },
    after: toldPin(row, held.owner_id),
  }))
  return row
}
