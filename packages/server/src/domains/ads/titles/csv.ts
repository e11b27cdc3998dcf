/** A row of a CSV text. */
export interface CsvRow {
  /** Which it is; the first is 1. */
  number: number
  cells: string[]
}

/** A text is not CSV from this row on. */
export class MalformedCsv extends Error {
  readonly row: number

  constructor(row: number) {
    super(`Row ${row} is not CSV.`)
    this.row = row
  }
}

const unquoted = /[^",\r\n]*/y
const lineEnd = /\r\n|\n|$/y

/** Yields the rows of a text, read strictly by RFC 4180; lines may also end with LF alone. Throws `MalformedCsv`. */
export function* csvRows(text: string): Generator<CsvRow> {
  let at = 0
  for (let number = 1; at < text.length; number++) {
    const cells: string[] = []
    for (let hasMore = true; hasMore; ) {
      const cell = text.startsWith('"', at) ? quotedCell(text, at) : unquotedCell(text, at)
      if (!cell) throw new MalformedCsv(number)
      cells.push(cell.value)
      hasMore = text.startsWith(',', cell.end)
      at = cell.end + 1
      if (hasMore) continue
      lineEnd.lastIndex = cell.end
      if (!lineEnd.test(text)) throw new MalformedCsv(number)
      at = lineEnd.lastIndex
    }
    yield { number, cells }
  }
}

/** A cell of a text, and where it ends. */
interface Cell {
  value: string
  end: number
}

function unquotedCell(text: string, at: number): Cell {
  unquoted.lastIndex = at
  const [value = ''] = unquoted.exec(text) ?? []
  return { value, end: at + value.length }
}

/** Returns a cell in quotes; undefined if it does not end. */
function quotedCell(text: string, at: number): Cell | undefined {
  for (let quote = text.indexOf('"', at + 1); quote !== -1; quote = text.indexOf('"', quote + 2))
    if (text[quote + 1] !== '"') return { value: text.slice(at + 1, quote).replaceAll('""', '"'), end: quote + 1 }
  return undefined
}

/** Returns cells as a line of CSV. */
export const csvLine = (cells: readonly string[]): string => `${cells.map(cellText).join()}\r\n`

const cellText = (value: string) => (/[",\r\n]|^\s|\s$/.test(value) ? `"${value.replaceAll('"', '""')}"` : value)
