import type { Transaction } from 'kysely'
import type { Database } from '../../../db/database.ts'
import { insertNew } from '../../../db/insert-new.ts'
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

/** The SQL of sections. A section that is being removed has no `name_key`, and is not found. */
export interface SectionStore {
  /** Returns a section of a board. */
  byId(boardId: number, id: number): Promise<SectionRow | undefined>
  /** Returns sections of a board, newest first. */
  ofBoard(range: BoardSections): Promise<SectionRow[]>
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

function sectionReads(db: Database): Pick<SectionStore, 'byId' | 'ofBoard'> {
  const sections = db.read.selectFrom('sections').selectAll().where('name_key', 'is not', null)
  const byId = prepare(db, ({ boardId, id }: { boardId: number; id: number }) =>
    sections.where('id', '=', id).where('board_id', '=', boardId),
  )
  const ofBoard = prepare(db, ({ boardId, before, count }: BoardSections) =>
    sections.where('board_id', '=', boardId).where('id', '<', before).orderBy('id', 'desc').limit(count),
  )
  return { byId: (boardId, id) => byId.first({ boardId, id }), ofBoard: (range) => ofBoard.all(range) }
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
