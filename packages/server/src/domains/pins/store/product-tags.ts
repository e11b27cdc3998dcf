import type { Transaction } from 'kysely'
import type { Database } from '../../../db/database.ts'
import type { Schema } from '../../../db/schema.ts'

type Tx = Transaction<Schema>
type TagRow = Schema['product_tags']

/** The SQL of product tags. */
export interface ProductTagStore {
  /** Returns the tags of Pins, in the order in which they were made. */
  of(pinIds: readonly number[]): Promise<TagRow[]>
  /** Returns the tags of a Pin as a transaction sees them, in the same order. */
  ofPin(tx: Tx, pinId: number): Promise<TagRow[]>
  /** Writes tags that are not there. */
  insert(tx: Tx, rows: readonly TagRow[]): Promise<void>
  /** Removes tags of a Pin; those that are not there are passed over. */
  remove(tx: Tx, pinId: number, taggedIds: readonly number[]): Promise<void>
  /** Removes every tag of Pins. */
  removeOf(tx: Tx, pinIds: readonly number[]): Promise<void>
  /** Removes every tag that names one of the Pins. */
  untag(tx: Tx, pinIds: readonly number[]): Promise<void>
  /** Removes every tag that names a Pin on a board. */
  untagBoard(tx: Tx, boardId: number): Promise<void>
}

/** Makes the store over `db`. */
export function productTagStore(db: Database): ProductTagStore {
  return {
    of: (pinIds) =>
      db.read.selectFrom('product_tags').selectAll().where('pin_id', 'in', pinIds).orderBy('id').execute(),

    ofPin: (tx, pinId) => tx.selectFrom('product_tags').selectAll().where('pin_id', '=', pinId).orderBy('id').execute(),

    async insert(tx, rows) {
      await tx.insertInto('product_tags').values(rows).execute()
    },

    async remove(tx, pinId, taggedIds) {
      await tx.deleteFrom('product_tags').where('pin_id', '=', pinId).where('tagged_id', 'in', taggedIds).execute()
    },

    async removeOf(tx, pinIds) {
      await tx.deleteFrom('product_tags').where('pin_id', 'in', pinIds).execute()
    },

    async untag(tx, pinIds) {
      await tx.deleteFrom('product_tags').where('tagged_id', 'in', pinIds).execute()
    },

    async untagBoard(tx, boardId) {
      const onBoard = tx.selectFrom('pins').select('id').where('board_id', '=', boardId)
      await tx.deleteFrom('product_tags').where('tagged_id', 'in', onBoard).execute()
    },
  }
}
