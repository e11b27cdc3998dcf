import type { BoardPrivacy } from '@pinfold/contract'
import { sql, type Transaction } from 'kysely'
import type { Database } from '../../db/database.ts'
import { prepare } from '../../db/prepared.ts'
import type { Schema } from '../../db/schema.ts'

export type BoardRow = Schema['boards'] & { privacy: BoardPrivacy }
export type SectionRow = Schema['sections']
export type RemovalRow = Schema['removals']
type Tx = Transaction<Schema>

/** Boards of one owner and privacy with ids below `before`. */
interface OwnedRange {
  ownerId: number
  privacy: BoardPrivacy
  before: number
  count: number
}

/** The SQL of boards and sections. */
export function boardStore(db: Database) {
  const byId = prepare(db, ({ id }: { id: number }) =>
    db.read
      .selectFrom('boards')
      .selectAll()
      .where('id', '=', id)
      .where('privacy', '<>', sql.lit('REMOVED'))
      .$narrowType<BoardRow>(),
  )
  const ofOwner = prepare(db, ({ ownerId, privacy, before, count }: OwnedRange) =>
    db.read
      .selectFrom('boards')
      .selectAll()
      .$narrowType<BoardRow>()
      .where('owner_id', '=', ownerId)
      .where('privacy', '=', privacy)
      .where('id', '<', before)
      .orderBy('id', 'desc')
      .limit(count),
  )
  const sectionById = prepare(db, ({ boardId, id }: { boardId: number; id: number }) =>
    db.read
      .selectFrom('sections')
      .selectAll()
      .where('name_key', 'is not', null)
      .where('id', '=', id)
      .where('board_id', '=', boardId),
  )
  const sectionsOfBoard = prepare(
    db,
    ({ boardId, before, count }: { boardId: number; before: number; count: number }) =>
      db.read
        .selectFrom('sections')
        .selectAll()
        .where('name_key', 'is not', null)
        .where('board_id', '=', boardId)
        .where('id', '<', before)
        .orderBy('id', 'desc')
        .limit(count),
  )

  return {
    /** A board that is not being removed. */
    byId: (id: number) => byId.first({ id }),
    /** Boards of one privacy, newest first, with ids below `before`. */
    ofOwner: (ownerId: number, privacy: BoardPrivacy, before: number, count: number) =>
      ofOwner.all({ ownerId, privacy, before, count }),

    idByName: async (tx: Tx, ownerId: number, nameKey: string): Promise<number | undefined> => {
      const query = tx.selectFrom('boards').select('id').where('owner_id', '=', ownerId).where('name_key', '=', nameKey)
      return (await query.executeTakeFirst())?.id
    },

    /** Writes a new board; false if its owner has one of that name. */
    insert: async (tx: Tx, row: BoardRow): Promise<boolean> => {
      const written = await tx
        .insertInto('boards')
        .values(row)
        .onConflict((c) => c.columns(['owner_id', 'name_key']).doNothing())
        .returning('id')
        .executeTakeFirst()
      return written !== undefined
    },

    update: async (tx: Tx, id: number, change: Partial<BoardRow>): Promise<BoardRow | undefined> =>
      tx
        .updateTable('boards')
        .set(change)
        .where('id', '=', id)
        .where('privacy', '<>', 'REMOVED')
        .returningAll()
        .$narrowType<BoardRow>()
        .executeTakeFirst(),

    /** Adds to the count of Pins and notes the time; holds the board against other writers until the transaction ends. */
    countPins: (tx: Tx, id: number, count: number, now: number): Promise<BoardRow | undefined> =>
      tx
        .updateTable('boards')
        .set((e) => ({ pin_count: e('pin_count', '+', count), pins_modified_at: now }))
        .where('id', '=', id)
        .where('privacy', '<>', 'REMOVED')
        .returningAll()
        .$narrowType<BoardRow>()
        .executeTakeFirst(),

    /** Holds the board against other writers until the transaction ends; its privacy, or undefined if it is gone. */
    lock: async (tx: Tx, id: number): Promise<BoardPrivacy | undefined> => {
      const query = tx.updateTable('boards').set((e) => ({ pin_count: e.ref('pin_count') }))
      const held = query.where('id', '=', id).where('privacy', '<>', 'REMOVED').returning('privacy')
      return (await held.$narrowType<{ privacy: BoardPrivacy }>().executeTakeFirst())?.privacy
    },

    /** Makes the board invisible and frees its name; false if that was done before. */
    hide: async (tx: Tx, id: number): Promise<boolean> => {
      const query = tx.updateTable('boards').set({ privacy: 'REMOVED', name_key: null })
      const { numUpdatedRows } = await query.where('id', '=', id).where('privacy', '<>', 'REMOVED').executeTakeFirst()
      return numUpdatedRows > 0n
    },

    delete: async (tx: Tx, id: number): Promise<void> => {
      await tx.deleteFrom('sections').where('board_id', '=', id).execute()
      await tx.deleteFrom('boards').where('id', '=', id).execute()
    },

    section: (boardId: number, id: number) => sectionById.first({ boardId, id }),
    sections: (boardId: number, before: number, count: number) => sectionsOfBoard.all({ boardId, before, count }),
    countSections: async (tx: Tx, boardId: number): Promise<number> => {
      const { count } = await tx
        .selectFrom('sections')
        .select((e) => e.fn.countAll<number>().as('count'))
        .where('board_id', '=', boardId)
        .executeTakeFirstOrThrow()
      return Number(count)
    },
    sectionExists: async (tx: Tx, boardId: number, id: number): Promise<boolean> => {
      const query = tx.selectFrom('sections').select('id').where('id', '=', id).where('board_id', '=', boardId)
      return (await query.where('name_key', 'is not', null).executeTakeFirst()) !== undefined
    },
    sectionIdByName: async (tx: Tx, boardId: number, nameKey: string): Promise<number | undefined> => {
      const query = tx.selectFrom('sections').select('id').where('board_id', '=', boardId)
      return (await query.where('name_key', '=', nameKey).executeTakeFirst())?.id
    },
    insertSection: async (tx: Tx, row: SectionRow): Promise<boolean> => {
      const written = await tx
        .insertInto('sections')
        .values(row)
        .onConflict((c) => c.columns(['board_id', 'name_key']).doNothing())
        .returning('id')
        .executeTakeFirst()
      return written !== undefined
    },
    renameSection: (tx: Tx, id: number, name: string, nameKey: string): Promise<SectionRow | undefined> =>
      tx
        .updateTable('sections')
        .set({ name, name_key: nameKey })
        .where('id', '=', id)
        .where('name_key', 'is not', null)
        .returningAll()
        .executeTakeFirst(),
    hideSection: async (tx: Tx, id: number): Promise<boolean> => {
      const query = tx.updateTable('sections').set({ name_key: null }).where('id', '=', id)
      return (await query.where('name_key', 'is not', null).executeTakeFirst()).numUpdatedRows > 0n
    },
    deleteSection: async (tx: Tx, id: number): Promise<void> => {
      await tx.deleteFrom('sections').where('id', '=', id).execute()
    },

    noteRemoval: async (tx: Tx, row: RemovalRow): Promise<void> => {
      await tx.insertInto('removals').values(row).execute()
    },
    removalDone: async (tx: Tx, id: number): Promise<void> => {
      await tx.deleteFrom('removals').where('id', '=', id).execute()
    },
    removals: (): Promise<RemovalRow[]> => db.read.selectFrom('removals').selectAll().limit(1000).execute(),
  }
}
