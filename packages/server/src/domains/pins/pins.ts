import type { BoardPrivacy, CreativeType } from '@pinfold/contract'
import type { Transaction } from 'kysely'
import type { Clock } from '../../core/clock.ts'
import { ApiError, invalid } from '../../core/errors.ts'
import { type IdMaker, parseId } from '../../core/ids.ts'
import { mergeNewestFirst, type Page, type PageRequest, toPage } from '../../core/page.ts'
import { releaseBuffer } from '../../core/release-buffer.ts'
import { checkSecretWrite, type Viewer } from '../../core/viewer.ts'
import { type Database, noRecord, type Written } from '../../db/database.ts'
import type { Schema } from '../../db/schema.ts'
import type { Accounts } from '../accounts/accounts.ts'
import type { Analytics } from '../analytics/analytics.ts'
import type { BoardRow, Boards } from '../boards/boards.ts'
import { PictureGone, type PictureRow, type Pictures, type PreparedPicture } from '../media/pictures.ts'
import { VideoGone, type VideoRow, type Videos } from '../videos/videos.ts'
import {
  checkSameShape,
  checkSlotWords,
  pictureKeys,
  readSlots,
  type Slot,
  type SlotWords,
  withWords,
} from './carousel.ts'
import { checkLink } from './check-link.ts'
import { keptText, type ShownMedia } from './kept-text.ts'
import { type ListedPin, type PinRow, pinStore, type ReadPin } from './store.ts'
import { isOnWebsite } from './website.ts'

export type { ListedPin } from './store.ts'

type Tx = Transaction<Schema>

/** The kinds of Pins that there can be; a list of some of them is put together from the index range of each. */
const existingTypes = ['REGULAR', 'VIDEO', 'CAROUSEL'] as const satisfies readonly CreativeType[]
/** So many pictures stand for a board. */
const coverCount = 5
/** So many Pins are removed in one transaction. */
const removalBatch = 500
/** So often a Pin is tried anew when its picture was removed by another at the same moment. */
const maxPictureTries = 3

/** The words of a Pin, as a client gives them. An empty text means none. */
export interface PinWords {
  title?: string | null
  description?: string | null
  link?: string | null
  alt_text?: string | null
}

export interface NewPin extends PinWords {
  board_id: string
  board_section_id?: string | null
  dominant_color?: string | null
  parent_pin_id?: string | null
  isStandard: boolean
}

export interface PinChange extends PinWords {
  board_id?: string
  board_section_id?: string | null
  carousel_slots?: SlotWords[]
}

/** What a new Pin is to show. Bytes are asked for only when everything else about the Pin is right. */
export type NewMedia =
  | { kind: 'picture'; bytes: () => Promise<Buffer> }
  /** `cover` is given the video. */
  | { kind: 'video'; mediaId: string; cover: (video: VideoRow) => Promise<Buffer> }
  /** `first`: which of them stands for the Pin, from 0. */
  | { kind: 'carousel'; pictures: (SlotWords & { bytes: () => Promise<Buffer> })[]; first: number }

/** How a list of an account's Pins is narrowed. */
export interface PinFilter {
  privacies: readonly BoardPrivacy[]
  repins: readonly boolean[]
  creativeTypes: readonly CreativeType[] | undefined
}

export interface PinsOptions {
  db: Database
  clock: Clock
  ids: IdMaker
  accounts: Accounts
  boards: Boards
  pictures: Pictures
  analytics: Analytics
  videos: Videos
}

export type Pins = ReturnType<typeof pinsOf>

/** Pins: what they show, where they are, and who may see them. */
export function pinsOf({ db, clock, ids, accounts, boards, pictures, videos, analytics }: PinsOptions) {
  const store = pinStore(db)

  /** A Pin of the viewer's. Throws `pinNotFound`, or `forbidden` if it is somebody else's. */
  async function read(viewer: Viewer, id: string): Promise<ReadPin> {
    const number = parseId(id)
    return mine(viewer, number === undefined ? undefined : await store.read(number))
  }

  async function findToWrite(viewer: Viewer, id: string): Promise<PinRow> {
    const number = parseId(id)
    const pin = mine(viewer, number === undefined ? undefined : await store.byId(number))
    if (pin.privacy === 'SECRET') checkSecretWrite(viewer)
    return pin
  }

  /** A Pin that the viewer may save: an own one, or anybody's on a public board. */
  async function findToSave(viewer: Viewer, id: string): Promise<PinRow> {
    const number = parseId(id)
    const pin = number === undefined ? undefined : await store.byId(number)
    return pin?.privacy === 'PUBLIC' ? pin : mine(viewer, pin)
  }

  /** The link of a Pin that somebody looks at, or nobody in particular. Throws `pinNotFound`. */
  async function linkOf(accountId: number | undefined, id: string): Promise<string | null> {
    const number = parseId(id)
    const pin = number === undefined ? undefined : await store.byId(number)
    if (!pin || (pin.privacy === 'SECRET' && pin.owner_id !== accountId)) throw new ApiError('pinNotFound')
    return pin.link
  }

  async function ofBoard(
    viewer: Viewer,
    boardId: string,
    creativeTypes: readonly CreativeType[] | undefined,
    { before, size }: PageRequest,
  ): Promise<Page<ListedPin>> {
    const board = await boards.find(viewer, boardId)
    const rows = creativeTypes
      ? await mergeNewestFirst(
          existing(creativeTypes).map((type) => store.ofBoardByType(board.id, type, before, size + 1)),
          size + 1,
        )
      : await store.ofBoard(board.id, before, size + 1)
    return toPage(rows, size, (row) => row)
  }

  async function ofSection(viewer: Viewer, boardId: string, sectionId: string, page: PageRequest) {
    const board = await boards.find(viewer, boardId)
    const section = await boards.findSection(board, sectionId)
    return toPage(await store.ofSection(section.id, page.before, page.size + 1), page.size, (row) => row)
  }

  /** Each combination of the filter's values is a range of the index; the list is their merge. */
  async function list(viewer: Viewer, filter: PinFilter, { before, size }: PageRequest): Promise<Page<ListedPin>> {
    const lists = filter.privacies
      .filter((privacy) => privacy !== 'SECRET' || viewer.secret !== 'none')
      .flatMap((privacy) => filter.repins.map((isRepin) => ({ privacy, isRepin })))
      .flatMap((range) => (filter.creativeTypes ? ofEach(filter.creativeTypes, range) : [range]))
      .map((range) => store.ofOwner({ ownerId: viewer.accountId, ...range }, before, size + 1))
    return toPage(await mergeNewestFirst(lists, size + 1), size, (row) => row)
  }

  /** Makes a Pin. It is done when the Pin is written and every rendition of its pictures exists. */
  async function create(
    viewer: Viewer,
    given: NewPin,
    media: NewMedia,
    written: Written<ListedPin> = noRecord,
  ): Promise<ListedPin> {
    const { board, draft } = await checkNew(viewer, given)
    const parent = given.parent_pin_id ? await findToSave(viewer, given.parent_pin_id) : undefined
    const { bytes, toShow } = await fetchMedia(viewer, media)
    return withPictures(bytes, async (tx, rows) => {
      const { shown, columns } = await toShow(tx, rows)
      const pin = await insert(tx, viewer, board, { ...draft, ...columns, parent_pin_id: parent?.id ?? null }, shown)
      await written(tx, pin)
      return pin
    })
  }

  /** Makes a Pin that shows what another shows and names it as its parent, for which it counts as a save. */
  async function save(
    viewer: Viewer,
    parent: PinRow,
    given: NewPin,
    userAgent: string,
    written: Written<ListedPin> = noRecord,
  ): Promise<ListedPin> {
    const { board, draft } = await checkNew(viewer, given)
    const { creative_type, picture_key, video_id, carousel } = parent
    const columns = { creative_type, picture_key, video_id, carousel }
    try {
      return await db.write(async (tx) => {
        const rows = new Map<string, PictureRow>()
        for (const key of pictureKeys(parent)) rows.set(key, await pictures.share(tx, key))
        const video = video_id === null ? undefined : await videos.use(tx, video_id)
        const full = { ...draft, ...columns, parent_pin_id: parent.id, is_repin: 1 }
        const pin = await insert(tx, viewer, board, full, { pictures: rows, video })
        await analytics.noteSave(tx, parent.id, { accountId: viewer.accountId, userAgent })
        await written(tx, pin)
        return pin
      })
    } catch (error) {
      throw error instanceof PictureGone || error instanceof VideoGone ? new ApiError('pinNotFound') : error
    }
  }

  type MediaColumns = Pick<PinRow, 'creative_type' | 'picture_key' | 'video_id' | 'carousel'>

  /** Gets the bytes of what a Pin is to show; `toShow` makes it the Pin's, when its pictures are. */
  async function fetchMedia(
    viewer: Viewer,
    media: NewMedia,
  ): Promise<{
    bytes: Buffer[]
    toShow: (tx: Tx, rows: PictureRow[]) => Promise<{ shown: ShownMedia; columns: MediaColumns }>
  }> {
    const byKey = (rows: readonly PictureRow[]) => new Map(rows.map((row) => [row.key, row]))
    switch (media.kind) {
      case 'picture':
        return {
          bytes: [await media.bytes()],
          toShow: async (_tx, rows) => ({
            shown: { pictures: byKey(rows), video: undefined },
            columns: { creative_type: 'REGULAR', picture_key: keyAt(rows, 0), video_id: null, carousel: null },
          }),
        }
      case 'video': {
        const video = await videos.findReady(viewer, media.mediaId)
        const { id } = video
        return {
          bytes: [await media.cover(video)],
          toShow: async (tx, rows) => ({
            shown: { pictures: byKey(rows), video: await videos.use(tx, id) },
            columns: { creative_type: 'VIDEO', picture_key: keyAt(rows, 0), video_id: id, carousel: null },
          }),
        }
      }
      case 'carousel': {
        const words = media.pictures.map((picture) => checkSlotWords(picture))
        if (media.first >= words.length)
          throw invalid(`'media_source.index' must be less than ${words.length}, the number of pictures.`)
        return {
          bytes: await Promise.all(media.pictures.map(({ bytes }) => bytes())),
          toShow: async (_tx, rows) => {
            checkSameShape(rows)
            const none = { title: null, description: null, link: null }
            const slots: Slot[] = words.map((each, i) => ({ key: keyAt(rows, i), ...none, ...each }))
            const [picture_key, carousel] = [keyAt(rows, media.first), JSON.stringify(slots)]
            return {
              shown: { pictures: byKey(rows), video: undefined },
              columns: { creative_type: 'CAROUSEL', picture_key, video_id: null, carousel },
            }
          },
        }
      }
    }
  }

  type Draft = Omit<
    PinRow,
    'id' | 'privacy' | 'created_at' | 'rendered' | 'parent_pin_id' | 'is_claimed' | keyof MediaColumns
  >

  async function checkNew(viewer: Viewer, given: NewPin): Promise<{ board: BoardRow; draft: Draft }> {
    const words = checkWords(given)
    const dominantColor = given.dominant_color || null
    if (dominantColor !== null && !/^#[0-9a-fA-F]{6}$/.test(dominantColor))
      throw invalid(`'dominant_color': '${dominantColor.slice(0, 50)}' does not match '^#[0-9a-fA-F]{6}$'.`)
    const board = await boards.findToWrite(viewer, given.board_id)
    const section = given.board_section_id ? await boards.findSection(board, given.board_section_id) : undefined
    const draft: Draft = {
      owner_id: viewer.accountId,
      board_id: board.id,
      section_id: section?.id ?? null,
      is_repin: 0,
      title: null,
      description: null,
      link: null,
      alt_text: null,
      ...words,
      dominant_color: dominantColor,
      is_standard: given.isStandard ? 1 : 0,
    }
    return { board, draft }
  }

  async function insert(
    tx: Tx,
    viewer: Viewer,
    board: BoardRow,
    draft: Draft & MediaColumns & Pick<PinRow, 'parent_pin_id'>,
    shown: ShownMedia,
  ): Promise<ListedPin> {
    const now = clock.now()
    const counted = await boards.countPins(tx, board.id, 1, now)
    if (!counted) throw new ApiError('boardNotFound')
    if (counted.privacy === 'SECRET' && viewer.secret !== 'write') throw new ApiError('boardNotFound')
    if (draft.section_id !== null && !(await boards.sectionExists(tx, board.id, draft.section_id)))
      throw new ApiError('sectionNotFound')
    const website = await accounts.addPin(tx, viewer.accountId)
    const pin = {
      ...draft,
      id: ids.next(),
      is_claimed: isOnWebsite(draft.link, website) ? 1 : 0,
      privacy: counted.privacy,
      dominant_color: draft.dominant_color ?? shown.pictures.get(draft.picture_key)?.dominant_color ?? null,
      created_at: now,
    }
    const row: PinRow = { ...pin, rendered: keptText(pin, shown, viewer.username) }
    await store.insert(tx, row)
    await boards.setCovers(
      tx,
      board.id,
      [pin.picture_key, ...(JSON.parse(counted.covers) as string[])].slice(0, coverCount),
    )
    return row
  }

  /** Prepares pictures and writes with them, again if another removed one of them in between. Frees `bytes` in the end. */
  async function withPictures<T>(
    bytes: readonly Buffer[],
    write: (tx: Tx, rows: PictureRow[]) => Promise<T>,
  ): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      const prepared = await prepareAll(bytes)
      try {
        const { result, used } = await db.write(async (tx) => {
          const used: PictureRow[] = []
          for (const each of prepared) used.push(await pictures.use(tx, each))
          return { result: await write(tx, used), used }
        })
        bytes.forEach(releaseBuffer)
        await pictures.sweep(prepared.filter(({ row }, i) => row.key !== used[i]?.key).map(({ row }) => row.key))
        return result
      } catch (error) {
        await pictures.sweep(newKeys(prepared))
        if (error instanceof VideoGone) throw new ApiError('mediaNotFound')
        if (!(error instanceof PictureGone) || attempt === maxPictureTries) throw error
      }
    }
  }

  /** All of them or none: of those that were made when another cannot be, nothing is left. */
  async function prepareAll(bytes: readonly Buffer[]): Promise<PreparedPicture[]> {
    const outcomes = await Promise.allSettled(bytes.map((each) => pictures.prepare(each)))
    const prepared = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))
    const failed = outcomes.find((outcome) => outcome.status === 'rejected')
    if (!failed) return prepared
    await pictures.sweep(newKeys(prepared))
    throw failed.reason
  }

  async function update(viewer: Viewer, id: string, change: PinChange): Promise<ListedPin> {
    const pin = await findToWrite(viewer, id)
    const words = checkWords(change)
    const board = await boards.findToWrite(viewer, change.board_id ?? String(pin.board_id))
    const moves = board.id !== pin.board_id
    const wantedSection = await newSection(board, change, moves)

    if (change.carousel_slots && pin.carousel === null)
      throw invalid(`'carousel_slots' is for carousel Pins only, and this Pin is none.`)
    const shown = await shownBy(pin)
    const owner = await accounts.byId(pin.owner_id)

    return db.write(async (tx) => {
      // Boards are held in the order of their ids, so that two moves the opposite ways do not wait for each other.
      const counts = new Map(
        moves
          ? [
              [pin.board_id, -1],
              [board.id, 1],
            ]
          : [[board.id, 0]],
      )
      const held = new Map<number, BoardRow>()
      for (const [boardId, count] of [...counts].sort(([a], [b]) => a - b)) {
        const row = await boards.countPins(tx, boardId, count, clock.now())
        if (!row) throw new ApiError('boardNotFound')
        held.set(boardId, row)
      }
      const current = await store.lock(tx, pin.id)
      if (!current || current.board_id !== pin.board_id) throw new ApiError('pinNotFound')
      const sectionId = wantedSection === undefined ? current.section_id : wantedSection
      if (sectionId !== null && !(await boards.sectionExists(tx, board.id, sectionId)))
        throw new ApiError('sectionNotFound')
      const privacy = held.get(board.id)?.privacy ?? board.privacy
      if (privacy === 'SECRET' && viewer.secret !== 'write') throw new ApiError('boardNotFound')
      const link = words.link === undefined ? current.link : words.link
      const isClaimed = isOnWebsite(link, owner.website_url) ? 1 : 0
      const slots = change.carousel_slots && withWords(readSlots(current) ?? [], change.carousel_slots)
      const carousel = slots ? JSON.stringify(slots) : current.carousel
      const placed = { board_id: board.id, section_id: sectionId, privacy, is_claimed: isClaimed, carousel }
      const changed = { ...current, ...words, ...placed }
      const row: PinRow = { ...changed, rendered: keptText(changed, shown, viewer.username) }
      await store.update(tx, pin.id, row)
      await analytics.move(tx, current, row)
      if (moves) for (const boardId of held.keys()) await refreshCovers(tx, boardId)
      return row
    })
  }

  /** What a Pin shows. Throws `pinNotFound` when it is being removed. */
  async function shownBy(pin: PinRow): Promise<ShownMedia> {
    const rows = new Map<string, PictureRow>()
    for (const key of pictureKeys(pin)) {
      const row = await pictures.byKey(key)
      if (!row) throw new ApiError('pinNotFound')
      rows.set(key, row)
    }
    return { pictures: rows, video: pin.video_id === null ? undefined : await videos.byId(pin.video_id) }
  }

  /** The section that a Pin is to stand in: null for none, undefined to leave it where it is. */
  async function newSection(board: BoardRow, change: PinChange, moves: boolean): Promise<number | null | undefined> {
    const { board_section_id: id } = change
    if (id === undefined) return moves ? null : undefined
    return id === null ? null : (await boards.findSection(board, id)).id
  }

  async function remove(viewer: Viewer, id: string): Promise<void> {
    const pin = await findToWrite(viewer, id)
    const released = await db.write(async (tx) => {
      await boards.countPins(tx, pin.board_id, -1, clock.now())
      const current = await store.lock(tx, pin.id)
      if (!current || current.board_id !== pin.board_id) throw new ApiError('pinNotFound')
      await store.delete(tx, [pin.id])
      await analytics.forget(tx, [current])
      await accounts.removePins(tx, pin.owner_id, 1)
      const keys = await release(tx, [pin])
      await refreshCovers(tx, pin.board_id)
      return keys
    })
    await pictures.sweep(released)
  }

  /** Takes pictures and videos from Pins that are being removed; the keys to sweep when that is done. */
  async function release(tx: Tx, removed: readonly RemovedPin[]): Promise<string[]> {
    const keys = Map.groupBy(removed.flatMap(pictureKeys), (key) => key)
    for (const [key, uses] of keys) await pictures.release(tx, key, uses.length)
    const videoKeys: string[] = []
    const shown = removed.flatMap(({ video_id }) => (video_id === null ? [] : [video_id]))
    for (const [id, uses] of Map.groupBy(shown, (id) => id))
      videoKeys.push(...(await videos.release(tx, id, uses.length)))
    return [...keys.keys(), ...videoKeys]
  }

  /** Removes every Pin of a board or section, a few hundred in one transaction, so that others get their turn. */
  async function removeAll({ id, kind }: { id: number; kind: 'board' | 'section' }): Promise<void> {
    const column = kind === 'board' ? 'board_id' : 'section_id'
    for (;;) {
      const { count, keys } = await db.write(async (tx) => {
        const batch = await store.someOf(tx, column, id, removalBatch)
        if (batch.length === 0) return { count: 0, keys: [] }
        // Another server may be at the same removal: only what is deleted here is counted here.
        const deleted = await store.delete(
          tx,
          batch.map((pin) => pin.id),
        )
        await analytics.forget(tx, deleted)
        for (const [owner, pins] of Map.groupBy(deleted, (pin) => pin.owner_id))
          await accounts.removePins(tx, owner, pins.length)
        const keys = await release(tx, deleted)
        if (kind === 'section')
          for (const [boardId, pins] of Map.groupBy(deleted, (pin) => pin.board_id)) {
            await boards.countPins(tx, boardId, -pins.length, clock.now())
            await refreshCovers(tx, boardId)
          }
        return { count: batch.length, keys }
      })
      await pictures.sweep(keys)
      if (count < removalBatch) return
    }
  }

  async function refreshCovers(tx: Tx, boardId: number): Promise<void> {
    await boards.setCovers(tx, boardId, await store.newestPictures(tx, boardId, coverCount))
  }

  return {
    read,
    findToSave,
    linkOf,
    ofBoard,
    ofSection,
    list,
    create,
    save,
    update,
    remove,
    onBoards: { setPrivacy: store.setPrivacy, removeAll },
  }
}

/** The Pin if it is the viewer's. Throws `pinNotFound`, or `forbidden` if it is somebody else's and not secret. */
function mine<P extends { owner_id: number; privacy: BoardPrivacy }>(viewer: Viewer, pin: P | undefined): P {
  if (!pin) throw new ApiError('pinNotFound')
  const isOwner = pin.owner_id === viewer.accountId
  if (pin.privacy === 'SECRET' && !(isOwner && viewer.secret !== 'none')) throw new ApiError('pinNotFound')
  if (!isOwner) throw new ApiError('forbidden')
  return pin
}

type RemovedPin = Pick<PinRow, 'picture_key' | 'carousel' | 'video_id'>

const keyAt = (rows: readonly PictureRow[], index: number): string => rows[index]?.key ?? ''

const newKeys = (prepared: readonly PreparedPicture[]): string[] =>
  prepared.filter(({ isNew }) => isNew).map(({ row }) => row.key)

const existing = (types: readonly CreativeType[]) => existingTypes.filter((type) => types.includes(type))

/** The range once for each of the kinds that there can be. */
const ofEach = <Range>(types: readonly CreativeType[], range: Range) =>
  existing(types).map((creativeType) => ({ ...range, creativeType }))

/** The words that were given, empty ones as null. Throws when the link is not one to follow. */
function checkWords(given: PinWords): Partial<Pick<PinRow, 'title' | 'description' | 'link' | 'alt_text'>> {
  return {
    ...(given.title !== undefined && { title: given.title || null }),
    ...(given.description !== undefined && { description: given.description || null }),
    ...(given.link !== undefined && { link: checkLink(given.link) }),
    ...(given.alt_text !== undefined && { alt_text: given.alt_text || null }),
  }
}
