import type { ReportColumn, ReportFormat } from '@pinfold/contract'
import type { ReportRow } from '../numbers/report-rows.ts'
import { csvLine } from '../titles/csv.ts'

/** A row of a report, and what it stands under in JSON. */
export interface KeyedRow {
  /** An id or a date. Rows with the same one come one after the other. */
  key: string
  /** Its values, by the names of columns. */
  row: ReportRow
}

/** How a report is written. */
export interface ReportTable {
  format: ReportFormat
  /** The names of what each row has beside what was asked for: its id, its time. */
  labels: readonly string[]
  /** What was asked for. */
  columns: readonly ReportColumn[]
}

/**
 * Writes rows piece by piece: as `{"key": [rows]}` without numbers that are zero, or as CSV, where numbers that are not there
 * are zero. Rows whose numbers are all zero are left out.
 */
export async function* reportTable(
  pieces: AsyncIterable<readonly KeyedRow[]>,
  { format, labels, columns }: ReportTable,
): AsyncGenerator<string> {
  const names = [...new Set([...labels, ...columns.map(({ name }) => name)])]
  const numbers = new Set(columns.flatMap(({ name, source }) => ('entity' in source ? [] : name)))
  const isShown = ({ row }: KeyedRow) => numbers.size === 0 || numbers.values().some((name) => row[name])
  let lastKey: string | undefined
  const json = ({ key, row }: KeyedRow): string => {
    const isNew = key !== lastKey
    const between = lastKey === undefined ? '' : isNew ? '],' : ','
    lastKey = key
    const shown = names.flatMap((name) => {
      const value = row[name]
      return value === undefined || (value === 0 && numbers.has(name)) ? [] : [[name, value] as const]
    })
    return `${between}${isNew ? `${JSON.stringify(key)}:[` : ''}${JSON.stringify(Object.fromEntries(shown))}`
  }
  const csv = ({ row }: KeyedRow): string =>
    csvLine(names.map((name) => String(row[name] ?? (numbers.has(name) ? 0 : ''))))

  yield format === 'CSV' ? csvLine(names) : '{'
  for await (const rows of pieces)
    yield rows
      .filter(isShown)
      .map(format === 'CSV' ? csv : json)
      .join('')
  if (format === 'JSON') yield lastKey === undefined ? '}' : ']}'
}
