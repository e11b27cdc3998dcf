import { hash } from 'node:crypto'
import { CommandError } from '../../command-error.ts'
import { csvRecords, isBlank } from '../../import/csv-records.ts'
import type { Notes } from '../../import/row.ts'

/** A row as it is sent; the service reports what is wrong with it. */
export interface HistoryRow {
  date?: string
  pin_id?: string
  ad_id?: string
  metric?: string
  value?: string | number
  app_type?: string
}

/** Rows that are sent together. */
export interface Batch {
  /** The batch's number, from 0. */
  number: number
  /** Identifies these rows and all before them. */
  key: string
  rows: HistoryRow[]
  /** The line number of each row. */
  lines: number[]
}

/** The number of rows sent at once. */
const batchSize = 1000
/** No valid cell is longer. */
const maxCell = 100

type Column = keyof HistoryRow
const columns: Record<string, Column> = {
  date: 'date',
  pin: 'pin_id',
  pinid: 'pin_id',
  ad: 'ad_id',
  adid: 'ad_id',
  metric: 'metric',
  value: 'value',
  apptype: 'app_type',
}

/** What a file must have: a name, and the columns of which one is enough. */
const needed: readonly (readonly [string, ...Column[]])[] = [
  ['date', 'date'],
  ['pin', 'pin_id', 'ad_id'],
  ['metric', 'metric'],
  ['value', 'value'],
]

/** Yields the rows of a CSV in batches. Throws a `CommandError` for a file that is not one, or lacks a column. */
export async function* readBatches(file: string, notes: Notes): AsyncGenerator<Batch> {
  let header: (Column | undefined)[] | undefined
  let batch: Batch = { number: 0, key: '', rows: [], lines: [] }
  for await (const { cells, line } of csvRecords(file)) {
    if (header === undefined) header = readHeader(cells, file, notes)
    else if (!isBlank(cells)) {
      batch.rows.push(rowOf(header, cells))
      batch.lines.push(line)
    }
    if (batch.rows.length < batchSize) continue
    const whole = withKey(batch)
    yield whole
    batch = { number: whole.number + 1, key: whole.key, rows: [], lines: [] }
  }
  if (header === undefined) throw new CommandError(`${file} is empty.`)
  if (batch.rows.length > 0) yield withKey(batch)
}

/** Returns a batch with its own key; until now it has that of the batch before. */
const withKey = (batch: Batch): Batch => ({
  ...batch,
  key: hash('sha256', `${batch.key} ${JSON.stringify(batch.rows)}`, 'base64url').slice(0, 22),
})

function readHeader(cells: readonly string[], file: string, notes: Notes): (Column | undefined)[] {
  const header = cells.map((cell) => columns[cell.toLowerCase().replaceAll(/[\s_-]+/g, '')])
  for (const [name, ...oneOf] of needed)
    if (!oneOf.some((column) => header.includes(column)))
      throw new CommandError(
        `${file} has no column "${name}": its first line must name date, pin or ad, metric and value, with commas between them.`,
      )
  for (const [i, column] of header.entries())
    if (column === undefined && cells[i]?.trim())
      notes.add(`The column "${cells[i].trim()}" is not known and was left out`)
  return header
}

function rowOf(header: readonly (Column | undefined)[], cells: readonly string[]): HistoryRow {
  const given: Partial<Record<Column, string>> = {}
  for (const [i, column] of header.entries()) {
    const text = cells[i]?.trim().slice(0, maxCell)
    if (column !== undefined && text) given[column] = text
  }
  const { metric, value, app_type: app, ...row } = given
  return {
    ...row,
    ...(metric && { metric: nameOf(metric) }),
    ...(value && { value: /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value }),
    ...(app && { app_type: nameOf(app) }),
  }
}

/** Turns `Pin click` into `PIN_CLICK`. */
const nameOf = (text: string): string => text.toUpperCase().replaceAll(/[\s-]+/g, '_')
