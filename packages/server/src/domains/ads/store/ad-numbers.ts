import { type RawBuilder, sql, type Transaction } from 'kysely'
import { type AdCounter, type AdCounts, adCounters } from '../../../db/ad-counters.ts'
import type { Database } from '../../../db/database.ts'
import { type PreparedBatch, prepareBatch, type Run, within } from '../../../db/prepared.ts'
import type { Schema } from '../../../db/schema.ts'

type Tx = Transaction<Schema>
export type AdDayRow = Schema['ad_days']
export type AdHourRow = Schema['ad_hours']
type Ad = Pick<Schema['ads'], 'id' | 'ad_account_id' | 'parent_id' | 'campaign_id' | 'pin_id'>

/** Days or hours, from the first to the last. */
export interface TimeRange {
  first: number
  last: number
}

/** The requested sums of what was counted of something on one side. `time`: the day or hour, unless it is of them all. */
export type AdSums = { entity_id: number; side: number; time?: number } & Partial<AdCounts>

/** How sums are grouped: over all days, by day, or by hour. */
export type AdSumsBy = 'total' | 'day' | 'hour'

/** The numbers of ads and of what they are in (`ad_days`, `ad_hours`), and what is read of ads to count them. */
export interface AdNumbersStore {
  /** Returns the ads with these ids. */
  ads(ids: readonly number[]): Promise<Ad[]>
  /** Returns the same, locked until `tx` ends. */
  lockedAds(tx: Tx, ids: readonly number[]): Promise<Ad[]>
  /** Adds counts to days. */
  addDays(tx: Tx, rows: readonly AdDayRow[]): Promise<void>
  /** Adds counts to hours. */
  addHours(tx: Tx, rows: readonly AdHourRow[]): Promise<void>
  /** Returns the days that have counts. */
  days(tx: Tx, keys: readonly Pick<AdDayRow, 'entity_id' | 'day' | 'side'>[]): Promise<AdDayRow[]>
  /** Returns the sums of these counters, of each of these that has any. */
  sums(ids: readonly number[], by: AdSumsBy, range: TimeRange, counters: readonly AdCounter[]): Promise<AdSums[]>
  /** Returns every day of these. */
  everyDay(tx: Tx, ids: readonly number[]): Promise<AdDayRow[]>
  /** Returns every hour of these. */
  everyHour(tx: Tx, ids: readonly number[]): Promise<AdHourRow[]>
  /** Removes every number of these. */
  remove(tx: Tx, ids: readonly number[]): Promise<void>
  /** Removes some days from before `day`, or else some hours from before `hour`. Returns false when none is left. */
  removeSome(tx: Tx, before: { day: number; hour: number }): Promise<boolean>
}

const dayKey = ['entity_id', 'day', 'side'] as const
const hourKey = ['entity_id', 'hour', 'side'] as const

/** Makes the store over `db`. `run`: what reads sums. */
export function adNumbersStore(db: Database, run: Run = db.run): AdNumbersStore {
  const { read, dialect } = db
  const ads = prepareBatch((rows: readonly { id: number }[]) => adsByIds(read, rows))
  const lockedAds = prepareBatch((rows: readonly { id: number }[]) => {
    const query = adsByIds(read, rows).orderBy('id')
    return dialect === 'postgres' ? query.forUpdate() : query
  })
  const addDays = prepareBatch((rows: readonly AdDayRow[]) =>
    read
      .insertInto('ad_days')
      .values(rows.map((row) => pick(row, [...dayKey, ...adCounters])))
      .onConflict((c) => c.columns(dayKey).doUpdateSet(added('ad_days'))),
  )
  const addHours = prepareBatch((rows: readonly AdHourRow[]) =>
    read
      .insertInto('ad_hours')
      .values(rows.map((row) => pick(row, [...hourKey, ...adCounters])))
      .onConflict((c) => c.columns(hourKey).doUpdateSet(added('ad_hours'))),
  )
  const days = prepareBatch((keys: readonly Pick<AdDayRow, (typeof dayKey)[number]>[]) =>
    read
      .selectFrom('ad_days')
      .selectAll()
      .where((e) => e.or(keys.map((key) => e.and(pick(key, dayKey))))),
  )
  const sums = sumsOf(db)
  const byId = (ids: readonly number[]) => ids.toSorted((a, b) => a - b).map((id) => ({ id }))

  return {
    ads: (ids) => ads(db.run, byId(ids)),
    lockedAds: (tx, ids) => lockedAds(within(tx), byId(ids)),
    addDays: async (tx, rows) => {
      await addDays(within(tx), rows)
    },
    addHours: async (tx, rows) => {
      await addHours(within(tx), rows)
    },
    days: (tx, keys) => days(within(tx), keys),
    sums: (ids, by, range, counters) => sums(by, counters)(run, byId(ids), range),
    everyDay: (tx, ids) => tx.selectFrom('ad_days').selectAll().where('entity_id', 'in', ids).execute(),
    everyHour: (tx, ids) => tx.selectFrom('ad_hours').selectAll().where('entity_id', 'in', ids).execute(),
    async remove(tx, ids) {
      await tx.deleteFrom('ad_days').where('entity_id', 'in', ids).execute()
      await tx.deleteFrom('ad_hours').where('entity_id', 'in', ids).execute()
    },
    removeSome,
  }
}

const adsByIds = (read: Database['read'], rows: readonly { id: number }[]) =>
  read
    .selectFrom('ads')
    .select(['id', 'ad_account_id', 'parent_id', 'campaign_id', 'pin_id'])
    .where(
      'id',
      'in',
      rows.map(({ id }) => id),
    )

/** Returns the named columns of a row. */
function pick<Row, Name extends keyof Row>(row: Row, names: readonly Name[]): Pick<Row, Name> {
  return Object.fromEntries(names.map((name) => [name, row[name]])) as Pick<Row, Name>
}

const added = (table: string): Record<string, RawBuilder<number>> =>
  Object.fromEntries(
    adCounters.map((name) => [name, sql<number>`${sql.ref(`${table}.${name}`)} + ${sql.ref(`excluded.${name}`)}`]),
  )

type SumsQuery = PreparedBatch<{ id: number }, AdSums, TimeRange>

/** Returns what makes the query of sums for each set of counters, once. */
function sumsOf({ read }: Database): (by: AdSumsBy, counters: readonly AdCounter[]) => SumsQuery {
  const made = new Map<string, SumsQuery>()
  return (by, counters) => {
    const key = `${by} ${counters.join()}`
    const known = made.get(key) ?? sumsQuery(read, by, counters)
    made.set(key, known)
    return known
  }
}

/** Named so that each side is read off the key from the first day or hour on. */
const bothSides = [sql.lit(0), sql.lit(1)]

/** No number is larger than what a number of JavaScript can tell apart from the next. */
const mostSum = sql.lit(Number.MAX_SAFE_INTEGER)

function sumsQuery(read: Database['read'], by: AdSumsBy, counters: readonly AdCounter[]): SumsQuery {
  // PostgreSQL's sums have a type that is read as text.
  const sums = counters.map((name) => {
    const sum = sql`sum(${sql.ref(name)})`
    return sql<number>`cast(case when ${sum} > ${mostSum} then ${mostSum} else ${sum} end as bigint)`.as(name)
  })
  const wanted = (rows: readonly { id: number }[]) => rows.map(({ id }) => id)
  if (by === 'hour')
    return prepareBatch((rows, { first, last }) =>
      read
        .selectFrom('ad_hours')
        .select(['entity_id', 'side', 'hour as time', ...sums])
        .where('entity_id', 'in', wanted(rows))
        .where('side', 'in', bothSides)
        .where('hour', '>=', first)
        .where('hour', '<=', last)
        .groupBy(['entity_id', 'side', 'hour'])
        .$castTo<AdSums>(),
    )
  return prepareBatch((rows, { first, last }) => {
    const days = read
      .selectFrom('ad_days')
      .where('entity_id', 'in', wanted(rows))
      .where('side', 'in', bothSides)
      .where('day', '>=', first)
      .where('day', '<=', last)
    return by === 'day'
      ? days
          .select(['entity_id', 'side', 'day as time', ...sums])
          .groupBy(['entity_id', 'side', 'day'])
          .$castTo<AdSums>()
      : days
          .select(['entity_id', 'side', ...sums])
          .groupBy(['entity_id', 'side'])
          .$castTo<AdSums>()
  })
}

/** At most about this many rows are removed at a time. */
const removedAtOnce = 200

async function removeSome(tx: Tx, before: { day: number; hour: number }): Promise<boolean> {
  const days = await tx
    .selectFrom('ad_days')
    .select(dayKey)
    .where('day', '<', before.day)
    .orderBy('day')
    .limit(removedAtOnce)
    .execute()
  for (const key of days)
    await tx
      .deleteFrom('ad_days')
      .where((e) => e.and(pick(key, dayKey)))
      .execute()
  if (days.length > 0) return true
  const hours = await tx
    .selectFrom('ad_hours')
    .select(hourKey)
    .where('hour', '<', before.hour)
    .orderBy('hour')
    .limit(removedAtOnce)
    .execute()
  for (const key of hours)
    await tx
      .deleteFrom('ad_hours')
      .where((e) => e.and(pick(key, hourKey)))
      .execute()
  return hours.length > 0
}
