import type { BoardPrivacy } from '@pinfold/contract'
import type { Transaction } from 'kysely'
import { limits } from '../../core/account-limits.ts'
import type { Clock } from '../../core/clock.ts'
import { ApiError, invalid } from '../../core/errors.ts'
import { type IdMaker, parseId } from '../../core/ids.ts'
import { nameKey } from '../../core/name-key.ts'
import { mergeNewestFirst, type Page, type PageRequest, toPage } from '../../core/page.ts'
import { checkSecretWrite, type Viewer } from '../../core/viewer.ts'
import { type Database, noRecord, type Written } from '../../db/database.ts'
import type { Schema } from '../../db/schema.ts'
import type { Accounts } from '../accounts/accounts.ts'
import { type BoardRow, boardStore, type RemovalRow, type SectionRow } from './store.ts'

export type { BoardRow, SectionRow } from './store.ts'

type Tx = Transaction<Schema>

/** What a board for advertising only is always called. */
const adsOnlyName = 'Ad-only Pins'
/** Where a Pin goes that is saved to no board. */
const quickSavesName = 'Quick Saves'

export const privacyFilters = {
  ALL: ['PUBLIC', 'PROTECTED', 'SECRET'],
  PUBLIC: ['PUBLIC'],
  PROTECTED: ['PROTECTED'],
  SECRET: ['SECRET'],
  PUBLIC_AND_SECRET: ['PUBLIC', 'SECRET'],
} as const satisfies Record<string, readonly BoardPrivacy[]>

export interface NewBoard {
  name: string
  description?: string | null
  privacy?: BoardPrivacy
  is_ads_only?: boolean
}

export interface BoardChange {
  name?: string
  description?: string | null
  privacy?: 'PUBLIC' | 'SECRET'
}

/** What boards need of the Pins on them. */
export interface PinsOnBoards {
  /** Makes the Pins on a board as private as the board, in the transaction that changes the board. */
  setPrivacy(tx: Tx, boardId: number, privacy: BoardPrivacy): Promise<void>
  /** Removes every Pin of a board or section, in several transactions. */
  removeAll(from: RemovalRow): Promise<void>
}

export interface BoardsOptions {
  db: Database
  clock: Clock
  ids: IdMaker
  accounts: Accounts
  pins: () => PinsOnBoards
}

export type Boards = ReturnType<typeof boardsOf>

/** Boards and their sections. */
export function boardsOf({ db, clock, ids, accounts, pins }: BoardsOptions) {
  const store = boardStore(db)

  /** A board the viewer may see. Throws `boardNotFound`, or `forbidden` if it is somebody else's. */
  async function find(viewer: Viewer, id: string): Promise<BoardRow> {
    const number = parseId(id)
    const board = number === undefined ? undefined : await store.byId(number)
    if (!board || (board.privacy === 'SECRET' && !seesSecret(viewer, board))) throw new ApiError('boardNotFound')
    if (board.owner_id !== viewer.accountId) throw new ApiError('forbidden')
    return board
  }

  /** A board the viewer may change. Throws as `find`, and when the token lacks a secret scope. */
  async function findToWrite(viewer: Viewer, id: string): Promise<BoardRow> {
    const board = await find(viewer, id)
    if (board.privacy === 'SECRET') checkSecretWrite(viewer)
    return board
  }

  async function list(viewer: Viewer, filter: keyof typeof privacyFilters, page: PageRequest): Promise<Page<BoardRow>> {
    const privacies = privacyFilters[filter].filter((privacy) => privacy !== 'SECRET' || viewer.secret !== 'none')
    const lists = privacies.map((privacy) => store.ofOwner(viewer.accountId, privacy, page.before, page.size + 1))
    return toPage(await mergeNewestFirst(lists, page.size + 1), page.size, (row) => row)
  }

  /** Makes a board. `written` is called with it in the transaction that writes it. */
  async function create(viewer: Viewer, given: NewBoard, written: Written<BoardRow> = noRecord): Promise<BoardRow> {
    const isAdsOnly = given.is_ads_only === true
    const privacy = isAdsOnly ? 'PROTECTED' : (given.privacy ?? 'PUBLIC')
    if (privacy === 'SECRET') checkSecretWrite(viewer)
    const name = isAdsOnly ? adsOnlyName : tidyName(given.name, 'name')
    return db.write(async (tx) => {
      const row = newBoard(viewer.accountId, name, privacy, given.description ?? '', isAdsOnly)
      if (!(await insert(tx, row))) throw new ApiError('boardNameTaken')
      await written(tx, row)
      return row
    })
  }

  function newBoard(ownerId: number, name: string, privacy: BoardPrivacy, description: string, isAdsOnly: boolean) {
    const now = clock.now()
    return {
      id: ids.next(),
      owner_id: ownerId,
      name,
      name_key: nameKey(name),
      description,
      privacy,
      is_ads_only: isAdsOnly ? 1 : 0,
      pin_count: 0,
      follower_count: 0,
      collaborator_count: 0,
      covers: '[]',
      pins_modified_at: now,
      created_at: now,
    } satisfies BoardRow
  }

  async function insert(tx: Tx, row: BoardRow): Promise<boolean> {
    await accounts.addBoard(tx, row.owner_id)
    return store.insert(tx, row)
  }

  async function update(viewer: Viewer, id: string, change: BoardChange): Promise<BoardRow> {
    const board = await findToWrite(viewer, id)
    if (change.privacy === 'SECRET') checkSecretWrite(viewer)
    if (board.is_ads_only && (change.name !== undefined || change.privacy !== undefined))
      throw invalid('A board for advertising only keeps its name and its privacy.')
    const name = change.name === undefined ? undefined : tidyName(change.name, 'name')
    return db.write(async (tx) => {
      const privacy = await store.lock(tx, board.id)
      if (!privacy) throw new ApiError('boardNotFound')
      if (name !== undefined) {
        const holder = await store.idByName(tx, board.owner_id, nameKey(name))
        if (holder !== undefined && holder !== board.id) throw new ApiError('boardRenameTaken')
      }
      const updated = await store.update(tx, board.id, {
        ...(name !== undefined && { name, name_key: nameKey(name) }),
        ...(change.description !== undefined && { description: change.description ?? '' }),
        privacy: change.privacy ?? privacy,
      })
      if (!updated) throw new ApiError('boardNotFound')
      if (updated.privacy !== privacy) await pins().setPrivacy(tx, board.id, updated.privacy)
      return updated
    })
  }

  /** Deletes a board with its sections and Pins. From the first moment it is gone for everybody. */
  async function remove(viewer: Viewer, id: string): Promise<void> {
    const board = await findToWrite(viewer, id)
    await db.write(async (tx) => {
      if (!(await store.hide(tx, board.id))) throw new ApiError('boardNotFound')
      await accounts.removeBoard(tx, board.owner_id)
      await store.noteRemoval(tx, { id: board.id, kind: 'board' })
    })
    await finishRemoval({ id: board.id, kind: 'board' })
  }

  async function finishRemoval(removal: RemovalRow): Promise<void> {
    await pins().removeAll(removal)
    await db.write(async (tx) => {
      if (removal.kind === 'board') await store.delete(tx, removal.id)
      else await store.deleteSection(tx, removal.id)
      await store.removalDone(tx, removal.id)
    })
  }

  /** Goes on with removals that the end of an earlier process cut off. */
  async function finishRemovals(): Promise<void> {
    for (const removal of await store.removals()) await finishRemoval(removal)
  }

  /** The board for Pins that are saved to no board, made if it is not there. */
  async function quickSaves(viewer: Viewer): Promise<BoardRow> {
    const id = await db.write(async (tx) => {
      const existing = await store.idByName(tx, viewer.accountId, nameKey(quickSavesName))
      if (existing !== undefined) return existing
      const row = newBoard(viewer.accountId, quickSavesName, 'PUBLIC', '', false)
      if (!(await insert(tx, row))) throw new ApiError('boardNameTaken')
      return row.id
    })
    return findToWrite(viewer, String(id))
  }

  /** A section of a board. Throws `sectionNotFound`. */
  async function findSection(board: BoardRow, id: string): Promise<SectionRow> {
    const number = parseId(id)
    const section = number === undefined ? undefined : await store.section(board.id, number)
    if (!section) throw new ApiError('sectionNotFound')
    return section
  }

  async function listSections(viewer: Viewer, boardId: string, page: PageRequest): Promise<Page<SectionRow>> {
    const board = await find(viewer, boardId)
    const rows = await store.sections(board.id, page.before, page.size + 1)
    return toPage(rows, page.size, (row) => row)
  }

  async function createSection(
    viewer: Viewer,
    boardId: string,
    name: string,
    written: Written<SectionRow> = noRecord,
  ): Promise<SectionRow> {
    const board = await findToWrite(viewer, boardId)
    const tidy = tidyName(name, 'name')
    return db.write(async (tx) => {
      if (!(await store.lock(tx, board.id))) throw new ApiError('boardNotFound')
      if ((await store.countSections(tx, board.id)) >= limits.sectionsPerBoard)
        throw invalid(`A board has ${limits.sectionsPerBoard} sections at most.`)
      const row = {
        id: ids.next(),
        board_id: board.id,
        name: tidy,
        name_key: nameKey(tidy),
        created_at: clock.now(),
      }
      if (!(await store.insertSection(tx, row))) throw sectionTaken()
      await written(tx, row)
      return row
    })
  }

  async function renameSection(viewer: Viewer, boardId: string, id: string, name: string): Promise<SectionRow> {
    const board = await findToWrite(viewer, boardId)
    const section = await findSection(board, id)
    const tidy = tidyName(name, 'name')
    return db.write(async (tx) => {
      const holder = await store.sectionIdByName(tx, board.id, nameKey(tidy))
      if (holder !== undefined && holder !== section.id) throw sectionTaken()
      const renamed = await store.renameSection(tx, section.id, tidy, nameKey(tidy))
      if (!renamed) throw new ApiError('sectionNotFound')
      return renamed
    })
  }

  /** Deletes a section with the Pins in it. */
  async function removeSection(viewer: Viewer, boardId: string, id: string): Promise<void> {
    const board = await findToWrite(viewer, boardId)
    const section = await findSection(board, id)
    await db.write(async (tx) => {
      if (!(await store.lock(tx, board.id))) throw new ApiError('boardNotFound')
      if (!(await store.hideSection(tx, section.id))) throw new ApiError('sectionNotFound')
      await store.noteRemoval(tx, { id: section.id, kind: 'section' })
    })
    await finishRemoval({ id: section.id, kind: 'section' })
  }

  return {
    find,
    findToWrite,
    list,
    create,
    update,
    remove,
    finishRemovals,
    quickSaves,
    findSection,
    listSections,
    createSection,
    renameSection,
    removeSection,
    countPins: store.countPins,
    setCovers: async (tx: Tx, id: number, keys: readonly string[]): Promise<void> => {
      await store.update(tx, id, { covers: JSON.stringify(keys) })
    },
    sectionExists: store.sectionExists,
  }
}

/** Its owner sees a secret board, with a token that may; nobody else does. */
function seesSecret(viewer: Viewer, board: BoardRow): boolean {
  return board.owner_id === viewer.accountId && viewer.secret !== 'none'
}

/** A name without space around it. Throws when nothing is left. */
function tidyName(name: string, field: string): string {
  const tidy = name.trim()
  if (nameKey(tidy) === '') throw invalid(`'${field}' must not be blank.`)
  return tidy
}

function sectionTaken(): ApiError {
  return new ApiError('sectionNameTaken', { detail: 'The board has a section with this name. Use another name.' })
}
