import type { Kysely } from 'kysely'
import { accountCounters, counters } from '../../../db/counters.ts'
import type { Database } from '../../../db/database.ts'
import { prepareBatch, within } from '../../../db/prepared.ts'
import type { Schema } from '../../../db/schema.ts'
import type { DayRange } from '../days.ts'
import {
  type AccountDayRow,
  added,
  each,
  idsOf,
  type OfPin,
  type PinBlockRow,
  type PinDayRow,
  pick,
  sums,
  type Tx,
} from './rows.ts'

/** Identifies a day of a Pin, on one kind of device. */
export type PinDayKey = Pick<PinDayRow, 'pin_id' | 'day' | 'app_type'>
/** The sums over several Pins on a day, on one kind of device. */
export type SumsOfDay = Omit<AccountDayRow, 'account_id' | 'slice'>

/** The counts of Pins (`pin_days`, `pin_blocks`), for writing. */
export interface PinCountsStore {
  /** Adds counts to days. */
  addDays(tx: Tx, rows: readonly PinDayRow[]): Promise<void>
  /** Adds counts to blocks, and returns the new blocks. */
  addBlocks(tx: Tx, rows: readonly PinBlockRow[]): Promise<PinBlockRow[]>
  /** Returns the days that have counts. */
  days(tx: Tx, keys: readonly PinDayKey[]): Promise<PinDayRow[]>
  /** Returns the sums over Pins, from `firstDay` on. The same day and app type may occur more than once. */
  sumsByDay(tx: Tx, pinIds: readonly number[], firstDay: number): Promise<SumsOfDay[]>
  /** Returns the blocks of Pins from block `first` on. */
  blocks(tx: Tx, pinIds: readonly number[], first: number): Promise<PinBlockRow[]>
  /** Removes all counts of Pins. */
  remove(tx: Tx, pinIds: readonly number[]): Promise<void>
  /** Returns at most `count` blocks from before `block` that are not summed up yet. */
  oldBlocks(tx: Tx, block: number, count: number): Promise<PinBlockRow[]>
  /** Removes a block and its days. */
  removeBlock(tx: Tx, row: PinBlockRow, days: DayRange): Promise<void>
}

/** Makes the store over `db`. */
export function pinCountsStore({ read, dialect }: Database): PinCountsStore {
  const addDays = dayAdder(read)
  const addBlocks = blockAdder(read)
  const days = daysByKey(read)
  const sumsByDay = daySums(read)
  const blocks = blocksFrom(read)
  const removals = (['pin_days', 'pin_blocks'] as const).map((table) =>
    prepareBatch((rows: readonly OfPin[]) => read.deleteFrom(table).where('pin_id', 'in', idsOf(rows))),
  )

  return {
    addDays: async (tx, rows) => {
      await addDays(within(tx), rows)
    },
    addBlocks: (tx, rows) => addBlocks(within(tx), rows),
    days: (tx, keys) => days(within(tx), keys),
    sumsByDay: (tx, pinIds, firstDay) => sumsByDay(within(tx), each(pinIds), { firstDay }),
    blocks: (tx, pinIds, first) => blocks(within(tx), each(pinIds), { first }),
    remove: async (tx, pinIds) => {
      for (const remove of removals) await remove(within(tx), each(pinIds))
    },
    oldBlocks: (tx, block, count) => {
      const query = tx.selectFrom('pin_blocks').selectAll().where('block', '>=', 0).where('block', '<', block)
      // Another server may do the same: each block is summed up once.
      return (dialect === 'postgres' ? query.forUpdate() : query).limit(count).execute()
    },
    removeBlock,
  }
}

const pinDayKey = ['pin_id', 'day', 'app_type'] as const

const dayAdder = (db: Kysely<Schema>) =>
  prepareBatch((rows: readonly PinDayRow[]) =>
    db
      .insertInto('pin_days')
      .values(rows.map((row) => pick(row, [...pinDayKey, ...counters])))
      .onConflict((c) => c.columns(pinDayKey).doUpdateSet(added('pin_days', counters))),
  )

const blockAdder = (db: Kysely<Schema>) =>
  prepareBatch((rows: readonly PinBlockRow[]) =>
    db
      .insertInto('pin_blocks')
      .values(rows.map((row) => ({ ...pick(row, ['pin_id', 'block', 'app_type', ...counters]), changes: 1 })))
      .onConflict((c) =>
        c.columns(['pin_id', 'block', 'app_type']).doUpdateSet(added('pin_blocks', ['changes', ...counters])),
      )
      .returningAll(),
  )

const daysByKey = (db: Kysely<Schema>) =>
  prepareBatch((keys: readonly PinDayKey[]) =>
    db
      .selectFrom('pin_days')
      .selectAll()
      .where((e) => e.or(keys.map((key) => e.and(pick(key, pinDayKey))))),
  )

const daySums = (db: Kysely<Schema>) =>
  prepareBatch((rows: readonly OfPin[], { firstDay }: { firstDay: number }) =>
    db
      .selectFrom('pin_days')
      .select(['day', 'app_type', ...sums(accountCounters)])
      .where('day', '>=', firstDay)
      .where('pin_id', 'in', idsOf(rows))
      .groupBy(['day', 'app_type'])
      .$castTo<SumsOfDay>(),
  )

const blocksFrom = (db: Kysely<Schema>) =>
  prepareBatch((rows: readonly OfPin[], { first }: { first: number }) =>
    db.selectFrom('pin_blocks').selectAll().where('block', '>=', first).where('pin_id', 'in', idsOf(rows)),
  )

async function removeBlock(tx: Tx, { pin_id, block, app_type }: PinBlockRow, days: DayRange): Promise<void> {
  await tx
    .deleteFrom('pin_days')
    .where('pin_id', '=', pin_id)
    .where('day', '>=', days.first)
    .where('day', '<=', days.last)
    .where('app_type', '=', app_type)
    .execute()
  await tx
    .deleteFrom('pin_blocks')
    .where((e) => e.and({ pin_id, block, app_type }))
    .execute()
}
