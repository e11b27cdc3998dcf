import { hash } from 'node:crypto'
import type { PinCreate } from '@pinfold/client'
import type { Cover, MediaSource } from '../pin-media/media-source.ts'

/** The words of one picture of a carousel. */
interface SlideWords {
  title?: string
  description?: string
  link?: string
}

/** The media of a row: a picture, media within the row itself, a carousel of files or of addresses, or a video. */
export type RowPicture =
  | MediaSource
  | { source: NonNullable<PinCreate['media_source']> }
  | { pictures: (SlideWords & { file: string })[] }
  | { items: (SlideWords & { url: string })[] }
  | { video: string; cover?: Cover }

/** A Pin to make, as the input describes it. */
export interface Row {
  /** The number of the spreadsheet's row, the file's line or the folder's picture, from 1. */
  number: number
  /** Its name in the report. */
  name: string
  board?: string
  section?: string
  fields: Omit<PinCreate, 'media_source'>
  picture?: RowPicture
  /** Why no Pin can be made of it. */
  problem?: string
}

/** Notes for the end of the report, each with its number of rows. */
export class Notes {
  readonly #counts = new Map<string, number>()

  /** Counts a row under `text`, which is printed once. */
  add(text: string): void {
    this.#counts.set(text, (this.#counts.get(text) ?? 0) + 1)
  }

  lines(): string[] {
    return [...this.#counts].map(([text, count]) => `${text} (${count})`)
  }
}

/** A source of Pins to make. Yields the rows one after another, in the same order each time. */
export type Input = (notes: Notes) => AsyncIterable<Row>

/** Returns a function that assigns each row a key, which stays the same when rows before it are added or removed. */
export function keyGiver(): (row: Row) => string {
  const seen = new Map<string, number>()
  return ({ board, section, fields, picture }) => {
    const content = hash('sha256', JSON.stringify([board, section, fields, picture]), 'base64url').slice(0, 22)
    const before = seen.get(content) ?? 0
    seen.set(content, before + 1)
    return before === 0 ? content : `${content}.${before}`
  }
}

const lengths = { title: 100, description: 800, link: 2048, alt_text: 500 } as const

/** Returns why a service would refuse a row, before anything is sent; undefined if it would not. */
export function problemOf(row: Row): string | undefined {
  if (row.problem !== undefined) return row.problem
  if (row.board === undefined && row.fields.board_id === undefined)
    return 'It names no board: name one in the row, or with --board.'
  if (row.picture === undefined) return 'It has no picture and no video.'
  for (const [field, length] of Object.entries(lengths)) {
    const text = row.fields[field as keyof typeof lengths]
    if (typeof text === 'string' && [...text].length > length)
      return `Its ${field} has ${[...text].length} characters, and ${length} are allowed.`
  }
  return undefined
}
