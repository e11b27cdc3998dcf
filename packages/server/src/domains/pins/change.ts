import type { Transaction } from 'kysely'
import { ApiError, invalid } from '../../core/errors.ts'
import { hostOf } from '../../core/host-of.ts'
import type { IdMaker } from '../../core/ids.ts'
import type { Viewer } from '../../core/viewer.ts'
import type { Database } from '../../db/database.ts'
import type { Schema } from '../../db/schema.ts'
import type { Accounts } from '../accounts/accounts.ts'
import type { Analytics } from '../analytics/analytics.ts'
import type { BoardRow, Boards } from '../boards/boards.ts'
import type { PinPlaces } from '../boards/pin-places.ts'
import type { Pictures } from '../media/pictures.ts'
import type { PinIndex } from '../search/pin-index.ts'
import type { Videos } from '../videos/videos.ts'
import type { Outbox } from '../webhooks/outbox.ts'
import { isOnSites } from '../websites/address.ts'
import { readSlots, type SlotWords, withWords } from './carousel.ts'
import { refreshCovers } from './covers.ts'
import { keptText } from './kept-text.ts'
import { lockWhereItWas, whereverItIs } from './moved-meanwhile.ts'
import { findToWrite } from './read.ts'
import { readShown } from './shown-media.ts'
import type { ProductTagStore } from './store/product-tags.ts'
import type { ListedPin, PinRow, PinStore } from './store.ts'
import { changedOfPin, toldOfPin, toldPin } from './told.ts'
import { checkWords, type PinWords } from './words.ts'

type Tx = Transaction<Schema>

/** A change of a Pin. Missing fields stay unchanged. */
export interface PinChange extends PinWords {
  /** Moves it to another board, and out of its section unless one is named. */
  board_id?: string
  /** Null moves it out of its section. */
  board_section_id?: string | null
  /** The words of each picture of a carousel, in order. */
  carousel_slots?: SlotWords[]
}

/** Changes Pins. */
export interface PinChanges {
  /**
   * Changes a Pin, and returns the new one. Throws as `PinReads.read`, `insufficientScope` for a secret one, a 400 for
   * invalid words, and as `Boards.findToWrite` and `Boards.findSection` for its destination.
   */
  update(viewer: Viewer, id: string, change: PinChange): Promise<ListedPin>
}

export interface PinChangesOptions {
  db: Database
  ids: IdMaker
  accounts: Accounts
  analytics: Analytics
  boards: Boards
  places: PinPlaces
  pictures: Pictures
  videos: Videos
  store: PinStore
  tags: ProductTagStore
  index: PinIndex
  outbox: Outbox
}

/** Makes the changes of Pins. */
export function pinChanges(options: PinChangesOptions): PinChanges {
  const { db, ids, accounts, analytics, boards, places, store, tags, index, outbox } = options
  return {
    update: (viewer, id, change) =>
      whereverItIs(async () => {
        const pin = await findToWrite(options, viewer, id)
        const words = checkWords(change)
        const board = await boards.findToWrite(viewer, change.board_id ?? String(pin.board_id))
        const wantedSection = await newSection(boards, board, change, board.id !== pin.board_id)
        if (change.carousel_slots && pin.carousel === null)
          throw invalid(`'carousel_slots' is for carousel Pins only, and this Pin is none.`)
        const shown = await readShown(pin, options)
        const boardOwner = await boards.ownerName(viewer, board)

        return db.write(async (tx) => {
          const { source, target } = await holdBoards(tx, places, { from: pin.board_id, to: board.id })
          const current = await lockWhereItWas(store, tx, pin)
          const sectionId = wantedSection === undefined ? current.section_id : wantedSection
          await places.checkEntry(tx, viewer, target, sectionId)
          const sites = await accounts.claimedSites(tx, pin.owner_id)
          const changed = changedPin(current, words, change.carousel_slots, sites)
          // What comes to a board comes first there.
          const place = board.id === pin.board_id ? current.place : ids.next()
          const placed = { ...changed, board_id: board.id, section_id: sectionId, place, privacy: target.privacy }
          const row = { ...placed, rendered: keptText(placed, shown, boardOwner) }
          await store.update(tx, pin.id, row)
          const secrets = Number(row.privacy === 'SECRET') - Number(current.privacy === 'SECRET')
          if (secrets !== 0) await accounts.countSecretPins(tx, row.owner_id, secrets)
          if (row.privacy === 'SECRET') await tags.untag(tx, [row.id])
          await index.replace(tx, current, row)
          await analytics.move(tx, [{ before: current, after: row }])
          if (board.id !== pin.board_id)
            for (const boardId of [pin.board_id, board.id]) await refreshCovers(tx, boardId, { places, store })
          const told = [...toldOfPin(row, source.owner_id), ...toldOfPin(row, target.owner_id)]
          await outbox.changed(tx, told, () => ({
            ...{ kind: 'pin', id: row.id, changed: changedOfPin(current, row) },
            before: toldPin(current, source.owner_id),
            after: toldPin(row, target.owner_id),
          }))
          return row
        })
      }),
  }
}

/** Returns the new section of a Pin: null for none, undefined to leave it unchanged. */
async function newSection(
  boards: Boards,
  board: BoardRow,
  { board_section_id: id }: PinChange,
  moves: boolean,
): Promise<number | null | undefined> {
  if (id === undefined) return moves ? null : undefined
  return id === null ? null : (await boards.findSection(board, id)).id
}

/**
 * Locks the boards that a Pin moves between, and counts it on the new one. Locks them in the order of their ids, so
 * that two moves in opposite directions do not deadlock. Returns both.
 */
async function holdBoards(
  tx: Tx,
  places: PinPlaces,
  { from, to }: { from: number; to: number },
): Promise<{ source: BoardRow; target: BoardRow }> {
  const held = new Map<number, BoardRow>()
  for (const boardId of [...new Set([from, to])].sort((a, b) => a - b)) {
    const count = from === to ? 0 : boardId === to ? 1 : -1
    const row = await places.countPins(tx, boardId, count)
    if (row) held.set(boardId, row)
  }
  const [source, target] = [held.get(from), held.get(to)]
  if (!source || !target) throw new ApiError('boardNotFound')
  return { source, target }
}

/** Returns a Pin with other words, and updates whether its link leads to a website of its owner's. */
function changedPin(
  current: PinRow,
  words: ReturnType<typeof checkWords>,
  slotWords: readonly SlotWords[] | undefined,
  sites: readonly string[],
): PinRow {
  const changed = { ...current, ...words }
  const slots = slotWords && withWords(readSlots(current) ?? [], slotWords)
  return {
    ...changed,
    carousel: slots ? JSON.stringify(slots) : current.carousel,
    is_claimed: isOnSites(changed.link, sites) ? 1 : 0,
    link_host: hostOf(changed.link) ?? null,
  }
}
