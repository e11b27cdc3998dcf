import { type Page, type PageRequest, type RankedPageRequest, toPage } from '../../core/page.ts'
import type { Viewer } from '../../core/viewer.ts'
import type { BoardRow, NamedBoard } from '../boards/boards.ts'
import type { ReadPin } from '../pins/pins.ts'
import { newestPublic, type PublicPinsOptions } from './newest-public.ts'
import type { PinIndex } from './pin-index.ts'
import type { PinSearchQuery, WantedWord } from './pin-search-store.ts'
import { isOneErrorAway } from './typing-errors.ts'
import { type VisiblePins, type VisiblePinsOptions, visiblePins } from './visible-pins.ts'
import { exactly, forgiving, maxBoards, searchedWords } from './wanted.ts'
import { wordsOf } from './words.ts'

/** Finds boards and Pins by words: they must have every word, the last one as a prefix. */
export interface Search extends VisiblePins {
  /**
   * Returns a page of the boards that the viewer is on whose names or descriptions have the words of `query`, newest first; every
   * board if there are no words.
   */
  boards(viewer: Viewer, query: string, page: PageRequest): Promise<Page<BoardRow>>
  /** Does the same for what somebody types before they search for it: it counts as no search. */
  suggestBoards(viewer: Viewer, query: string, page: PageRequest): Promise<Page<BoardRow>>
  /**
   * Returns a page of the viewer's Pins, newest first: of the listed ones if `query` is a list of ids, or else of those
   * with its words in their titles, descriptions, alternative texts, hosts of links or names of boards. If none has
   * them, words that are one typing error away are accepted.
   */
  pins(viewer: Viewer, query: string, page: PageRequest): Promise<Page<ReadPin>>
  /**
   * Returns a page of the newest thousand public Pins of everybody with the words of `term`: those with all of them in
   * their titles first, and newest first. If none has them, words that are one typing error away are accepted.
   */
  publicPins(viewer: Viewer, term: string, page: RankedPageRequest): Promise<Page<ReadPin>>
}

export interface SearchOptions {
  index: PinIndex
  looks: VisiblePinsOptions['looks']
  pins: PublicPinsOptions['pins'] & VisiblePinsOptions['pins']
  /** Notes what an account searched for, to count what is frequent. */
  noteSearch(accountId: number, text: string): void
  /** Returns every board that an account is on. */
  boardsOf(accountId: number): Promise<BoardRow[]>
  /** Returns their names, in no order. */
  boardNamesOf(accountId: number): Promise<NamedBoard[]>
  /** Returns those of the Pins that exist, newest first. */
  pinsByIds(ids: readonly number[]): Promise<ReadPin[]>
}

/** A page that is not full is filled from this many Pins at a time. */
const mostAtATime = 2000

/** Makes the search. */
export function searchOf(options: SearchOptions): Search {
  return { ...boardSearch(options), ...ownPinSearch(options), ...publicPinSearch(options), ...visiblePins(options) }
}

function boardSearch({ boardsOf, noteSearch }: SearchOptions): Pick<Search, 'boards' | 'suggestBoards'> {
  async function suggestBoards(viewer: Viewer, query: string, { before, size }: PageRequest): Promise<Page<BoardRow>> {
    const visible = (await boardsOf(viewer.accountId)).filter((board) => seesPrivacy(viewer, board))
    const words = searchedWords(query)
    const matching = visible.filter((board) => matchesAll(words, board))
    const found = matching.length > 0 ? matching : visible.filter((board) => matchesAll(words, board, isOneErrorAway))
    const rows = found.filter(({ id }) => id < before).sort((a, b) => b.id - a.id)
    return toPage(rows.slice(0, size + 1), size, (row) => row)
  }

  return {
    suggestBoards,
    boards(viewer, query, page) {
      noteSearch(viewer.accountId, query)
      return suggestBoards(viewer, query, page)
    },
  }
}

function ownPinSearch({ index, boardNamesOf, pinsByIds, noteSearch }: SearchOptions): Pick<Search, 'pins'> {
  /** Returns at most `count` matching Pins that the viewer may see. */
  async function find(viewer: Viewer, query: PinSearchQuery): Promise<ReadPin[]> {
    const found: ReadPin[] = []
    let { before, count } = query
    for (;;) {
      const ids = await index.newest({ ...query, before, count })
      found.push(...(await pinsByIds(ids)).filter((pin) => isOwn(viewer, pin)))
      const last = ids.at(-1)
      if (found.length >= query.count || ids.length < count || last === undefined) return found.slice(0, query.count)
      before = last
      count = Math.min(count * 4, mostAtATime)
    }
  }

  async function withWords(
    viewer: Viewer,
    words: readonly string[],
    { before, size }: PageRequest,
  ): Promise<ReadPin[]> {
    const boards = await boardNamesOf(viewer.accountId)
    const hidden = boards.filter((board) => !seesPrivacy(viewer, board)).map(({ id }) => id)
    const among = { ownerId: viewer.accountId, withoutBoardIds: hidden.slice(0, maxBoards), before, count: size + 1 }
    const exact = { ...among, wanted: exactly(words, boards) }
    const rows = await find(viewer, exact)
    if (rows.length > 0) return rows
    const fromTheStart = { ...exact, before: Number.MAX_SAFE_INTEGER, count: 1 }
    const isLastPage = before !== fromTheStart.before && (await find(viewer, fromTheStart)).length > 0
    return isLastPage ? [] : find(viewer, { ...among, wanted: await forgiving(index, words, boards) })
  }

  return {
    async pins(viewer, query, page) {
      noteSearch(viewer.accountId, query)
      const named = idsIn(query)
      const words = searchedWords(query)
      const rows = named
        ? (await pinsByIds(named)).filter((pin) => isOwn(viewer, pin) && pin.id < page.before)
        : words.length > 0
          ? await withWords(viewer, words, page)
          : []
      return toPage(rows.slice(0, page.size + 1), page.size, (row) => row)
    },
  }
}

function publicPinSearch(options: SearchOptions): Pick<Search, 'publicPins'> {
  const { index, pinsByIds, noteSearch } = options

  /** Returns the ids of public Pins with these words, best first. */
  async function ranking(wanted: readonly WantedWord[]): Promise<number[]> {
    const ids = (await newestPublic(options, wanted)).map(({ id }) => id)
    const last = ids.at(-1)
    if (last === undefined) return []
    const titled = new Set(await index.titled({ wanted, from: last }))
    return [...ids.filter((id) => titled.has(id)), ...ids.filter((id) => !titled.has(id))]
  }

  return {
    async publicPins(viewer, term, { from, size }) {
      noteSearch(viewer.accountId, term)
      const words = searchedWords(term)
      if (words.length === 0) return { items: [], next: null }
      const exact = await ranking(exactly(words, []))
      const ids = exact.length > 0 ? exact : await ranking(await forgiving(index, words, []))
      const shown = ids.slice(from, from + size)
      const pins = new Map((await pinsByIds(shown)).map((pin) => [pin.id, pin]))
      // One may have become secret since its privacy was read.
      const items = shown.flatMap((id) => pins.get(id) ?? []).filter(({ privacy }) => privacy === 'PUBLIC')
      return { items, next: from + size < ids.length ? from + size : null }
    },
  }
}

/** Returns whether a board has every word, the last one as a prefix; `isNear` accepts other words. */
function matchesAll(
  words: readonly string[],
  { name, description }: BoardRow,
  isNear: (one: string, other: string) => boolean = () => false,
): boolean {
  const own = wordsOf(`${name} ${description}`)
  return words.every((word, i) =>
    own.some((each) => each === word || (i === words.length - 1 && each.startsWith(word)) || isNear(word, each)),
  )
}

/** Returns the ids that a query lists, separated by commas or spaces; undefined if it has words. */
function idsIn(query: string): number[] | undefined {
  const parts = query.split(/[\s,]+/).filter((part) => part !== '')
  return parts.length > 0 && parts.every((part) => /^\d{12,16}$/.test(part)) ? parts.map(Number) : undefined
}

const seesPrivacy = (viewer: Viewer, { privacy }: { privacy: string }): boolean =>
  privacy !== 'SECRET' || viewer.secret !== 'none'

const isOwn = (viewer: Viewer, pin: ReadPin): boolean => pin.owner_id === viewer.accountId && seesPrivacy(viewer, pin)
