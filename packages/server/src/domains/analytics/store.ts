import { type RawBuilder, sql, type Transaction } from 'kysely'
import type { Database } from '../../db/database.ts'
import { prepare, prepareBatch, within } from '../../db/prepared.ts'
import type { Counts, Schema } from '../../db/schema.ts'
import type { DayRange } from './days.ts'
import { accountCounters, type Counter, counters } from './metrics.ts'
import type { SlicedPin } from './slices.ts'

type Tx = Transaction<Schema>
export type PinDayRow = Schema['pin_days']
export type PinBlockRow = Schema['pin_blocks']
export type AccountDayRow = Schema['account_days']
export type TopPinRow = Schema['top_pins']

/** A Pin as far as counting needs it. */
export interface CountedPin extends SlicedPin {
  id: number
  owner_id: number
  privacy: Schema['pins']['privacy']
}

/** Days or blocks, and app types, each from the first to the last. */
export interface Window {
  first: number
  last: number
  firstApp: number
  lastApp: number
}

/** What is read of days: as many of the counts as were asked for. */
export type DaySums = { day: number } & Partial<Counts>
export type PinSums = { pin_id: number } & Partial<Counts>

/** One of the lists in which an account's Pins stand by how much they have of a metric. */
export type TopList = Omit<TopPinRow, 'bucket' | 'pin_id'>

/** The columns of a row by these names. */
function pick<Row, Name extends keyof Row>(row: Row, names: readonly Name[]): Pick<Row, Name> {
  const picked = {} as Pick<Row, Name>
  for (const name of names) picked[name] = row[name]
  return picked
}

const pinDayKey = ['pin_id', 'day', 'app_type'] as const
const topPinColumns = ['account_id', 'slice', 'metric', 'app_type', 'block', 'bucket', 'pin_id'] as const

/** One row of many, by the id of its Pin. */
interface OfPin {
  pin_id: number
}

const idsOf = (rows: readonly OfPin[]): number[] => rows.map(({ pin_id }) => pin_id)

/** Each column with what is to be added to it. */
const added = (table: string, columns: readonly (Counter | 'changes')[]): Record<string, RawBuilder<number>> =>
  Object.fromEntries(
    columns.map((name) => [name, sql<number>`${sql.ref(`${table}.${name}`)} + ${sql.ref(`excluded.${name}`)}`]),
  )

/** The sum of each column, as a number: PostgreSQL sums up to a type that is read as text. */
const sums = (columns: readonly Counter[]) =>
  columns.map((name) => sql<number>`cast(sum(${sql.ref(name)}) as bigint)`.as(name))

/** A query for each set of columns that is asked for, made once. */
function byColumns<T>(make: (columns: readonly Counter[]) => T): (columns: readonly Counter[]) => T {
  const made = new Map<string, T>()
  return (columns) => {
    const key = columns.join()
    const known = made.get(key) ?? make(columns)
    made.set(key, known)
    return known
  }
}

/** The SQL of analytics: rows that counts are added to, and sums over them. */
export function analyticsStore(db: Database) {
  const { read } = db

  const addPinDays = prepareBatch((rows: readonly PinDayRow[]) =>
    read
      .insertInto('pin_days')
      .values(rows.map((row) => pick(row, [...pinDayKey, ...counters])))
      .onConflict((c) => c.columns(['pin_id', 'day', 'app_type']).doUpdateSet(added('pin_days', counters))),
  )
  const addPinBlocks = prepareBatch((rows: readonly PinBlockRow[]) =>
    read
      .insertInto('pin_blocks')
      .values(rows.map((row) => ({ ...pick(row, ['pin_id', 'block', 'app_type', ...counters]), changes: 1 })))
      .onConflict((c) =>
        c.columns(['pin_id', 'block', 'app_type']).doUpdateSet(added('pin_blocks', ['changes', ...counters])),
      )
      .returningAll(),
  )
  const addAccountDays = prepareBatch((rows: readonly AccountDayRow[]) =>
    read
      .insertInto('account_days')
      .values(rows.map((row) => pick(row, ['account_id', 'slice', 'day', 'app_type', ...accountCounters])))
      .onConflict((c) =>
        c.columns(['account_id', 'slice', 'day', 'app_type']).doUpdateSet(added('account_days', accountCounters)),
      ),
  )
  const addTopPins = prepareBatch((rows: readonly TopPinRow[]) =>
    read.insertInto('top_pins').values(rows.map((row) => pick(row, topPinColumns))),
  )
  const removeTopPins = prepareBatch((rows: readonly TopPinRow[]) =>
    read.deleteFrom('top_pins').where((e) => e.or(rows.map((row) => e.and(pick(row, topPinColumns))))),
  )

  const pins = prepareBatch((rows: readonly OfPin[]) => {
    const query = read
      .selectFrom('pins')
      .select(['id', 'owner_id', 'privacy', 'creative_type', 'is_claimed'])
      .where('id', 'in', idsOf(rows))
      .orderBy('id')
    // Whoever changes or removes the Pin waits until it is counted; on SQLite one writes at a time anyway.
    return db.dialect === 'postgres' ? query.forShare() : query
  })

  const keysIn = (table: 0 | 1) => ({
    add: prepareBatch((rows: readonly { key: number }[]) =>
      read
        .insertInto(`event_keys_${table}`)
        .values(rows.map(({ key }) => ({ key })))
        .onConflict((c) => c.doNothing())
        .returning('key'),
    ),
    known: prepareBatch((rows: readonly { key: number }[]) =>
      read
        .selectFrom(`event_keys_${table}`)
        .select('key')
        .where(
          'key',
          'in',
          rows.map(({ key }) => key),
        ),
    ),
  })
  const keys = { 0: keysIn(0), 1: keysIn(1) }

  const pinDay = prepareBatch((rows: readonly Pick<PinDayRow, 'pin_id' | 'day' | 'app_type'>[]) =>
    read
      .selectFrom('pin_days')
      .selectAll()
      .where((e) => e.or(rows.map((row) => e.and(pick(row, pinDayKey))))),
  )
  const sumsByDay = prepareBatch((rows: readonly OfPin[], { firstDay }: { firstDay: number }) =>
    read
      .selectFrom('pin_days')
      .select(['day', 'app_type', ...sums(accountCounters)])
      .where('day', '>=', firstDay)
      .where('pin_id', 'in', idsOf(rows))
      .groupBy(['day', 'app_type'])
      .$castTo<Omit<AccountDayRow, 'account_id' | 'slice'>>(),
  )
  const blocksOf = prepareBatch((rows: readonly OfPin[], { first }: { first: number }) =>
    read.selectFrom('pin_blocks').selectAll().where('block', '>=', first).where('pin_id', 'in', idsOf(rows)),
  )
  const removeOfPins = (['pin_days', 'pin_blocks'] as const).map((table) =>
    prepareBatch((rows: readonly OfPin[]) => read.deleteFrom(table).where('pin_id', 'in', idsOf(rows))),
  )

  const pinSums = (keys: readonly ('pin_id' | 'day')[]) =>
    byColumns((columns) =>
      prepareBatch((rows: readonly OfPin[], { first, last, firstApp, lastApp }: Window) =>
        read
          .selectFrom('pin_days')
          .select([...keys, ...sums(columns)])
          .where('day', '>=', first)
          .where('day', '<=', last)
          .where('app_type', '>=', firstApp)
          .where('app_type', '<=', lastApp)
          .where('pin_id', 'in', idsOf(rows))
          .groupBy(keys)
          .$castTo<DaySums & PinSums>(),
      ),
    )
  const byDay = pinSums(['pin_id', 'day'])
  const overDays = pinSums(['pin_id'])
  const overBlocks = byColumns((columns) =>
    prepareBatch((rows: readonly OfPin[], { first, last, firstApp, lastApp }: Window) =>
      read
        .selectFrom('pin_blocks')
        .select(['pin_id', ...sums(columns)])
        .where('block', '>=', first)
        .where('block', '<=', last)
        .where('app_type', '>=', firstApp)
        .where('app_type', '<=', lastApp)
        .where('pin_id', 'in', idsOf(rows))
        .groupBy('pin_id')
        .$castTo<PinSums>(),
    ),
  )

  const accountDays = prepare(
    db,
    ({ accountId, slice, first, last, firstApp, lastApp }: { accountId: number; slice: number } & Window) =>
      read
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

  const changesOf = prepare(db, ({ pinId, first, last }: { pinId: number } & DayRange) =>
    read
      .selectFrom('pin_blocks')
      .select(sql<number | null>`cast(sum(changes) as bigint)`.as('changes'))
      .where('pin_id', '=', pinId)
      .where('block', '>=', first)
      .where('block', '<=', last),
  )
  const topPins = prepare(
    db,
    ({ account_id, slice, metric, app_type, block, bucket, pin_id, count }: TopPinRow & { count: number }) =>
      read
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

  const each = (ids: readonly number[]): OfPin[] => ids.map((pin_id) => ({ pin_id }))
  const keyRows = (given: readonly number[]) => given.map((key) => ({ key }))

  return {
    /** Adds counts to days of Pins. */
    addPinDays: (tx: Tx, rows: readonly PinDayRow[]) => addPinDays(within(tx), rows),
    /** Adds counts to blocks of Pins; what they are then. */
    addPinBlocks: (tx: Tx, rows: readonly PinBlockRow[]): Promise<PinBlockRow[]> => addPinBlocks(within(tx), rows),
    addAccountDays: (tx: Tx, rows: readonly AccountDayRow[]) => addAccountDays(within(tx), rows),
    addTopPins: (tx: Tx, rows: readonly TopPinRow[]) => addTopPins(within(tx), rows),
    removeTopPins: (tx: Tx, rows: readonly TopPinRow[]) => removeTopPins(within(tx), rows),
    /** Those of the Pins that exist. They stay as they are until the transaction ends. */
    pins: (tx: Tx, ids: readonly number[]): Promise<CountedPin[]> => pins(within(tx), each(ids)),

    /** Notes keys in one of the tables; those that were not in it. */
    addKeys: async (tx: Tx, table: 0 | 1, given: readonly number[]): Promise<number[]> =>
      (await keys[table].add(within(tx), keyRows(given))).map(({ key }) => key),
    /** Those of the keys that are in one of the tables. */
    knownKeys: async (tx: Tx, table: 0 | 1, given: readonly number[]): Promise<number[]> =>
      (await keys[table].known(within(tx), keyRows(given))).map(({ key }) => key),
    clearKeys: async (tx: Tx, table: 0 | 1): Promise<void> => {
      await tx.deleteFrom(`event_keys_${table}`).execute()
    },
    /** The rows of days that are there, by Pin, day and app type. */
    pinDays: (tx: Tx, rows: readonly Pick<PinDayRow, 'pin_id' | 'day' | 'app_type'>[]): Promise<PinDayRow[]> =>
      pinDay(within(tx), rows),
    /** What Pins have together, by day and app type, from `firstDay` on. The same day may come more than once. */
    sumsByDay: (tx: Tx, pinIds: readonly number[], firstDay: number) =>
      sumsByDay(within(tx), each(pinIds), { firstDay }),
    /** The blocks of Pins from `first` on. */
    blocksOf: (tx: Tx, ids: readonly number[], first: number): Promise<PinBlockRow[]> =>
      blocksOf(within(tx), each(ids), { first }),
    /** Removes everything that was counted of Pins, but for the lists of top Pins. */
    removePins: async (tx: Tx, ids: readonly number[]): Promise<void> => {
      for (const remove of removeOfPins) await remove(within(tx), each(ids))
    },

    /** A number that stays the same only as long as a Pin's counts in a range of blocks do. */
    changesOf: async (pinId: number, { first, last }: DayRange): Promise<number> =>
      (await changesOf.first({ pinId, first, last }))?.changes ?? 0,
    /** The days of Pins, those that have counts. */
    daysOfPins: (ids: readonly number[], window: Window, columns: readonly Counter[]): Promise<(DaySums & PinSums)[]> =>
      byDay(columns)(db.run, each(ids), window),
    /** What each Pin has over days. */
    overDays: (ids: readonly number[], window: Window, columns: readonly Counter[]): Promise<PinSums[]> =>
      overDays(columns)(db.run, each(ids), window),
    /** What each Pin has over blocks. */
    overBlocks: (ids: readonly number[], window: Window, columns: readonly Counter[]): Promise<PinSums[]> =>
      overBlocks(columns)(db.run, each(ids), window),

    /** An account's days in a union of slices, those that have counts. */
    accountDays: (accountId: number, slice: number, window: Window): Promise<DaySums[]> =>
      accountDays.all({ accountId, slice, ...window }),

    /** The next Pins of a list, those with the most first, after the one at `after`. */
    topPins: (list: TopList, after: { bucket: number; pin_id: number }, count: number) =>
      topPins.all({ ...list, ...after, count }),

    /** Blocks from before `block`, but for those that are summed up already. */
    oldBlocks: (tx: Tx, block: number, count: number): Promise<PinBlockRow[]> => {
      const query = tx.selectFrom('pin_blocks').selectAll().where('block', '>=', 0).where('block', '<', block)
      // Another server may be at the same: each block is summed up once.
      return (db.dialect === 'postgres' ? query.forUpdate() : query).limit(count).execute()
    },
    removeBlock: async (tx: Tx, { pin_id, block, app_type }: PinBlockRow, days: DayRange): Promise<void> => {
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
    },
    /** Removes some of what stands before `day` of accounts; false when there is no more. */
    removeAccountDays: async (tx: Tx, day: number, count: number): Promise<boolean> => {
      const old = tx.selectFrom('account_days').select('account_id').where('day', '<', day).limit(count)
      const ids = [...new Set((await old.execute()).map((row) => row.account_id))]
      if (ids.length === 0) return false
      await tx.deleteFrom('account_days').where('account_id', 'in', ids).where('day', '<', day).execute()
      return true
    },
    /** Accounts with ids from `first` on, in their order. */
    accountIds: async (tx: Tx, first: number, count: number): Promise<number[]> => {
      const query = tx.selectFrom('accounts').select('id').where('id', '>=', first).orderBy('id').limit(count)
      return (await query.execute()).map(({ id }) => id)
    },
    /** Removes a list of top Pins in every block before `block`. */
    removeOldTopPins: async (tx: Tx, list: Omit<TopList, 'block'>, block: number): Promise<void> => {
      await tx
        .deleteFrom('top_pins')
        .where((e) => e.and({ ...list }))
        .where('block', '<', block)
        .execute()
    },
    /** A number that is kept under a name; undefined if there is none. */
    note: async (tx: Tx, key: NoteKey): Promise<number | undefined> => {
      const row = await tx.selectFrom('meta').select('value').where('key', '=', key).executeTakeFirst()
      return row && Number(row.value)
    },
    setNote: async (tx: Tx, key: NoteKey, value: number): Promise<void> => {
      await tx
        .insertInto('meta')
        .values({ key, value: String(value) })
        .onConflict((c) => c.column('key').doUpdateSet({ value: String(value) }))
        .execute()
    },
  }
}

/** The period whose event keys are being noted; the first block that top Pins are kept for. */
type NoteKey = 'event_keys_period' | 'top_pins_first_block'
