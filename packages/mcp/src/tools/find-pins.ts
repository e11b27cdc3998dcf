import { PermissionError, type PinterestClient } from '@pinfold/client'
import { StringEnum, Type } from '@pinfold/contract'
import { contactSheet, mostOnSheet } from '../contact-sheet.ts'
import { boardFinder } from '../find-board.ts'
import { type ListedPin, pictureUrlOf, pinRow } from '../rows.ts'
import { type ShownPicture, ToolError, tool, type Work } from '../tool.ts'
import { BoardName, Bookmark, SectionName, strict, words } from './fields.ts'

/** A page of Pins. */
interface Found {
  items: readonly ListedPin[]
  bookmark: string | null
}

/** Finds Pins, with one sheet of their pictures. */
export const findPins = tool({
  name: 'find_pins',
  title: 'Find Pins',
  description:
    'Pins by words, of a board or section, or the newest: a row each, and one numbered sheet of their pictures.',
  toolset: 'pins',
  effect: 'reads',
  scopes: ['boards:read', 'pins:read'],
  input: Type.Object(
    {
      words: words(300, 'Words that must all be there, in title, description, alt text or link.'),
      everybody: Type.Optional(Type.Boolean({ description: "With words: everybody's public Pins, the best first." })),
      board: Type.Optional(BoardName),
      section: Type.Optional(SectionName),
      kind: Type.Optional(StringEnum(['all', 'created', 'saved'], { description: 'Of the newest alone.' })),
      pictures: Type.Optional(Type.Boolean({ default: true, description: 'Whether to show the sheet.' })),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: mostOnSheet, default: 12 })),
      bookmark: Bookmark,
    },
    strict,
  ),
  async run(input, work) {
    const { pictures = true, limit = 12 } = input
    const { items, bookmark } = await find({ ...input, limit }, work)
    const shown = items.slice(0, mostOnSheet)
    const value = { pins: shown.map((pin, index) => pinRow(pin, index + 1)), bookmark }
    if (!pictures || shown.length === 0) return { value }
    return { value, pictures: [await sheetOf(shown, work)] }
  },
})

interface Wanted {
  words?: string | undefined
  everybody?: boolean | undefined
  board?: string | undefined
  section?: string | undefined
  kind?: 'all' | 'created' | 'saved' | undefined
  limit: number
  bookmark?: string | undefined
}

async function find(wanted: Wanted, { client, signal }: Work): Promise<Found> {
  const { words: text, everybody, board: which, section, kind = 'all', limit } = wanted
  const page = { page_size: limit, ...(wanted.bookmark && { bookmark: wanted.bookmark }) }
  if (text !== undefined && which !== undefined)
    throw new ToolError('Give words or a board, not both: rows of a board can be read through.')
  if (text !== undefined)
    return everybody ? ofEverybody(text, wanted, client, signal) : search(text, wanted, client, signal)
  if (which === undefined) {
    if (section !== undefined) throw new ToolError('A section needs its board.')
    const filters = { all: undefined, created: 'exclude_repins', saved: 'exclude_native' } as const
    const pin_filter = filters[kind]
    return client.pins.list({ ...page, ...(pin_filter && { pin_filter }) }, { signal })
  }
  const finder = boardFinder(client)
  const board = await finder.board(which)
  if (section === undefined) return client.boards.listPins(board.id, page, { signal })
  return client.boardSections.listPins(board.id, await finder.sectionId(board, section), page, { signal })
}

async function ofEverybody(term: string, { limit, bookmark }: Wanted, client: PinterestClient, signal: AbortSignal) {
  const query = { term, country_code: 'US', limit, ...(bookmark && { bookmark }) }
  return client.search.partnerPins(query, { signal })
}

/** A search needs the scopes for secret boards. Without them, this many of the newest Pins are read through. */
const mostReadThrough = 1000

async function search(
  text: string,
  { limit, bookmark }: Wanted,
  client: PinterestClient,
  signal: AbortSignal,
): Promise<Found> {
  try {
    const found = await client.search.pins({ query: text, ...(bookmark && { bookmark }) }, { signal })
    return { items: found.items.slice(0, limit), bookmark: found.items.length > limit ? null : found.bookmark }
  } catch (error) {
    if (!(error instanceof PermissionError)) throw error
  }
  const wanted = text.toLowerCase().split(/\s+/)
  const items: ListedPin[] = []
  let read = 0
  for await (const pin of client.pins.list({ page_size: 250 }, { signal })) {
    if (items.length >= limit || read++ >= mostReadThrough) break
    const { title, description, alt_text, link } = pin
    const all = [title, description, alt_text, link].filter(Boolean).join(' ').toLowerCase()
    if (wanted.every((word) => all.includes(word))) items.push(pin)
  }
  return { items, bookmark: null }
}

/** Draws the sheet, from the smallest renditions that show all of a picture. */
async function sheetOf(pins: readonly ListedPin[], { host, signal }: Work): Promise<ShownPicture> {
  return host.inTurn(async () => {
    const pictures = await Promise.all(
      pins.map(async (pin) => {
        const url = pictureUrlOf(pin, '600x')
        return url === undefined ? undefined : host.pictureAt(url, signal).catch(() => undefined)
      }),
    )
    return contactSheet(pictures)
  })
}
