import { csvLine, csvRows, MalformedCsv } from './csv.ts'

/** What is wrong with a row, or from that row on with the file. */
export type TitleErrorType =
  | 'HEADER_INVALID'
  | 'CSV_MALFORMED'
  | 'TOO_MANY_ROWS'
  | 'COLUMN_COUNT_WRONG'
  | 'ITEM_ID_MISSING'
  | 'ITEM_ID_TOO_LONG'
  | 'ITEM_ID_REPEATED'
  | 'TITLE_MISSING'
  | 'TITLE_TOO_LONG'
  | 'CHARACTER_INVALID'

/** One thing that is wrong. `row_number`: the header is row 1. */
export interface TitleError {
  row_number: number
  error_type: TitleErrorType
}

/** What a file of titles says. */
export interface TitleRows {
  /** The rows that are right, as CSV with the header. */
  csv: string
  /** How many these are. */
  count: number
  errors: TitleError[]
}

const header = ['item_id', 'title']
const [mostRows, longestId, longestTitle] = [10_000, 127, 100]

/** Reads a file of titles. If it is broken as a whole, that is the only error, and no row is right. */
export function readTitles(text: string): TitleRows {
  try {
    return readRows(text)
  } catch (error) {
    if (error instanceof MalformedCsv) return broken(error.row, 'CSV_MALFORMED')
    throw error
  }
}

function readRows(text: string): TitleRows {
  const rows = csvRows(text)
  const names = rows.next().value?.cells
  if (names?.length !== header.length || names.join() !== header.join()) return broken(1, 'HEADER_INVALID')
  const [lines, errors, known] = [[csvLine(header)], [] as TitleError[], new Set<string>()]
  let count = 0
  for (const { number, cells } of rows) {
    if (cells.length === 1 && cells[0] === '') continue
    if (++count > mostRows) return broken(number, 'TOO_MANY_ROWS')
    const wrong = errorIn(cells, known)
    if (wrong) errors.push({ row_number: number, error_type: wrong })
    else lines.push(csvLine(cells))
  }
  return { csv: lines.join(''), count: lines.length - 1, errors }
}

const broken = (row: number, type: TitleErrorType): TitleRows => ({
  csv: '',
  count: 0,
  errors: [{ row_number: row, error_type: type }],
})

/** Returns what is wrong with a row. `known`: the ids of the rows before it, to which its own is added. */
function errorIn(cells: readonly string[], known: Set<string>): TitleErrorType | undefined {
  const [id = '', title = ''] = cells
  if (cells.length !== header.length) return 'COLUMN_COUNT_WRONG'
  if (id.trim() === '') return 'ITEM_ID_MISSING'
  if (id.length > longestId) return 'ITEM_ID_TOO_LONG'
  if (title.trim() === '') return 'TITLE_MISSING'
  if (title.length > longestTitle) return 'TITLE_TOO_LONG'
  if (/\p{Cc}/u.test(id + title)) return 'CHARACTER_INVALID'
  if (known.has(id)) return 'ITEM_ID_REPEATED'
  known.add(id)
  return undefined
}
