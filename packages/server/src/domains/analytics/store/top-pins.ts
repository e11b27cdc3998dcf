import { sql } from 'kysely'
import type { Database } from '../../../db/database.ts'
import { prepare, prepareBatch, within } from '../../../db/prepared.ts'
import { pick, type TopPinRow, type Tx } from './rows.ts'

/** One of the lists of an account's Pins, ordered by a metric. */
export type TopList = Omit<TopPinRow, 'bucket' | 'pin_id'>

/** A place in a list. */
export type TopPlace = Pick<TopPinRow, 'bucket' | 'pin_id'>

/** The order in which to look for an account's top Pins (`top_pins`). */
export interface TopPinsStore {
  /** Adds Pins to lists. */
  add(tx: Tx, rows: readonly TopPinRow[]): Promise<void>
  /** Removes Pins from lists. */
  remove(tx: Tx, rows: readonly TopPinRow[]): Promise<void>
  /** Returns the next `count` Pins of a list, best first, after the place `after`. */
  next(list: TopList, after: TopPlace, count: number): Promise<TopPlace[]>
  /** Returns whether there is any list. */
  any(tx: Tx): Promise<boolean>
  /** Removes a list in every block before `block`. */
  removeBefore(tx: Tx, list: Omit<TopList, 'block'>, block: number): Promise<void>
}

const columns = ['account_id', 'slice', 'metric', 'app_type', 'block', 'bucket', 'pin_id'] as const

/** Makes the store over `db`. */
export function topPinsStore(db: Database): TopPinsStore {
  const add = prepareBatch((rows: readonly TopPinRow[]) =>
    db.read.insertInto('top_pins').values(rows.map((row) => pick(row, columns))),
  )
  const remove = prepareBatch((rows: readonly TopPinRow[]) =>
    db.read.deleteFrom('top_pins').where((e) => e.or(rows.map((row) => e.and(pick(row, columns))))),
  )
  const next = nextOf(db)

  return {
    add: async (tx, rows) => {
      await add(within(tx), rows)
    },
    remove: async (tx, rows) => {
      await remove(within(tx), rows)
    },
    next: (list, after, count) => next.all({ ...list, ...after, count }),
    any: async (tx) => (await tx.selectFrom('top_pins').select('block').limit(1).execute()).length > 0,
    removeBefore: async (tx, list, block) => {
      await tx
        .deleteFrom('top_pins')
        .where((e) => e.and({ ...list }))
        .where('block', '<', block)
        .execute()
    },
  }
}

const nextOf = (db: Database) =>
  prepare(db, ({ account_id, slice, metric, app_type, block, bucket, pin_id, count }: TopPinRow & { count: number }) =>
    db.read
      .selectFrom('top_pins')
      .select(['bucket', 'pin_id'])
      .where('account_id', '=', account_id)
      .where('slice', '=', slice)
      .where('metric', '=', metric)
      .where('app_type', '=', app_type)
      .where('block', '=', block)
      .where(sql<boolean>`(bucket, pin_id) < (${bucket}, ${pin_id})`)
      .orderBy('bucket', 'desc')
      .orderBy('pin_id', 'desc')
      .limit(count),
  )
