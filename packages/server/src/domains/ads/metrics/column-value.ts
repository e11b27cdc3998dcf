import type { ReportColumn, ReportedEntity, Tally } from '@pinfold/contract'

/** What a value of a column can be. */
export type ColumnValue = string | number | boolean

/** What a row of analytics is made of: what was counted, and what it is about. */
export interface CountedRow {
  /** Returns how much was counted; 0 if nothing was. */
  total(tally: Tally): number
  /** Returns a field of what the row is about; nothing if it is not about such a thing, or has no such field. */
  field(entity: ReportedEntity, name: string): ColumnValue | null | undefined
}

/** Returns the value of a column in a row, or nothing if it has none: such as the price of a click when there was none. */
export function columnValue({ source }: ReportColumn, row: CountedRow): ColumnValue | undefined {
  if ('entity' in source) {
    const value = row.field(source.entity, source.field)
    if (source.times !== undefined && typeof value === 'number') return scaled(value, source.times)
    return value ?? undefined
  }
  const total = row.total(source.tally)
  if (!('per' in source)) return scaled(total, source.times)
  const divisor = row.total(source.per)
  return divisor === 0 ? undefined : scaled(total / divisor, source.times)
}

/** Fifteen digits: what a binary number of millionths is off is not seen. */
const scaled = (value: number, times: number): number => Number((value * times).toPrecision(15))
