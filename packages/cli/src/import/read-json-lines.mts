import { createReadStream } from 'node:fs'
import { basename } from 'node:path'
import { createInterface } from 'node:readline'
import type { PinCreate } from '@pinfold/client'
import { pictureAt } from './read-csv.mts'
import type { Input, Notes, Row } from './row.mts'

/** Fields of a Pin that are texts, and can be sent as they are. */
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
/** What `pins export` tells about a Pin that a new one cannot be given. */
const toldOnly = new Set(['id', 'created_at'])

/** A Pin a line: the fields of the API, and `board`, `section` and `picture` by name. */
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
  const { board, section, picture, media_source: source, ...rest } = value as Record<string, unknown>
  const fields: Row['fields'] = {}
  for (const [name, content] of Object.entries(rest)) {
    if (content === null || toldOnly.has(name)) continue
    const field = textFields.find((known) => known === name)
    if (field === undefined) notes.add(`The field "${name}" is not known and was left out`)
    else if (typeof content !== 'string') return broken(`Its ${name} must be a text.`)
    else fields[field] = content
  }
  for (const [name, content] of Object.entries({ board, section, picture }))
    if (content !== undefined && content !== null && typeof content !== 'string')
      return broken(`Its ${name} must be a text.`)
  return {
    number,
    name: fields.title ?? (typeof picture === 'string' ? basename(picture) : ''),
    ...(typeof board === 'string' && { board }),
    ...(typeof section === 'string' && { section }),
    fields,
    ...(isSource(source) && { picture: { source } }),
    ...(typeof picture === 'string' && { picture: pictureAt(picture, file) }),
  }
}

/** The service checks the rest: what it says stands in the report. */
const isSource = (value: unknown): value is NonNullable<PinCreate['media_source']> =>
  typeof value === 'object' && value !== null && 'source_type' in value
