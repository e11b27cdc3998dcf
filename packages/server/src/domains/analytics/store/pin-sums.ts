import { type Kysely, sql } from 'kysely'
import type { Counter } from '../../../db/counters.ts'
import type { Database } from '../../../db/database.ts'
import { prepare, prepareBatch } from '../../../db/prepared.ts'
import type { Schema } from '../../../db/schema.ts'
import type { DayRange } from '../days.ts'
import { byColumns, type DaySums, each, idsOf, type OfPin, type PinSums, sums, type Window } from './rows.ts'

/** The counts of Pins (`pin_days`, `pin_blocks`), for reading: sums of the requested counters. */
export interface PinSumsStore {
  /** Returns a number that changes whenever a Pin's counts in a range of blocks do. */
  changes(pinId: number, blocks: DayRange): Promise<number>
  /** Returns the days of Pins with counts. */
  byDay(ids: readonly number[], days: Window, columns: readonly Counter[]): Promise<(DaySums & PinSums)[]>
  /** Returns each Pin's sums over days; nothing for a Pin without counts. */
  overDays(ids: readonly number[], days: Window, columns: readonly Counter[]): Promise<PinSums[]>
  /** Returns each Pin's sums over blocks; nothing for a Pin without counts. */
  overBlocks(ids: readonly number[], blocks: Window, columns: readonly Counter[]): Promise<PinSums[]>
}

/** Makes the store over `db`. */
export function pinSumsStore(db: Database): PinSumsStore {
  const byDay = sumsOfDays(db.read, ['pin_id', 'day'])
  const overDays = sumsOfDays(db.read, ['pin_id'])
  const overBlocks = sumsOfBlocks(db.read)
  const changes = prepare(db, ({ pinId, first, last }: { pinId: number } & DayRange) =>
    db.read
      .selectFrom('pin_blocks')
      .select(sql<number | null>`cast(sum(changes) as bigint)`.as('changes'))
      .where('pin_id', '=', pinId)
      .where('block', '>=', first)
      .where('block', '<=', last),
  )

  return {
    changes: async (pinId, { first, last }) => (await changes.first({ pinId, first, last }))?.changes ?? 0,
    byDay: (ids, days, columns) => byDay(columns)(db.run, each(ids), days),
    overDays: (ids, days, columns) => overDays(columns)(db.run, each(ids), days),
    overBlocks: (ids, blocks, columns) => overBlocks(columns)(db.run, each(ids), blocks),
  }
}

const sumsOfDays = (db: Kysely<Schema>, keys: readonly ('pin_id' | 'day')[]) =>
  byColumns((columns) =>
    prepareBatch((rows: readonly OfPin[], { first, last, firstApp, lastApp }: Window) =>
      db
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

const sumsOfBlocks = (db: Kysely<Schema>) =>
  byColumns((columns) =>
    prepareBatch((rows: readonly OfPin[], { first, last, firstApp, lastApp }: Window) =>
      db
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
