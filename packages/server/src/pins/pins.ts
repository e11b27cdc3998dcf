import type { BoardPrivacy, CreativeType } from '@pinfold/contract'
import type { Transaction } from 'kysely'
import type { Accounts } from '../accounts/accounts.ts'
import type { Analytics } from '../analytics/analytics.ts'
import type { BoardRow, Boards } from '../boards/boards.ts'
import type { Clock } from '../clock.ts'
import { type Database, unnoticed, type Written } from '../db/database.ts'
import type { Schema } from '../db/schema.ts'
import { checkSecretWrite, type Viewer } from '../http/caller.ts'
import { ApiError, invalid } from '../http/errors.ts'
import { mergeNewestFirst, type Page, type PageRequest, toPage } from '../http/pagination.ts'
import { type IdMaker, parseId } from '../ids.ts'
import { PictureGone, type PictureRow, type Pictures, type PreparedPicture } from '../media/pictures.ts'
import { keptText } from './render.ts'
import { type ListedPin, type PinRow, pinStore, type ReadPin } from './store.ts'
import { isOnWebsite } from './website.ts'

type Tx = Transaction<Schema>

/** The kinds of Pins that there can be so far; a list is put together from the index range of each. */
const existingTypes = ['REGULAR'] as const satisfies readonly CreativeType[]
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
}

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
}

export type Pins = ReturnType<typeof pinsOf>

/** Pins: what they show, where they are, and who may see them. */
export function pinsOf({ db, clock, ids, accounts, boards, pictures, analytics }: PinsOptions) {
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
          known(creativeTypes).map((type) => store.ofBoardByType(board.id, type, before, size + 1)),
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
      .flatMap((range) => known(filter.creativeTypes).map((creativeType) => ({ ...range, creativeType })))
      .map((range) => store.ofOwner({ ownerId: viewer.accountId, ...range }, before, size + 1))
    return toPage(await mergeNewestFirst(lists, size + 1), size, (row) => row)
  }

  /**
   * Makes a Pin from picture bytes. `bytes` is asked for only when everything else about the Pin is right.
   * It is done when the Pin is written and every rendition of its picture exists.
   */
  async function create(
    viewer: Viewer,
    given: NewPin,
    bytes: () => Promise<Buffer>,
    written: Written<ListedPin> = unnoticed,
  ): Promise<ListedPin> {
    const { board, draft } = await checkNew(viewer, given)
    const parent = given.parent_pin_id ? await findToSave(viewer, given.parent_pin_id) : undefined
    const picture = await bytes()
    return withPicture(
      () => pictures.prepare(picture),
      (tx, prepared) => pictures.use(tx, prepared),
      async (tx, row) => {
        const full = { ...draft, parent_pin_id: parent?.id ?? null, is_repin: 0 }
        const pin = await insert(tx, viewer, board, full, row)
        await written(tx, pin)
        return pin
      },
    )
  }

  /** Makes a Pin that shows the picture of another and names it as its parent, for which it counts as a save. */
  async function save(
    viewer: Viewer,
    parent: PinRow,
    given: NewPin,
    userAgent: string,
    written: Written<ListedPin> = unnoticed,
  ): Promise<ListedPin> {
    const { board, draft } = await checkNew(viewer, given)
    try {
      return await db.write(async (tx) => {
        const picture = await pictures.share(tx, parent.picture_key)
        const pin = await insert(tx, viewer, board, { ...draft, parent_pin_id: parent.id, is_repin: 1 }, picture)
        await analytics.noteSave(tx, parent.id, { accountId: viewer.accountId, userAgent })
        await written(tx, pin)
        return pin
      })
    } catch (error) {
      throw error instanceof PictureGone ? new ApiError('pinNotFound') : error
    }
  }

  type Draft = Omit<
    PinRow,
    'id' | 'privacy' | 'picture_key' | 'created_at' | 'rendered' | 'parent_pin_id' | 'is_repin' | 'is_claimed'
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
      creative_type: 'REGULAR',
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
    draft: Draft & Pick<PinRow, 'parent_pin_id' | 'is_repin'>,
    picture: PictureRow,
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
      dominant_color: draft.dominant_color ?? picture.dominant_color,
      picture_key: picture.key,
      created_at: now,
    }
    const row: PinRow = { ...pin, rendered: keptText(pin, picture, viewer.username) }
    await store.insert(tx, row)
    await boards.setCovers(
      tx,
      board.id,
      [picture.key, ...(JSON.parse(counted.covers) as string[])].slice(0, coverCount),
    )
    return row
  }

  /** Prepares a picture and writes with it, again if another removed the picture in between. */
  async function withPicture<T>(
    prepare: () => Promise<PreparedPicture>,
    use: (tx: Tx, prepared: PreparedPicture) => Promise<PictureRow>,
    write: (tx: Tx, row: PictureRow) => Promise<T>,
  ): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      const prepared = await prepare()
      try {
        const { result, used } = await db.write(async (tx) => {
          const used = await use(tx, prepared)
          return { result: await write(tx, used), used }
        })
        if (used.key !== prepared.row.key) await pictures.sweep([prepared.row.key])
        return result
      } catch (error) {
        if (prepared.isNew) await pictures.sweep([prepared.row.key])
        if (!(error instanceof PictureGone) || attempt === maxPictureTries) throw error
      }
    }
  }

  async function update(viewer: Viewer, id: string, change: PinChange): Promise<ListedPin> {
    const pin = await findToWrite(viewer, id)
    const words = checkWords(change)
    const board = await boards.findToWrite(viewer, change.board_id ?? String(pin.board_id))
    const moves = board.id !== pin.board_id
    const wantedSection = await newSection(board, change, moves)

    const picture = await pictures.byKey(pin.picture_key)
    if (!picture) throw new ApiError('pinNotFound')
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
      const placed = { board_id: board.id, section_id: sectionId, privacy, is_claimed: isClaimed }
      const changed = { ...current, ...words, ...placed }
      const row: PinRow = { ...changed, rendered: keptText(changed, picture, viewer.username) }
      await store.update(tx, pin.id, row)
      await analytics.move(tx, current, row)
      if (moves) for (const boardId of held.keys()) await refreshCovers(tx, boardId)
      return row
    })
  }

  /** The section that a Pin is to stand in: null for none, undefined to leave it where it is. */
  async function newSection(board: BoardRow, change: PinChange, moves: boolean): Promise<number | null | undefined> {
    const { board_section_id: id } = change
    if (id === undefined) return moves ? null : undefined
    return id === null ? null : (await boards.findSection(board, id)).id
  }

  async function remove(viewer: Viewer, id: string): Promise<void> {
    const pin = await findToWrite(viewer, id)
    await db.write(async (tx) => {
      await boards.countPins(tx, pin.board_id, -1, clock.now())
      const current = await store.lock(tx, pin.id)
      if (!current || current.board_id !== pin.board_id) throw new ApiError('pinNotFound')
      await store.delete(tx, [pin.id])
      await analytics.forget(tx, [current])
      await accounts.removePins(tx, pin.owner_id, 1)
      await pictures.release(tx, pin.picture_key)
      await refreshCovers(tx, pin.board_id)
    })
    await pictures.sweep([pin.picture_key])
  }

  /** Removes every Pin of a board or section, a few hundred in one transaction, so that others get their turn. */
  async function removeAll({ id, kind }: { id: number; kind: 'board' | 'section' }): Promise<void> {
    const column = kind === 'board' ? 'board_id' : 'section_id'
    for (;;) {
      const removed = await db.write(async (tx) => {
        const batch = await store.someOf(tx, column, id, removalBatch)
        if (batch.length === 0) return batch
        // Another server may be at the same removal: only what is deleted here is counted here.
        const deleted = await store.delete(
          tx,
          batch.map((pin) => pin.id),
        )
        await analytics.forget(tx, deleted)
        for (const [owner, pins] of Map.groupBy(deleted, (pin) => pin.owner_id))
          await accounts.removePins(tx, owner, pins.length)
        for (const [key, pins] of Map.groupBy(deleted, (pin) => pin.picture_key))
          await pictures.release(tx, key, pins.length)
        if (kind === 'section')
          for (const [boardId, pins] of Map.groupBy(deleted, (pin) => pin.board_id)) {
            await boards.countPins(tx, boardId, -pins.length, clock.now())
            await refreshCovers(tx, boardId)
          }
        return batch
      })
      await pictures.sweep(removed.map((pin) => pin.picture_key))
      if (removed.length < removalBatch) return
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

function known(types: readonly CreativeType[] | undefined): readonly CreativeType[] {
  return types ? existingTypes.filter((type) => types.includes(type)) : existingTypes
}

/** The words that were given, empty ones as null. Throws when the link is not one to follow. */
function checkWords(given: PinWords): Partial<Pick<PinRow, 'title' | 'description' | 'link' | 'alt_text'>> {
  const link = given.link || null
  if (link !== null && !isWebAddress(link))
    throw invalid(`'link' must be an http or https address, such as https://example.com/page.`)
  return {
    ...(given.title !== undefined && { title: given.title || null }),
    ...(given.description !== undefined && { description: given.description || null }),
    ...(given.link !== undefined && { link }),
    ...(given.alt_text !== undefined && { alt_text: given.alt_text || null }),
  }
}

function isWebAddress(text: string): boolean {
  const url = URL.parse(text)
  return url !== null && (url.protocol === 'http:' || url.protocol === 'https:')
}
