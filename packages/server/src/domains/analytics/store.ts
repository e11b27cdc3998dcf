import { type RawBuilder, sql, type Transaction } from 'kysely'
import { type Database, prepare, prepareBatch, within } from '../../db/database.ts'
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

const none = Object.fromEntries(counters.map((counter) => [counter, 0])) as unknown as Counts
const noneOfAccount = { impressions: 0, saves: 0, pin_clicks: 0, outbound_clicks: 0 }

const times = <T>(count: number, row: T): T[] => Array.from({ length: count }, () => row)

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

  const addPinDays = prepareBatch((count) =>
    read
      .insertInto('pin_days')
      .values(times(count, { pin_id: 0, day: 0, app_type: 0, ...none }))
      .onConflict((c) => c.columns(['pin_id', 'day', 'app_type']).doUpdateSet(added('pin_days', counters))),
  )
  const addPinBlocks = prepareBatch((count) =>
    read
      .insertInto('pin_blocks')
      .values(times(count, { pin_id: 0, block: 0, app_type: 0, changes: 1, ...none }))
      .onConflict((c) =>
        c.columns(['pin_id', 'block', 'app_type']).doUpdateSet(added('pin_blocks', ['changes', ...counters])),
      )
      .returningAll(),
  )
  const addAccountDays = prepareBatch((count) =>
    read
      .insertInto('account_days')
      .values(times(count, { account_id: 0, slice: 0, day: 0, app_type: 0, ...noneOfAccount }))
      .onConflict((c) =>
        c.columns(['account_id', 'slice', 'day', 'app_type']).doUpdateSet(added('account_days', accountCounters)),
      ),
  )
  const addTopPins = prepareBatch((count) =>
    read
      .insertInto('top_pins')
      .values(times(count, { account_id: 0, slice: 0, metric: 0, app_type: 0, block: 0, bucket: 0, pin_id: 0 })),
  )
  const removeTopPins = prepareBatch((count) =>
    read
      .deleteFrom('top_pins')
      .where((e) =>
        e.or(times(count, e.and({ account_id: 0, slice: 0, metric: 0, app_type: 0, block: 0, bucket: 0, pin_id: 0 }))),
      ),
  )

  const pins = prepareBatch<CountedPin>((count) => {
    const query = read
      .selectFrom('pins')
      .select(['id', 'owner_id', 'privacy', 'creative_type', 'is_claimed'])
      .where('id', 'in', times(count, 0))
      .orderBy('id')
    // Whoever changes or removes the Pin waits until it is counted; on SQLite one writes at a time anyway.
    return db.dialect === 'postgres' ? query.forShare() : query
  })

  const keysIn = (table: 0 | 1) => ({
    add: prepareBatch((count) =>
      read
        .insertInto(`event_keys_${table}`)
        .values(times(count, { key: 0 }))
        .onConflict((c) => c.doNothing())
        .returning('key'),
    ),
    known: prepareBatch((count) =>
      read.selectFrom(`event_keys_${table}`).select('key').where('key', 'in', times(count, 0)),
    ),
  })
  const keys = { 0: keysIn(0), 1: keysIn(1) }

  const pinDay = prepareBatch<PinDayRow>((count) =>
    read
      .selectFrom('pin_days')
      .selectAll()
      .where((e) => e.or(times(count, e.and({ pin_id: 0, day: 0, app_type: 0 })))),
  )
  const sumsByDay = prepareBatch<Omit<AccountDayRow, 'account_id' | 'slice'>>((count) =>
    read
      .selectFrom('pin_days')
      .select(['day', 'app_type', ...sums(accountCounters)])
      .where('day', '>=', 0)
      .where('pin_id', 'in', times(count, 0))
      .groupBy(['day', 'app_type'])
      .$castTo<Omit<AccountDayRow, 'account_id' | 'slice'>>(),
  )
  const blocksOf = prepareBatch<PinBlockRow>((count) =>
    read.selectFrom('pin_blocks').selectAll().where('block', '>=', 0).where('pin_id', 'in', times(count, 0)),
  )
  const removeOfPins = (['pin_days', 'pin_blocks'] as const).map((table) =>
    prepareBatch((count) => read.deleteFrom(table).where('pin_id', 'in', times(count, 0))),
  )

  const pinSums = (keys: readonly ('pin_id' | 'day')[]) =>
    byColumns((columns) =>
      prepareBatch((count) =>
        read
          .selectFrom('pin_days')
          .select([...keys, ...sums(columns)])
          .where('day', '>=', 0)
          .where('day', '<=', 0)
          .where('app_type', '>=', 0)
          .where('app_type', '<=', 0)
          .where('pin_id', 'in', times(count, 0))
          .groupBy(keys)
          .$castTo<DaySums & PinSums>(),
      ),
    )
  const byDay = pinSums(['pin_id', 'day'])
  const overDays = pinSums(['pin_id'])
  const overBlocks = byColumns((columns) =>
    prepareBatch((count) =>
      read
        .selectFrom('pin_blocks')
        .select(['pin_id', ...sums(columns)])
        .where('block', '>=', 0)
        .where('block', '<=', 0)
        .where('app_type', '>=', 0)
        .where('app_type', '<=', 0)
        .where('pin_id', 'in', times(count, 0))
        .groupBy('pin_id')
        .$castTo<PinSums>(),
    ),
  )

  const accountDays = prepare<DaySums>(
    db,
    read
      .selectFrom('account_days')
      .select(['day', ...sums(accountCounters)])
      .where('account_id', '=', 0)
      .where('slice', '=', 0)
      .where('day', '>=', 0)
      .where('day', '<=', 0)
      .where('app_type', '>=', 0)
      .where('app_type', '<=', 0)
      .groupBy('day')
      .$castTo<DaySums>(),
  )

  const changesOf = prepare<{ changes: number | null }>(
    db,
    read
      .selectFrom('pin_blocks')
      .select(sql<number | null>`cast(sum(changes) as bigint)`.as('changes'))
      .where('pin_id', '=', 0)
      .where('block', '>=', 0)
      .where('block', '<=', 0),
  )
  const topPins = prepare<Pick<TopPinRow, 'bucket' | 'pin_id'>>(
    db,
    read
      .selectFrom('top_pins')
      .select(['bucket', 'pin_id'])
      .where('account_id', '=', 0)
      .where('slice', '=', 0)
      .where('metric', '=', 0)
      .where('app_type', '=', 0)
      .where('block', '=', 0)
      .where(sql<boolean>`(bucket, pin_id) < (${0}, ${0})`)
      .orderBy('bucket', 'desc')
      .orderBy('pin_id', 'desc')
      .limit(1),
  )

  const windowOf = ({ first, last, firstApp, lastApp }: Window) => [first, last, firstApp, lastApp]
  const each = (ids: readonly number[]) => ids.map((id) => [id])

  return {
    /** Adds counts to days of Pins. */
    addPinDays: (tx: Tx, rows: readonly PinDayRow[]) =>
      addPinDays(
        within(tx),
        rows.map((row) => [row.pin_id, row.day, row.app_type, ...counters.map((counter) => row[counter])]),
      ),
    /** Adds counts to blocks of Pins; what they are then. */
    addPinBlocks: (tx: Tx, rows: readonly PinBlockRow[]): Promise<PinBlockRow[]> =>
      addPinBlocks(
        within(tx),
        rows.map((row) => [row.pin_id, row.block, row.app_type, 1, ...counters.map((counter) => row[counter])]),
      ),
    addAccountDays: (tx: Tx, rows: readonly AccountDayRow[]) =>
      addAccountDays(
        within(tx),
        rows.map((row) => [
          row.account_id,
          row.slice,
          row.day,
          row.app_type,
          ...accountCounters.map((counter) => row[counter]),
        ]),
      ),
    addTopPins: (tx: Tx, rows: readonly TopPinRow[]) => addTopPins(within(tx), rows.map(topPinValues)),
    removeTopPins: (tx: Tx, rows: readonly TopPinRow[]) => removeTopPins(within(tx), rows.map(topPinValues)),
    /** Those of the Pins that exist. They stay as they are until the transaction ends. */
    pins: (tx: Tx, ids: readonly number[]): Promise<CountedPin[]> => pins(within(tx), each(ids)),

    /** Notes keys in one of the tables; those that were not in it. */
    addKeys: async (tx: Tx, table: 0 | 1, given: readonly number[]): Promise<number[]> =>
      (
        await keys[table].add(
          within(tx),
          given.map((key) => [key]),
        )
      ).map(({ key }) => key),
    /** Those of the keys that are in one of the tables. */
    knownKeys: async (tx: Tx, table: 0 | 1, given: readonly number[]): Promise<number[]> =>
      (
        await keys[table].known(
          within(tx),
          given.map((key) => [key]),
        )
      ).map(({ key }) => key),
    clearKeys: async (tx: Tx, table: 0 | 1): Promise<void> => {
      await tx.deleteFrom(`event_keys_${table}`).execute()
    },
    /** The rows of days that are there, by Pin, day and app type. */
    pinDays: (tx: Tx, rows: readonly Pick<PinDayRow, 'pin_id' | 'day' | 'app_type'>[]): Promise<PinDayRow[]> =>
      pinDay(
        within(tx),
        rows.map((row) => [row.pin_id, row.day, row.app_type]),
      ),
    /** What Pins have together, by day and app type, from `firstDay` on. The same day may come more than once. */
    sumsByDay: (tx: Tx, pinIds: readonly number[], firstDay: number) => sumsByDay(within(tx), each(pinIds), [firstDay]),
    /** The blocks of Pins from `first` on. */
    blocksOf: (tx: Tx, ids: readonly number[], first: number): Promise<PinBlockRow[]> =>
      blocksOf(within(tx), each(ids), [first]),
    /** Removes everything that was counted of Pins, but for the lists of top Pins. */
    removePins: async (tx: Tx, ids: readonly number[]): Promise<void> => {
      for (const remove of removeOfPins) await remove(within(tx), each(ids))
    },

    /** A number that stays the same only as long as a Pin's counts in a range of blocks do. */
    changesOf: async (pinId: number, { first, last }: DayRange): Promise<number> =>
      (await changesOf.first(pinId, first, last))?.changes ?? 0,
    /** The days of Pins, those that have counts. */
    daysOfPins: (ids: readonly number[], window: Window, columns: readonly Counter[]): Promise<(DaySums & PinSums)[]> =>
      byDay(columns)(db.run, each(ids), windowOf(window)),
    /** What each Pin has over days. */
    overDays: (ids: readonly number[], window: Window, columns: readonly Counter[]): Promise<PinSums[]> =>
      overDays(columns)(db.run, each(ids), windowOf(window)),
    /** What each Pin has over blocks. */
    overBlocks: (ids: readonly number[], window: Window, columns: readonly Counter[]): Promise<PinSums[]> =>
      overBlocks(columns)(db.run, each(ids), windowOf(window)),

    /** An account's days in a union of slices, those that have counts. */
    accountDays: (accountId: number, slice: number, { first, last, firstApp, lastApp }: Window): Promise<DaySums[]> =>
      accountDays.all(accountId, slice, first, last, firstApp, lastApp),

    /** The next Pins of a list, those with the most first, after the one at `after`. */
    topPins: (list: TopList, after: { bucket: number; pin_id: number }, count: number) =>
      topPins.all(
        list.account_id,
        list.slice,
        list.metric,
        list.app_type,
        list.block,
        after.bucket,
        after.pin_id,
        count,
      ),

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

const topPinValues = (row: TopPinRow) => [
  row.account_id,
  row.slice,
  row.metric,
  row.app_type,
  row.block,
  row.bucket,
  row.pin_id,
]
