import type { Kysely } from 'kysely'
import { accountCounters } from '../../../db/counters.ts'
import type { Database } from '../../../db/database.ts'
import { prepare, prepareBatch, within } from '../../../db/prepared.ts'
import type { Schema } from '../../../db/schema.ts'
import { type AccountDayRow, added, type DaySums, pick, sums, type Tx, type Window } from './rows.ts'

/** Sums over an account's Pins, by day (`account_days`). */
export interface AccountDaysStore {
  /** Adds counts to days. */
  add(tx: Tx, rows: readonly AccountDayRow[]): Promise<void>
  /** Returns the days with counts of an account in a union of slices. */
  days(accountId: number, slice: number, window: Window): Promise<DaySums[]>
  /** Removes some of the rows before `day`, of at most `count` accounts. Returns false when none is left. */
  removeBefore(tx: Tx, day: number, count: number): Promise<boolean>
}

const key = ['account_id', 'slice', 'day', 'app_type'] as const

/** Makes the store over `db`. */
export function accountDaysStore(db: Database): AccountDaysStore {
  const add = dayAdder(db.read)
  const days = prepare(
    db,
    ({ accountId, slice, first, last, firstApp, lastApp }: { accountId: number; slice: number } & Window) =>
      db.read
        .selectFrom('account_days')
        .select(['day', ...sums(accountCounters)])
        .where('account_id', '=', accountId)
        .where('slice', '=', slice)
        .where('day', '>=', first)
        .where('day', '<=', last)
        .where('app_type', '>=', firstApp)
        .where('app_type', '<=', lastApp)
        .groupBy('day')
        .$castTo<DaySums>(),
  )

  return {
    add: async (tx, rows) => {
      await add(within(tx), rows)
    },
    days: (accountId, slice, window) => days.all({ accountId, slice, ...window }),
    removeBefore,
  }
}

const dayAdder = (db: Kysely<Schema>) =>
  prepareBatch((rows: readonly AccountDayRow[]) =>
    db
      .insertInto('account_days')
      .values(rows.map((row) => pick(row, [...key, ...accountCounters])))
      .onConflict((c) => c.columns(key).doUpdateSet(added('account_days', accountCounters))),
  )

async function removeBefore(tx: Tx, day: number, count: number): Promise<boolean> {
  const old = tx.selectFrom('account_days').select('account_id').where('day', '<', day).limit(count)
  const ids = [...new Set((await old.execute()).map((row) => row.account_id))]
  if (ids.length === 0) return false
  await tx.deleteFrom('account_days').where('account_id', 'in', ids).where('day', '<', day).execute()
  return true
}
