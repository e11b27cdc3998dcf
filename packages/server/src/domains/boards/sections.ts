import { limits } from '../../core/account-limits.ts'
import type { Clock } from '../../core/clock.ts'
import { ApiError, invalid } from '../../core/errors.ts'
import { type IdMaker, parseId } from '../../core/ids.ts'
import { nameKey } from '../../core/name-key.ts'
import { type OrderedPageRequest, type Page, type PageRequest, toOrderedPage, toPage } from '../../core/page.ts'
import { moveWithin } from '../../core/places.ts'
import type { Viewer } from '../../core/viewer.ts'
import type { Database, Written } from '../../db/database.ts'
import { type GivenArrangement, idsIn, readArrangement, spotOf } from './arrangement.ts'
import { checkStillOn } from './members.ts'
import { tidyName } from './names.ts'
import type { PinsOnBoards } from './pins-on-boards.ts'
import type { BoardReads } from './read.ts'
import { removalFinisher } from './remove.ts'
import type { BoardRow, BoardStore, RemovalRow } from './store/boards.ts'
import type { CollaboratorStore } from './store/collaborators.ts'
import type { SectionRow, SectionStore } from './store/sections.ts'

/** The position of a section in the order of its board. */
export type SectionPosition = readonly [place: number, id: number]

/**
 * The sections of boards, which collaborators make and change as the owner does. Methods with a viewer and a board's id
 * throw as `find` or `findToWrite` do for the board.
 */
export interface Sections {
  /** Returns a section of a board. Throws `sectionNotFound`. */
  findSection(board: BoardRow, id: string): Promise<SectionRow>
  /** Returns a section of a board that the viewer may see. Throws `sectionNotFound`. */
  readSection(viewer: Viewer, boardId: string, id: string): Promise<SectionRow>
  /** Returns a page of the sections of a board, newest first. */
  listSections(viewer: Viewer, boardId: string, page: PageRequest): Promise<Page<SectionRow>>
  /** Returns a page of the sections of a board that was found, in the order that people gave to them. */
  sectionsInOrder(
    board: BoardRow,
    page: OrderedPageRequest<SectionPosition>,
  ): Promise<Page<SectionRow, SectionPosition>>
  /** Moves sections within the order of a board. Throws `sectionNotFound`, and as `readArrangement`. */
  arrangeSections(viewer: Viewer, boardId: string, arrangement: GivenArrangement): Promise<void>
  /** Makes a section. Throws `sectionNameTaken`, and a 400 for a blank name or when the board has too many. */
  createSection(viewer: Viewer, boardId: string, name: string, written?: Written<SectionRow>): Promise<SectionRow>
  /** Renames a section, and returns the new one. Throws `sectionNotFound`, `sectionNameTaken`, or a 400. */
  renameSection(viewer: Viewer, boardId: string, id: string, name: string): Promise<SectionRow>
  /**
   * Deletes a section with the Pins in it. Throws `sectionNotFound`, and `forbidden` when there are Pins in it that the
   * viewer could not delete: for a collaborator, those of others.
   */
  removeSection(viewer: Viewer, boardId: string, id: string): Promise<void>
}

export interface SectionsOptions {
  db: Database
  clock: Clock
  ids: IdMaker
  boards: BoardStore
  store: SectionStore
  collaborators: CollaboratorStore
  reads: BoardReads
  pins: PinsOnBoards
}

/** Makes the sections of boards. */
export function sectionsOf(options: SectionsOptions): Sections {
  const { store, reads } = options

  async function findSection(board: BoardRow, id: string): Promise<SectionRow> {
    const number = parseId(id)
    const section = number === undefined ? undefined : await store.byId(board.id, number)
    if (!section) throw new ApiError('sectionNotFound')
    return section
  }

  async function listOf({ id: boardId }: BoardRow, { before, size }: PageRequest): Promise<Page<SectionRow>> {
    return toPage(await store.ofBoard({ boardId, before, count: size + 1 }), size, (row) => row)
  }

  return {
    findSection,

    async readSection(viewer, boardId, id) {
      return findSection(await reads.find(viewer, boardId), id)
    },

    async sectionsInOrder({ id: boardId }, { after: [afterPlace, afterId] = start, size }) {
      return toOrderedPage(
        await store.inOrder({ boardId, afterPlace, afterId, count: size + 1 }),
        size,
        (row) => row,
        ({ place, id }) => [place, id],
      )
    },

    listSections: async (viewer, boardId, page) => listOf(await reads.find(viewer, boardId), page),

    ...sectionWrites(options, findSection),
  }
}

function sectionWrites(
  { db, clock, ids, boards, store, collaborators, reads, pins }: SectionsOptions,
  findSection: Sections['findSection'],
): Pick<Sections, 'createSection' | 'renameSection' | 'removeSection' | 'arrangeSections'> {
  const finish = removalFinisher({ db, store: boards, sections: store, pins })
  return {
    async createSection(viewer, boardId, name, written) {
      const board = await reads.findToWrite(viewer, boardId)
      const tidy = tidyName(name)
      return db.write(async (tx) => {
        if (!(await boards.lock(tx, board.id))) throw new ApiError('boardNotFound')
        await checkStillOn(tx, viewer, board, collaborators)
        if ((await store.count(tx, board.id)) >= limits.sectionsPerBoard)
          throw invalid(`A board has ${limits.sectionsPerBoard} sections at most.`)
        const key = { name: tidy, name_key: nameKey(tidy) }
        const row: SectionRow = { id: ids.next(), board_id: board.id, ...key, place: null, created_at: clock.now() }
        if (!(await store.insert(tx, row))) throw nameTaken()
        await written?.(tx, row)
        return row
      })
    },

    async arrangeSections(viewer, boardId, given) {
      const board = await reads.findToWrite(viewer, boardId)
      const wanted = readArrangement(given, 'sectionNotFound')
      await db.write(async (tx) => {
        if (!(await boards.lock(tx, board.id))) throw new ApiError('boardNotFound')
        await checkStillOn(tx, viewer, board, collaborators)
        const to = spotOf(wanted, await store.placesOf(tx, board.id, idsIn(wanted)), 'sectionNotFound')
        await moveWithin(store.orderOf(tx, board.id), { ids: wanted.ids, to, newest: ids.next() })
      })
    },

    async renameSection(viewer, boardId, id, name) {
      const board = await reads.findToWrite(viewer, boardId)
      const section = await findSection(board, id)
      const tidy = tidyName(name)
      return db.write(async (tx) => {
        await checkStillOn(tx, viewer, board, collaborators)
        const holder = await store.idByName(tx, board.id, nameKey(tidy))
        if (holder !== undefined && holder !== section.id) throw nameTaken()
        const renamed = await store.rename(tx, section.id, tidy, nameKey(tidy))
        if (!renamed) throw new ApiError('sectionNotFound')
        return renamed
      })
    },

    async removeSection(viewer, boardId, id) {
      const board = await reads.findToWrite(viewer, boardId)
      const section = await findSection(board, id)
      const removal: RemovalRow = { id: section.id, kind: 'section' }
      await db.write(async (tx) => {
        if (!(await boards.lock(tx, board.id))) throw new ApiError('boardNotFound')
        await checkStillOn(tx, viewer, board, collaborators)
        if (board.owner_id !== viewer.accountId && (await pins.hasOthers(tx, section.id, viewer.accountId)))
          throw new ApiError('forbidden', {
            detail: 'There are Pins of others in the section: only the owner of the board deletes those.',
          })
        if (!(await store.hide(tx, section.id))) throw new ApiError('sectionNotFound')
        await boards.noteRemoval(tx, removal)
      })
      await finish(removal)
    },
  }
}

/** Before the first section. */
const start: SectionPosition = [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER]

function nameTaken(): ApiError {
  return new ApiError('sectionNameTaken', { detail: 'The board has a section with this name. Use another name.' })
}
