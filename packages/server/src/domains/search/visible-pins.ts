import type { CreativeType } from '@pinfold/contract'
import { type Page, type RankedPageRequest, readUntil } from '../../core/page.ts'
import type { Viewer } from '../../core/viewer.ts'
import type { BoardRow } from '../boards/boards.ts'
import type { WantedColour } from '../looks/colour-cells.ts'
import type { LookIndex } from '../looks/look-index.ts'
import { readPinLook } from '../looks/pin-look.ts'
import type { ReadPin } from '../pins/pins.ts'
import type { PinIndex } from './pin-index.ts'
import type { WantedWord } from './pin-search-store.ts'
import type { FindablePin, SearchablePins } from './searchable-pins.ts'
import { exactly, forgiving, searchedWords } from './wanted.ts'
import { wordsOf } from './words.ts'

/** What is searched for among the Pins that a viewer may see. */
export interface WantedPins {
  /** The words; without any every Pin has them. */
  query: string
  /** Whether only the viewer's own Pins are meant. */
  mine: boolean
  /** Only Pins on this board, which the viewer was found to see. */
  board?: Pick<BoardRow, 'id'> | undefined
  /** What they show. */
  type?: CreativeType | undefined
  /** The host that they link to, as `hostOf` writes it. */
  host?: string | undefined
  /** Whether they link somewhere. */
  hasLink?: boolean | undefined
  /** When they were made at the earliest, in milliseconds. */
  since?: number | undefined
  /** The colour that one of their main colours is near. */
  colour?: WantedColour | undefined
  /** This many of the newest are ranked. Default: a thousand. */
  most?: number
  /** Whether it is what somebody typed before they search for it: then it does not count as a search. */
  isTyped?: boolean
}

/** Finds Pins that a viewer may see. */
export interface VisiblePins {
  /**
   * Returns a page of the newest Pins that are wanted, public ones and the viewer's own: those with every word in their
   * titles first, and newest first. If none has the words, words that are one typing error away are accepted.
   */
  visiblePins(viewer: Viewer, wanted: WantedPins, page: RankedPageRequest): Promise<Page<ReadPin>>
  /** Does the same for a colour: those that are nearest to it and have most of it first, then newest first. */
  visiblePinsNear(viewer: Viewer, wanted: ColouredPins, page: NearPageRequest): Promise<Page<ReadPin, NearPosition>>
}

export type ColouredPins = WantedPins & { colour: WantedColour }

/** The place of a Pin in a search by colour: how far it is from the colour, and its id. */
export type NearPosition = readonly [farness: number, id: number]

/** A request for a page of such a search; `after`: where the page before ended. */
export interface NearPageRequest {
  after: NearPosition | undefined
  size: number
}

export interface VisiblePinsOptions {
  index: Pick<PinIndex, 'newest' | 'titled' | 'near'>
  looks: Pick<LookIndex, 'newestIn'>
  pins: Pick<SearchablePins, 'findable' | 'looked' | 'newestPublic'>
  noteSearch(accountId: number, text: string): void
  boardsOf(accountId: number): Promise<BoardRow[]>
  pinsByIds(ids: readonly number[]): Promise<ReadPin[]>
}

/** `farness`: is told how far each Pin that passes is from the colour that is wanted. */
type Sought = WantedPins & { farness?: Map<number, number> }

/** This many of the newest Pins are ranked: a common word is in many more. */
const mostPins = 1000

/** Makes the search over what a viewer may see. */
export function visiblePins(options: VisiblePinsOptions): VisiblePins {
  const { boardsOf, index, looks, noteSearch, pins, pinsByIds } = options

  /** Returns those of the Pins that are wanted and that the viewer may see, newest first. */
  async function passing(viewer: Viewer, wanted: Sought, ids: readonly number[]): Promise<number[]> {
    const passed = (await pins.findable(ids))
      .filter((pin) => isVisible(viewer, wanted, pin) && passes(wanted, pin))
      .map(({ id }) => id)
    const { colour, farness } = wanted
    if (!colour || passed.length === 0) return passed
    return (await pins.looked(passed)).flatMap(({ id, look }) => {
      const far = colour.farness(readPinLook(look)?.colours ?? [])
      if (far === undefined) return []
      farness?.set(id, far)
      return [id]
    })
  }

  /** Returns the ids of the newest Pins with the words that are wanted. */
  async function newest(viewer: Viewer, wanted: Sought, words: readonly WantedWord[]): Promise<number[]> {
    const { mine, board, host, colour, most = mostPins } = wanted
    const all = [...words, ...hostWords(host)]
    const isOfAll = all.length === 0 && !mine && !board
    if (isOfAll && !colour)
      return passing(
        viewer,
        wanted,
        (await pins.newestPublic(most)).map(({ id }) => id),
      )
    const among = {
      ownerId: mine ? viewer.accountId : undefined,
      boardId: board?.id,
      withoutBoardIds: [],
      wanted: all,
      count: most,
    }
    // Neither index knows who may see a Pin, so it is read on while there are too few that pass.
    return readUntil(most, async (before) => {
      const ids =
        isOfAll && colour
          ? await looks.newestIn(colour.cells, { before, count: most })
          : await index.newest({ ...among, before })
      return { items: await passing(viewer, wanted, ids), next: ids.length < most ? null : (ids.at(-1) ?? null) }
    })
  }

  /** Returns the ids of those Pins, those with the words in their titles first. */
  async function ranking(viewer: Viewer, wanted: Sought, words: readonly WantedWord[]): Promise<number[]> {
    const ids = await newest(viewer, wanted, words)
    const last = ids.at(-1)
    if (last === undefined || words.length === 0 || wanted.colour) return ids
    const titled = new Set(await index.titled({ wanted: words, from: last }))
    return [...ids.filter((id) => titled.has(id)), ...ids.filter((id) => !titled.has(id))]
  }

  async function find(viewer: Viewer, wanted: Sought): Promise<number[]> {
    const words = searchedWords(wanted.query)
    if (words.length === 0) return wanted.query.trim() === '' ? ranking(viewer, wanted, []) : []
    const boards = viewer.accountId === 0 ? [] : await boardsOf(viewer.accountId)
    const seen = boards.filter(({ privacy }) => privacy !== 'SECRET' || viewer.secret !== 'none')
    const exact = await ranking(viewer, wanted, exactly(words, seen))
    return exact.length > 0 ? exact : ranking(viewer, wanted, await forgiving(index, words, seen))
  }

  const note = (viewer: Viewer, { query, isTyped }: WantedPins) => {
    if (!isTyped && viewer.accountId !== 0) noteSearch(viewer.accountId, query)
  }

  /** Returns those Pins, in their order. One may have become secret since it was found to be visible. */
  async function show(viewer: Viewer, wanted: WantedPins, ids: readonly number[]): Promise<ReadPin[]> {
    const found = new Map((await pinsByIds(ids)).map((pin) => [pin.id, pin]))
    const visible = new Set((await pins.findable(ids)).filter((pin) => isVisible(viewer, wanted, pin)).map(idOf))
    return ids.flatMap((id) => (visible.has(id) ? (found.get(id) ?? []) : []))
  }

  return {
    async visiblePins(viewer, wanted, { from, size }) {
      if (from === 0) note(viewer, wanted)
      const ids = await find(viewer, wanted)
      const items = await show(viewer, wanted, ids.slice(from, from + size))
      return { items, next: from + size < ids.length ? from + size : null }
    },

    async visiblePinsNear(viewer, wanted, { after, size }) {
      if (!after) note(viewer, wanted)
      const farness = new Map<number, number>()
      const ids = await find(viewer, { ...wanted, farness })
      const places = ids.map((id) => [farness.get(id) ?? 0, id] as const).sort((a, b) => a[0] - b[0] || b[1] - a[1])
      const left = after ? places.filter(([far, id]) => far > after[0] || (far === after[0] && id < after[1])) : places
      const page = left.slice(0, size)
      const next = left.length > size ? (page.at(-1) ?? null) : null
      return {
        items: await show(
          viewer,
          wanted,
          page.map(([, id]) => id),
        ),
        next,
      }
    },
  }
}

const idOf = ({ id }: { id: number }): number => id

/** Returns conditions that every Pin fulfils which links to a host: its words are indexed too. */
const hostWords = (host: string | undefined): WantedWord[] =>
  wordsOf(host ?? '').map((word) => ({ words: [word], isPrefix: false, boardIds: [] }))

/** Returns whether a viewer may see a Pin, and whether it is among those that the search is over. */
function isVisible(viewer: Viewer, { mine, board }: WantedPins, pin: FindablePin): boolean {
  if (board) return pin.board_id === board.id && (!mine || pin.owner_id === viewer.accountId)
  const isOwn = pin.owner_id === viewer.accountId && (pin.privacy !== 'SECRET' || viewer.secret !== 'none')
  return isOwn || (!mine && pin.privacy === 'PUBLIC')
}

function passes({ type, host, hasLink, since }: WantedPins, pin: FindablePin): boolean {
  return (
    (type === undefined || pin.creative_type === type) &&
    (host === undefined || pin.link_host === host) &&
    (hasLink === undefined || (pin.has_link === 1) === hasLink) &&
    (since === undefined || pin.created_at >= since)
  )
}
