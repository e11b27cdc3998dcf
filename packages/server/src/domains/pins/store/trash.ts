import type { Transaction } from 'kysely'
import type { Database } from '../../../db/database.ts'
import type { Schema } from '../../../db/schema.ts'

type Tx = Transaction<Schema>
export type TrashRow = Schema['trashed_pins']

/** Which rows to take out: those of a Pin, or some of many. */
type Wanted = { ownerId: number; pinId: number } | { ids: readonly number[] }

/** The SQL of the trash. */
export interface TrashStore {
  /** Returns what is in the trash of an account, newest first. */
  ofOwner(range: { ownerId: number; before: number; count: number }): Promise<TrashRow[]>
  /** Returns a Pin in the trash of an account. */
  find(ownerId: number, pinId: number): Promise<TrashRow | undefined>
  /** Returns the ids of rows of an account, at most `count`, but for its newest `kept`. */
  beyond(tx: Tx, ownerId: number, kept: number, count: number): Promise<number[]>
  /** Returns the ids of rows that were trashed before a time, at most `count`. */
  before(tx: Tx, time: number, count: number): Promise<number[]>
  insert(tx: Tx, row: TrashRow): Promise<void>
  /** Takes rows out. Returns those that were there. */
  take(tx: Tx, wanted: Wanted): Promise<TrashRow[]>
}

/** Makes the store over `db`. */
export function trashStore(db: Database): TrashStore {
  const rows = db.read.selectFrom('trashed_pins').selectAll()
  return {
    ofOwner: ({ ownerId, before, count }) =>
      rows.where('owner_id', '=', ownerId).where('id', '<', before).orderBy('id', 'desc').limit(count).execute(),

    find: (ownerId, pinId) => rows.where('owner_id', '=', ownerId).where('pin_id', '=', pinId).executeTakeFirst(),

    async beyond(tx, ownerId, kept, count) {
      const query = tx.selectFrom('trashed_pins').select('id').where('owner_id', '=', ownerId)
      const found = await query.orderBy('id', 'desc').offset(kept).limit(count).execute()
      return found.map(({ id }) => id)
    },

    async before(tx, time, count) {
      const query = tx.selectFrom('trashed_pins').select('id').where('trashed_at', '<', time)
      const found = await query.orderBy('trashed_at').limit(count).execute()
      return found.map(({ id }) => id)
    },

    async insert(tx, row) {
      await tx.insertInto('trashed_pins').values(row).execute()
    },

    async take(tx, wanted) {
      if ('ids' in wanted && wanted.ids.length === 0) return []
      const query = tx.deleteFrom('trashed_pins').returningAll()
      if ('ids' in wanted) return query.where('id', 'in', wanted.ids).execute()
      return query.where('owner_id', '=', wanted.ownerId).where('pin_id', '=', wanted.pinId).execute()
    },
  }
}
