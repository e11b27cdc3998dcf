import type { Transaction } from 'kysely'
import type { Clock } from '../../core/clock.ts'
import { ApiError, invalid } from '../../core/errors.ts'
import { hostOf } from '../../core/host-of.ts'
import type { IdMaker } from '../../core/ids.ts'
import type { Viewer } from '../../core/viewer.ts'
import type { Schema } from '../../db/schema.ts'
import type { Accounts } from '../accounts/accounts.ts'
import type { Boards } from '../boards/boards.ts'
import { checkPinsOnBoard, coverCount, type PinPlaces } from '../boards/pin-places.ts'
import type { LookIndex } from '../looks/look-index.ts'
import { pinLookText } from '../looks/pin-look.ts'
import type { PinIndex } from '../search/pin-index.ts'
import type { Outbox } from '../webhooks/outbox.ts'
import { isOnSites } from '../websites/address.ts'
import { keptText } from './kept-text.ts'
import type { MediaColumns, Shown } from './shown-media.ts'
import type { ListedPin, PinRow, PinStore } from './store.ts'
import { toldOfPin, toldPin } from './told.ts'
import { checkWords, type PinWords } from './words.ts'

/** The fields of a new Pin, whatever its media. */
export interface PinRequest extends PinWords {
  board_id: string
  board_section_id?: string | null
  dominant_color?: string | null
  is_standard: boolean
}

/** A checked Pin, without what is only known when it is written. */
export type PinDraft = Omit<
  PinRow,
  | 'id'
  | 'place'
  | 'privacy'
  | 'created_at'
  | 'rendered'
  | 'is_claimed'
  | 'link_host'
  | 'has_product_tags'
  | 'look'
  | keyof MediaColumns
>

/** A Pin that was just made. */
export interface MadePin extends ListedPin {
  /** Whether one of its pictures was drawn, since the real one could not be fetched. */
  hasStandIn: boolean
}

/** A checked Pin, and the username of the account that owns its board. */
export interface CheckedPin {
  draft: PinDraft
  boardOwner: string
}

/**
 * Checks the fields of a new Pin, and that its board has room for it, which may change until it is written. Throws a
 * 400, `forbidden` when there is none, and as `Boards.findToWrite` and `Boards.findSection`.
 */
export async function checkPin(viewer: Viewer, given: PinRequest, boards: Boards): Promise<CheckedPin> {
  const words = checkWords(given)
  const dominantColor = given.dominant_color || null
  if (dominantColor !== null && !/^#[0-9a-fA-F]{6}$/.test(dominantColor))
    throw invalid(`'dominant_color': '${dominantColor.slice(0, 50)}' does not match '^#[0-9a-fA-F]{6}$'.`)
  const board = await boards.findToWrite(viewer, given.board_id)
  checkPinsOnBoard(board.pin_count + 1)
  const section = given.board_section_id ? await boards.findSection(board, given.board_section_id) : undefined
  const draft: PinDraft = {
    owner_id: viewer.accountId,
    board_id: board.id,
    section_id: section?.id ?? null,
    parent_pin_id: null,
    is_repin: 0,
    title: null,
    description: null,
    link: null,
    alt_text: null,
    ai_disclosures: null,
    ...words,
    dominant_color: dominantColor,
    is_standard: given.is_standard ? 1 : 0,
  }
  return { draft, boardOwner: await boards.ownerName(viewer, board) }
}

export interface InsertOptions {
  clock: Clock
  ids: IdMaker
  accounts: Accounts
  places: PinPlaces
  store: PinStore
  index: PinIndex
  looks: LookIndex
  outbox: Outbox
}

/**
 * Writes a new Pin, and counts it on its board and account. Throws `boardNotFound` or `sectionNotFound` when they were
 * removed since the check, and `forbidden` when the account has too many Pins.
 */
export async function insertPin(
  tx: Transaction<Schema>,
  viewer: Viewer,
  { draft, boardOwner }: CheckedPin,
  shown: Shown,
  { clock, ids, accounts, places, store, index, looks, outbox }: InsertOptions,
): Promise<PinRow> {
  const board = await places.countPins(tx, draft.board_id, 1)
  if (!board) throw new ApiError('boardNotFound')
  await places.checkEntry(tx, viewer, board, draft.section_id)
  const sites = await accounts.addPin(tx, viewer.accountId, board)
  const cover = shown.media.pictures.get(shown.columns.picture_key)
  const pin = {
    ...draft,
    ...shown.columns,
    id: ids.next(),
    place: null,
    is_claimed: isOnSites(draft.link, sites) ? 1 : 0,
    link_host: hostOf(draft.link) ?? null,
    has_product_tags: 0,
    privacy: board.privacy,
    dominant_color: draft.dominant_color ?? cover?.dominant_color ?? null,
    created_at: clock.now(),
    look: pinLookText(cover),
  }
  const row: PinRow = { ...pin, rendered: keptText(pin, shown.media, boardOwner) }
  await store.insert(tx, row)
  await index.add(tx, [row])
  await looks.add(tx, [row])
  const covers: string[] = JSON.parse(board.covers)
  await places.setCovers(tx, board.id, { newest: [pin.picture_key, ...covers].slice(0, coverCount) })
  await outbox.changed(tx, toldOfPin(row, board.owner_id), () => ({
    ...{ kind: 'pin', id: row.id },
    after: toldPin(row, board.owner_id),
  }))
  return row
}
