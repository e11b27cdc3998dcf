import { basename, dirname, resolve } from 'node:path'
import { CommandError } from '../command-error.ts'
import { type Cover, isAddress, isVideoName, parseCover, parseMediaSource } from '../pin-media/media-source.ts'
import { csvRecords, isBlank } from './csv-records.ts'
import type { Input, Notes, Row, RowPicture } from './row.ts'

const columns = [
  'title',
  'media url',
  'pinterest board',
  'thumbnail',
  'description',
  'link',
  'publish date',
  'keywords',
] as const
type Column = (typeof columns)[number]

/** Reads Pinterest's bulk-upload CSV. Throws a `CommandError` for a file that is not one. */
export const csvInput = (file: string): Input =>
  async function* rows(notes) {
    let header: (Column | undefined)[] | undefined
    let number = 0
    for await (const { cells } of csvRecords(file)) {
      number++
      if (header === undefined) header = readHeader(cells, file, notes)
      else if (!isBlank(cells)) yield rowOf(cellsOf(header, cells), number, file, notes)
    }
    if (header === undefined) throw new CommandError(`${file} is empty.`)
  }

function readHeader(record: readonly string[], file: string, notes: Notes): (Column | undefined)[] {
  const header = record.map((cell) => columns.find((name) => name === cell.trim().toLowerCase()))
  if (!header.includes('media url'))
    throw new CommandError(
      `${file} has no column "Media URL": its first line must name Pinterest's columns, with commas between them.`,
    )
  for (const [i, column] of header.entries())
    if (column === undefined && record[i]?.trim())
      notes.add(`The column "${record[i].trim()}" is not known and was left out`)
  return header
}

type Cells = Partial<Record<Column, string>>

function cellsOf(header: readonly (Column | undefined)[], record: readonly string[]): Cells {
  const cells: Cells = {}
  for (const [i, column] of header.entries()) {
    const text = record[i]?.trim()
    if (column !== undefined && text) cells[column] = text
  }
  return cells
}

function rowOf(cells: Cells, number: number, file: string, notes: Notes): Row {
  const { title, description, link } = cells
  const media = cells['media url']
  const shown = media === undefined ? undefined : shownAt(media, file, cells.thumbnail)
  noteWhatIsLeft(cells, shown, notes)
  const board = cells['pinterest board']
  return {
    number,
    name: title ?? (media === undefined ? '' : basename(media)),
    ...(board !== undefined && { board }),
    fields: { ...(title && { title }), ...(description && { description }), ...(link && { link }) },
    ...(shown && { picture: shown }),
  }
}

/** Returns the picture at an address, or the picture or video at a path, relative to the file that names it. */
function shownAt(media: string, file: string, thumbnail: string | undefined): RowPicture {
  if (isAddress(media) || !isVideoName(media)) return pictureAt(media, file)
  return { video: pathFrom(file)(media), ...(thumbnail !== undefined && { cover: coverFrom(thumbnail, file) }) }
}

/** Resolves paths relative to the file that names them. */
export const pathFrom = (file: string) => (path: string) => resolve(dirname(file), path)
export const pictureAt = (text: string, file: string) => parseMediaSource(text, pathFrom(file))
export const coverFrom = (text: string, file: string): Cover => parseCover(text, pathFrom(file))

function noteWhatIsLeft(cells: Cells, shown: RowPicture | undefined, notes: Notes): void {
  const date = cells['publish date']
  if (cells.thumbnail && !(shown && 'video' in shown)) notes.add('Thumbnails are for videos and were left out')
  if (cells.keywords) notes.add('Keywords have no place in the API and were left out')
  if (date !== undefined && !(Date.parse(date) <= Date.now()))
    notes.add('Publish dates to come: the API publishes at once, and so these Pins were')
}
