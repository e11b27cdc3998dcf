import type { BoardPrivacy, CreativeType } from '@pinfold/contract'
import type { Transaction } from 'kysely'
import type { Database } from '../../db/database.ts'
import { prepare, prepareBatch, within } from '../../db/prepared.ts'
import type { Schema } from '../../db/schema.ts'
import type { CountedPin } from '../analytics/counted-pins.ts'

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

/** The columns of an owner's range. */
interface OwnedPins {
  ownerId: number
  privacy: BoardPrivacy
  isRepin: number
}

/** The newest of a list: at most `count` with ids below `before`. */
interface Newest {
  before: number
  count: number
}

/** The SQL of Pins. Lists give the newest first, from ids below `before`. */
export function pinStore(db: Database) {
  const pins = db.read.selectFrom('pins')
  const listed = ({ before, count }: Newest) =>
    pins.select(['id', 'owner_id', 'rendered']).where('id', '<', before).orderBy('id', 'desc').limit(count)
  const owned = ({ ownerId, privacy, isRepin, ...newest }: OwnedPins & Newest) =>
    listed(newest).where('owner_id', '=', ownerId).where('privacy', '=', privacy).where('is_repin', '=', isRepin)

  const read = prepare(db, ({ id }: { id: number }) =>
    pins.select(['id', 'owner_id', 'rendered', 'privacy']).where('id', '=', id),
  )
  const byId = prepare(db, ({ id }: { id: number }) => pins.selectAll().where('id', '=', id))
  const ofBoard = prepare(db, ({ boardId, before, count }: { boardId: number } & Newest) =>
    listed({ before, count }).where('board_id', '=', boardId),
  )
  const ofBoardByType = prepare(
    db,
    ({ boardId, type, before, count }: { boardId: number; type: CreativeType } & Newest) =>
      listed({ before, count }).where('board_id', '=', boardId).where('creative_type', '=', type),
  )
  const ofSection = prepare(db, ({ sectionId, before, count }: { sectionId: number } & Newest) =>
    listed({ before, count }).where('section_id', '=', sectionId),
  )
  const ofOwner = prepare(db, ({ ownerId, privacy, isRepin, before, count }: OwnedPins & Newest) =>
    owned({ ownerId, privacy, isRepin, before, count }),
  )
  const ofOwnerByType = prepare(
    db,
    ({ ownerId, privacy, isRepin, type, before, count }: OwnedPins & { type: CreativeType } & Newest) =>
      owned({ ownerId, privacy, isRepin, before, count }).where('creative_type', '=', type),
  )

  const counted = prepareBatch((rows: readonly { id: number }[]) => {
    const ids = rows.map(({ id }) => id)
    const query = pins
      .select(['id', 'owner_id', 'privacy', 'creative_type', 'is_claimed'])
      .where('id', 'in', ids)
      .orderBy('id')
    // Whoever changes or removes the Pin waits until it is counted; on SQLite one writes at a time anyway.
    return db.dialect === 'postgres' ? query.forShare() : query
  })

  return {
    read: (id: number) => read.first({ id }),
    byId: (id: number) => byId.first({ id }),
    ofBoard: (boardId: number, before: number, count: number) => ofBoard.all({ boardId, before, count }),
    ofBoardByType: (boardId: number, type: CreativeType, before: number, count: number) =>
      ofBoardByType.all({ boardId, type, before, count }),
    ofSection: (sectionId: number, before: number, count: number) => ofSection.all({ sectionId, before, count }),
    ofOwner: ({ ownerId, privacy, isRepin, creativeType }: OwnerRange, before: number, count: number) => {
      const range = { ownerId, privacy, isRepin: isRepin ? 1 : 0, before, count }
      return creativeType ? ofOwnerByType.all({ ...range, type: creativeType }) : ofOwner.all(range)
    },

    /** Returns those of the Pins that exist, in the order of their ids. They stay as they are until `tx` ends. */
    counted: (tx: Tx, ids: readonly number[]): Promise<CountedPin[]> =>
      counted(
        within(tx),
        ids.toSorted((a, b) => a - b).map((id) => ({ id })),
      ),

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
