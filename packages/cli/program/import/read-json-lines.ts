import { createReadStream } from 'node:fs'
import { basename } from 'node:path'
import { createInterface } from 'node:readline'
import type { PinCreate } from '@pinfold/client'
import { isAddress } from '../pin-media/media-source.ts'
import { coverFrom, pathFrom, pictureAt } from './read-csv.ts'
import type { Input, Notes, Row, RowPicture } from './row.ts'

/** The text fields of a Pin that are sent unchanged. */
const textFields = [
  'title',
  'description',
  'link',
  'alt_text',
  'dominant_color',
  'board_id',
  'board_section_id',
  'parent_pin_id',
] as const
/** Fields in the output of `pins export` that a new Pin cannot have. */
const toldOnly = new Set(['id', 'created_at'])

/**
 * Reads one Pin per line: the fields of the API, and `board`, `section`, `picture`, `pictures`, `video` and `cover` by
 * name.
 */
export const jsonLinesInput = (file: string): Input =>
  async function* rows(notes) {
    let number = 0
    for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })) {
      number++
      const text = number === 1 ? line.replace(/^\ufeff/, '') : line
      if (text.trim() !== '') yield rowOf(text, number, file, notes)
    }
  }

function rowOf(line: string, number: number, file: string, notes: Notes): Row {
  const broken = (problem: string): Row => ({ number, name: '', fields: {}, problem })
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch (error) {
    return broken(`It is not JSON: ${(error as Error).message}`)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return broken('It is not a JSON object.')
  const {
    board,
    section,
    picture,
    pictures,
    video,
    cover,
    media_source: source,
    ...rest
  } = value as Record<string, unknown>
  const fields: Row['fields'] = {}
  for (const [name, content] of Object.entries(rest)) {
    if (content === null || toldOnly.has(name)) continue
    const field = textFields.find((known) => known === name)
    if (field === undefined) notes.add(`The field "${name}" is not known and was left out`)
    else if (typeof content !== 'string') return broken(`Its ${name} must be a text.`)
    else fields[field] = content
  }
  for (const [name, content] of Object.entries({ board, section, picture, video }))
    if (content !== undefined && content !== null && typeof content !== 'string')
      return broken(`Its ${name} must be a text.`)
  const shown = shownBy({ picture, pictures, video, cover, source }, file)
  if (typeof shown === 'string') return broken(shown)
  const named = [picture, video].find((path) => typeof path === 'string')
  return {
    number,
    name: fields.title ?? (named === undefined ? '' : basename(named)),
    ...(typeof board === 'string' && { board }),
    ...(typeof section === 'string' && { section }),
    fields,
    ...(shown && { picture: shown }),
  }
}

type Shown = Record<'picture' | 'pictures' | 'video' | 'cover' | 'source', unknown>

/** Returns the media of a line, or what is wrong with it. */
function shownBy({ picture, pictures, video, cover, source }: Shown, file: string): RowPicture | string | undefined {
  if (typeof picture === 'string') return pictureAt(picture, file)
  if (typeof video === 'string') {
    if (isAddress(video)) return 'Its video must be a file: the service fetches none from addresses.'
    if (cover === undefined || cover === null) return { video: pathFrom(file)(video) }
    if (typeof cover !== 'string' && !(typeof cover === 'number' && Number.isInteger(cover) && cover >= 0))
      return 'Its cover must be a path, an address or a whole second of the video.'
    return { video: pathFrom(file)(video), cover: coverFrom(String(cover), file) }
  }
  if (pictures !== undefined && pictures !== null) return carousel(pictures, file)
  return isSource(source) ? { source } : undefined
}

/** Reads the pictures of a carousel: texts, or objects with `picture`, `title`, `description` and `link`. */
function carousel(pictures: unknown, file: string): RowPicture | string {
  if (!Array.isArray(pictures) || pictures.length < 2 || pictures.length > 5)
    return 'Its pictures must be a list of two to five.'
  const slides = pictures.map((slide: unknown) => (typeof slide === 'string' ? { picture: slide } : slide))
  if (!slides.every(isSlide))
    return 'Each of its pictures must be a text, or an object with the texts picture, title, description and link.'
  const sources = slides.map(({ picture, ...words }) => ({ ...words, ...pictureAt(picture, file) }))
  const items = sources.filter((source) => 'url' in source)
  const files = sources.filter((source) => 'file' in source)
  if (items.length > 0 && files.length > 0) return 'Its pictures must be all files or all addresses.'
  return items.length > 0 ? { items } : { pictures: files }
}

const slideFields = new Set(['picture', 'title', 'description', 'link'])

const isSlide = (value: unknown): value is { picture: string; title?: string; description?: string; link?: string } =>
  typeof value === 'object' &&
  value !== null &&
  'picture' in value &&
  Object.entries(value).every(([name, content]) => slideFields.has(name) && typeof content === 'string')

/** The service checks the rest, and its message is in the report. */
const isSource = (value: unknown): value is NonNullable<PinCreate['media_source']> =>
  typeof value === 'object' && value !== null && 'source_type' in value
