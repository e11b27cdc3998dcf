import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
/** Returns how many columns of a terminal a text takes. Loaded when asked: it takes a fifth of a start, and is for terminals alone. */
const stringWidth: typeof import('string-width').default = (...given) => {
  measure ??= (require('string-width') as typeof import('string-width')).default
  return measure(...given)
}
let measure: typeof stringWidth | undefined

/** A column of a table: its heading, and its cell for an item. */
export type Columns<Item> = Record<string, (item: Item) => string | number | null | undefined>

/** The output of a table and its width; without a width it is for a program, and tab-separated. */
export interface Paper {
  write(text: string): unknown
  width: number | undefined
}

/** Standard output: a terminal has a width. */
export const stdout: Paper = {
  write: (text) => process.stdout.write(text),
  width: process.stdout.isTTY ? process.stdout.columns || 80 : undefined,
}

/** Prints a list: one JSON object per line as items arrive, or a table. */
export async function printList<Item>(
  items: AsyncIterable<Item> | Iterable<Item>,
  columns: Columns<Item>,
  { json, limit = Number.POSITIVE_INFINITY }: { json?: boolean; limit?: number },
): Promise<void> {
  if (stdout.width === undefined || json) {
    for await (const item of taken(items, limit))
      stdout.write(
        json
          ? `${JSON.stringify(item)}\n`
          : `${Object.values(columns)
              .map((cell) => plain(cell(item)))
              .join('\t')}\n`,
      )
    return
  }
  const rows: string[][] = []
  for await (const item of taken(items, limit)) rows.push(Object.values(columns).map((cell) => plain(cell(item))))
  stdout.write(rows.length === 0 ? 'There are none.\n' : table([Object.keys(columns), ...rows], stdout.width))
}

/** Prints one item: as JSON, or one field per line. */
export function printOne<Item>(item: Item, columns: Columns<Item>, { json }: { json?: boolean }): void {
  if (json) stdout.write(`${JSON.stringify(item)}\n`)
  else {
    const rows = Object.entries(columns).map(([name, cell]): Field => [name, plain(cell(item))])
    stdout.write(
      stdout.width === undefined ? rows.map((row) => `${row.join('\t')}\n`).join('') : fields(rows, stdout.width),
    )
  }
}

async function* taken<Item>(items: AsyncIterable<Item> | Iterable<Item>, limit: number): AsyncGenerator<Item> {
  let count = 0
  if (limit === 0) return
  for await (const item of items) {
    yield item
    if (++count >= limit) return
  }
}

/** Returns a text as one line without control characters of a terminal: a Pin's text can come from anybody. */
export function plain(value: string | number | null | undefined): string {
  return String(value ?? '')
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replaceAll(/[\u202a-\u202e\u2066-\u2069]/g, '')
    .trim()
}

const gap = 2

/** A name, and what stands beside it. */
type Field = readonly [name: string, value: string]

/** Names and values below each other. Text is cut to `width`; what is one word (an id, a secret, an address) never is. */
export function fields(rows: readonly Field[], width: number): string {
  const names = Math.max(...rows.map(([name]) => stringWidth(name)))
  const room = Math.max(width - names - gap, 1)
  const shown = (value: string) => (/\s/.test(value) ? cut(value, room) : value)
  return rows
    .map(([name, value]) => `${pad(name, names + gap, false)}${shown(value)}`.trimEnd())
    .join('\n')
    .concat('\n')
}

/**
 * Aligns cells, numbers to the right. The widest columns of text shrink until a line fits into `width`; ids and
 * numbers stay whole, for a part of one would be another.
 */
export function table(
  rows: readonly (readonly string[])[],
  width: number,
  isNumber: (column: number) => boolean = () => false,
): string {
  const count = Math.max(...rows.map((row) => row.length))
  const widths = Array.from({ length: count }, (_, i) => Math.max(...rows.map((row) => stringWidth(row[i] ?? ''))))
  const text = widths.map((_, i) => !isNumber(i) && rows.slice(1).some((row) => /\D/.test(row[i] ?? '')))
  for (let excess = sum(widths) + gap * (count - 1) - width; excess > 0; excess--) {
    const widest = Math.max(...widths.filter((_, i) => text[i]))
    if (widest <= 1) break
    const column = widths.findIndex((taken, i) => text[i] && taken === widest)
    widths[column] = widest - 1
  }
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, i) => pad(cut(cell, widths[i] ?? 0), widths[i] ?? 0, isNumber(i)))
          .join(' '.repeat(gap))
          .trimEnd()}\n`,
    )
    .join('')
}

const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0)

function pad(text: string, width: number, toTheRight: boolean): string {
  const space = ' '.repeat(Math.max(0, width - stringWidth(text)))
  return toTheRight ? space + text : text + space
}

const graphemes = new Intl.Segmenter()

/** Shortens a text to `width` columns, with an ellipsis for what is missing. */
export function cut(text: string, width: number): string {
  if (stringWidth(text) <= width) return text
  let kept = ''
  let taken = 0
  for (const { segment } of graphemes.segment(text)) {
    taken += stringWidth(segment)
    if (taken > width - 1) break
    kept += segment
  }
  return width > 0 ? `${kept}…` : ''
}
