import type { BoardPrivacy, CreativeType } from '@pinfold/contract'
import type { Transaction } from 'kysely'
import { type Database, prepare } from '../../db/database.ts'
import type { Schema } from '../../db/schema.ts'

export type PinRow = Schema['pins']
/** What a list needs of a Pin. */
export type ListedPin = Pick<PinRow, 'id' | 'owner_id' | 'rendered'>
/** What reading one Pin needs of it. */
export type ReadPin = ListedPin & Pick<PinRow, 'privacy'>
type Tx = Transaction<Schema>

/** One range of the index over an account's Pins. */
export interface OwnerRange {
  ownerId: number
  privacy: BoardPrivacy
  isRepin: boolean
  /** Undefined: of every kind. */
  creativeType?: CreativeType
}

/** The SQL of Pins. Lists give the newest first, from ids below `before`. */
export function pinStore(db: Database) {
  const pins = db.read.selectFrom('pins')
  const listed = pins.select(['id', 'owner_id', 'rendered']).where('id', '<', 0).orderBy('id', 'desc').limit(1)
  const read = prepare<ReadPin>(db, pins.select(['id', 'owner_id', 'rendered', 'privacy']).where('id', '=', 0))
  const byId = prepare<PinRow>(db, pins.selectAll().where('id', '=', 0))
  const ofBoard = prepare<ListedPin>(db, listed.where('board_id', '=', 0))
  const ofBoardByType = prepare<ListedPin>(db, listed.where('board_id', '=', 0).where('creative_type', '=', 'REGULAR'))
  const ofSection = prepare<ListedPin>(db, listed.where('section_id', '=', 0))
  const ofOwnerAll = listed.where('owner_id', '=', 0).where('privacy', '=', 'PUBLIC').where('is_repin', '=', 0)
  const ofOwner = prepare<ListedPin>(db, ofOwnerAll)
  const ofOwnerByType = prepare<ListedPin>(db, ofOwnerAll.where('creative_type', '=', 'REGULAR'))

  return {
    read: (id: number) => read.first(id),
    byId: (id: number) => byId.first(id),
    ofBoard: (boardId: number, before: number, count: number) => ofBoard.all(before, boardId, count),
    ofBoardByType: (boardId: number, type: CreativeType, before: number, count: number) =>
      ofBoardByType.all(before, boardId, type, count),
    ofSection: (sectionId: number, before: number, count: number) => ofSection.all(before, sectionId, count),
    ofOwner: ({ ownerId, privacy, isRepin, creativeType }: OwnerRange, before: number, count: number) => {
      const range = [before, ownerId, privacy, isRepin ? 1 : 0]
      return creativeType ? ofOwnerByType.all(...range, creativeType, count) : ofOwner.all(...range, count)
    },

    lock: (tx: Tx, id: number): Promise<PinRow | undefined> =>
      tx
        .updateTable('pins')
        .set((e) => ({ is_standard: e.ref('is_standard') }))
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirst(),
    insert: async (tx: Tx, row: PinRow): Promise<void> => {
      await tx.insertInto('pins').values(row).execute()
    },
    update: async (tx: Tx, id: number, change: Partial<PinRow>): Promise<void> => {
      await tx.updateTable('pins').set(change).where('id', '=', id).execute()
    },
    /** Deletes Pins; those that were there. */
    delete: (tx: Tx, ids: readonly number[]) =>
      tx
        .deleteFrom('pins')
        .where('id', 'in', ids)
        .returning(['id', 'owner_id', 'board_id', 'picture_key', 'video_id', 'carousel'])
        .returning(['privacy', 'creative_type', 'is_claimed'])
        .execute(),

    setPrivacy: async (tx: Tx, boardId: number, privacy: BoardPrivacy): Promise<void> => {
      await tx.updateTable('pins').set({ privacy }).where('board_id', '=', boardId).execute()
    },

    /** The newest pictures on a board. */
    newestPictures: async (tx: Tx, boardId: number, count: number): Promise<string[]> => {
      const query = tx.selectFrom('pins').select('picture_key').where('board_id', '=', boardId)
      const rows = await query.orderBy('id', 'desc').limit(count).execute()
      return rows.map((row) => row.picture_key)
    },

    someOf: (tx: Tx, column: 'board_id' | 'section_id', id: number, count: number) =>
      tx.selectFrom('pins').select('id').where(column, '=', id).orderBy('id', 'desc').limit(count).execute(),
  }
}
