import type { Transaction } from 'kysely'
import type { Placed, PlacedList } from '../../../core/places.ts'
import type { Database } from '../../../db/database.ts'
import { insertNew } from '../../../db/insert-new.ts'
import { placedIn, placeOf } from '../../../db/placed.ts'
import { prepare } from '../../../db/prepared.ts'
import type { Schema } from '../../../db/schema.ts'

export type SectionRow = Schema['sections']
type Tx = Transaction<Schema>

/** Sections of one board: at most `count`, with ids below `before`. */
export interface BoardSections {
  boardId: number
  before: number
  count: number
}

/** Sections of one board in its order: at most `count`, behind a position. */
export interface PlacedSections {
  boardId: number
  afterPlace: number
  afterId: number
  count: number
}

/** A section of a list in the order of its board. */
export type PlacedSection = SectionRow & Placed

/** The SQL of sections. A section that is being removed has no `name_key`, and is not found. */
export interface SectionStore {
  /** Returns a section of a board. */
  byId(boardId: number, id: number): Promise<SectionRow | undefined>
  /** Returns sections of a board, newest first. */
  ofBoard(range: BoardSections): Promise<SectionRow[]>
  /** Returns sections of a board in the order that people gave to them, the newest first where they gave none. */
  inOrder(range: PlacedSections): Promise<PlacedSection[]>
  /** Returns the places of those of the sections that a board has. */
  placesOf(tx: Tx, boardId: number, ids: readonly number[]): Promise<Placed[]>
  /** Returns the order of the sections of a board that the transaction holds. */
  orderOf(tx: Tx, boardId: number): PlacedList
  /** Returns every section of a board, including those that are being removed. */
  allOf(tx: Tx, boardId: number): Promise<SectionRow[]>
  /** Moves every section of a board to another. */
  moveAll(tx: Tx, from: number, to: number): Promise<void>
  /** Returns how many sections a board has, including those that are being removed. */
  count(tx: Tx, boardId: number): Promise<number>
  /** Returns whether a board has a section. */
  exists(tx: Tx, boardId: number, id: number): Promise<boolean>
  /** Returns the id of the board's section with this name, given as `nameKey` makes it. */
  idByName(tx: Tx, boardId: number, nameKey: string): Promise<number | undefined>
  /** Writes a new section; false if the board has one of that name. */
  insert(tx: Tx, row: SectionRow): Promise<boolean>
  /** Renames a section. Returns the new one, or undefined if it was removed. */
  rename(tx: Tx, id: number, name: string, nameKey: string): Promise<SectionRow | undefined>
  /** Makes a section invisible and frees its name; false if that was done before. */
  hide(tx: Tx, id: number): Promise<boolean>
  /** Deletes a section. */
  delete(tx: Tx, id: number): Promise<void>
  /** Deletes every section of a board. */
  deleteOfBoard(tx: Tx, boardId: number): Promise<void>
}

/** Makes the store over `db`. */
export function sectionStore(db: Database): SectionStore {
  return { ...sectionReads(db), ...sectionWrites }
}

function sectionReads(db: Database): Pick<SectionStore, 'byId' | 'ofBoard' | 'inOrder'> {
  const sections = db.read.selectFrom('sections').selectAll().where('name_key', 'is not', null)
  const byId = prepare(db, ({ boardId, id }: { boardId: number; id: number }) =>
    sections.where('id', '=', id).where('board_id', '=', boardId),
  )
  const ofBoard = prepare(db, ({ boardId, before, count }: BoardSections) =>
    sections.where('board_id', '=', boardId).where('id', '<', before).orderBy('id', 'desc').limit(count),
  )
  // A board has a few hundred at most, which are sorted.
  const inOrder = prepare(db, ({ boardId, afterPlace, afterId, count }: PlacedSections) =>
    sections
      .select(placeOf.as('place'))
      .where('board_id', '=', boardId)
      .where(placeOf, '<=', afterPlace)
      .where((e) => e.or([e(placeOf, '<', afterPlace), e('id', '<', afterId)]))
      .orderBy(placeOf, 'desc')
      .orderBy('id', 'desc')
      .limit(count),
  )
  return { byId: (boardId, id) => byId.first({ boardId, id }), ofBoard: ofBoard.all, inOrder: inOrder.all }
}

const sectionWrites: Omit<SectionStore, keyof ReturnType<typeof sectionReads>> = {
  async count(tx, boardId) {
    const { count } = await tx
      .selectFrom('sections')
      .select((e) => e.fn.countAll<number>().as('count'))
      .where('board_id', '=', boardId)
      .executeTakeFirstOrThrow()
    return Number(count)
  },

  placesOf: (tx, boardId, ids) =>
    tx
      .selectFrom('sections')
      .select(['id', placeOf.as('place')])
      .where('board_id', '=', boardId)
      .where('name_key', 'is not', null)
      .where('id', 'in', ids)
      .execute(),

  orderOf: (tx, boardId) => placedIn(tx, 'sections', { column: 'board_id', value: boardId }),

  allOf: (tx, boardId) => tx.selectFrom('sections').selectAll().where('board_id', '=', boardId).execute(),

  async moveAll(tx, from, to) {
    await tx.updateTable('sections').set({ board_id: to }).where('board_id', '=', from).execute()
  },

  async exists(tx, boardId, id) {
    const query = tx.selectFrom('sections').select('id').where('id', '=', id).where('board_id', '=', boardId)
    return (await query.where('name_key', 'is not', null).executeTakeFirst()) !== undefined
  },

  async idByName(tx, boardId, nameKey) {
    const query = tx.selectFrom('sections').select('id').where('board_id', '=', boardId)
    return (await query.where('name_key', '=', nameKey).executeTakeFirst())?.id
  },

  insert: (tx, row) => insertNew(tx.insertInto('sections').values(row), ['board_id', 'name_key']),

  rename: (tx, id, name, nameKey) =>
    tx
      .updateTable('sections')
      .set({ name, name_key: nameKey })
      .where('id', '=', id)
      .where('name_key', 'is not', null)
      .returningAll()
      .executeTakeFirst(),

  async hide(tx, id) {
    const query = tx.updateTable('sections').set({ name_key: null }).where('id', '=', id)
    return (await query.where('name_key', 'is not', null).executeTakeFirst()).numUpdatedRows > 0n
  },

  async delete(tx, id) {
    await tx.deleteFrom('sections').where('id', '=', id).execute()
  },

  async deleteOfBoard(tx, boardId) {
    await tx.deleteFrom('sections').where('board_id', '=', boardId).execute()
  },
}

/** Returns the newest id of a section, or 0 when there is none. */
export async function newestSectionId(db: Database): Promise<number> {
  const row = await db.read
    .selectFrom('sections')
    .select(({ fn }) => fn.max<number | null>('id').as('id'))
    .executeTakeFirst()
  return row?.id ?? 0
}
