import type { Granularity, ReportColumn, Tally } from '@pinfold/contract'
import { type AdCounter, adCounters } from '../../../db/ad-counters.ts'
import { type ColumnValue, columnValue } from '../metrics/column-value.ts'
import type { AdSums } from '../store/ad-numbers.ts'
import { sideCodes } from './ad-tally.ts'
import { counterOfCount, countersOf } from './counted-columns.ts'
import type { Fields } from './entity-fields.ts'
import { periodOf } from './range.ts'

/** A row of analytics: values by the names of columns. */
export type ReportRow = Record<string, ColumnValue>

/** Something that rows are about. */
export interface Subject {
  /** Its id, under the name of the column that always has it; undefined for everything that was asked for. */
  label: readonly [name: string, id: string] | undefined
  /** The ids whose numbers are its own. */
  ids: readonly number[]
  /** Tells its fields. */
  fields: Fields
}

/** Returns the counters that must be read for columns. Undefined: there is no number that could be there. */
export function countersFor(columns: readonly ReportColumn[]): readonly AdCounter[] | undefined {
  const numbers = columns.filter(({ source }) => !('entity' in source))
  // What is only named is there if anything was counted.
  if (numbers.length === 0) return adCounters
  const needed = new Set(numbers.flatMap((column) => countersOf(column) ?? []))
  return needed.size === 0 ? undefined : adCounters.filter((counter) => needed.has(counter))
}

/** What was counted on both sides. */
type Counted = readonly [paid: Partial<Record<AdCounter, number>>, earned: Partial<Record<AdCounter, number>>]

/** Returns the rows of subjects in their order, each by time. Those without any number are left out. */
export function* reportRows(
  subjects: readonly Subject[],
  sums: readonly AdSums[],
  { columns, granularity }: { columns: readonly ReportColumn[]; granularity: Granularity },
): Generator<ReportRow> {
  const byId = Map.groupBy(sums, ({ entity_id: id }) => id)
  const shown = columns.filter((column) => countersOf(column) !== undefined)
  for (const { label, ids, fields } of subjects) {
    const periods = byPeriod(
      ids.flatMap((id) => byId.get(id) ?? []),
      granularity,
    )
    for (const [date, counted] of [...periods].sort(([a = ''], [b = '']) => (a < b ? -1 : 1))) {
      if (isEmpty(counted)) continue
      const row: ReportRow = {}
      if (label) row[label[0]] = label[1]
      if (date !== undefined) row.DATE = date
      const source = { total: (tally: Tally) => totalOf(counted, tally), field: fields }
      for (const column of shown) {
        const value = columnValue(column, source)
        if (value !== undefined) row[column.name] = value
      }
      yield row
    }
  }
}

function byPeriod(sums: readonly AdSums[], granularity: Granularity): Map<string | undefined, Counted> {
  const periods = new Map<string | undefined, Counted>()
  for (const { entity_id: _, side, time, ...counts } of sums) {
    const period = periodOf(time ?? 0, granularity)
    const counted: Counted = periods.get(period) ?? [{}, {}]
    periods.set(period, counted)
    const to = counted[side === sideCodes.earned ? 1 : 0]
    for (const [counter, count] of Object.entries(counts) as [AdCounter, number][])
      to[counter] = (to[counter] ?? 0) + count
  }
  return periods
}

const isEmpty = (counted: Counted): boolean =>
  counted.every((side) => Object.values(side).every((count) => count === 0))

const msOfSecond = 1000

function totalOf([paid, earned]: Counted, tally: Tally): number {
  // Nothing is done at the advertiser's here.
  if ('of' in tally) return 0
  const counter = counterOfCount(tally.count)
  if (counter === undefined) return 0
  const side = 'side' in tally ? tally.side : undefined
  const sum = (side === 'earned' ? 0 : (paid[counter] ?? 0)) + (side === 'paid' ? 0 : (earned[counter] ?? 0))
  return tally.count === 'video_watch_seconds' ? sum / msOfSecond : sum
}
