import { ApiError } from '../../core/errors.ts'
import { type Page, type PageRequest, toPage } from '../../core/page.ts'
import type { Viewer } from '../../core/viewer.ts'
import type { BoardRow, SectionRow } from '../boards/boards.ts'
import type { FollowedIds } from '../follows/follows.ts'
import { findToSave, type PinFinder } from './read.ts'
import type { OpenPinStore } from './store/open.ts'
import type { ListedPin, PinRow, ReadPin } from './store.ts'

/** Reads Pins that anybody may see, and the viewer's own. Pages are newest first. */
export interface OpenPins {
  /** Returns a Pin of the viewer's, on a board that the viewer is on, or on a public one. Throws `pinNotFound`. */
  view(viewer: Viewer, id: string): Promise<PinRow>
  /** Returns a page of the public Pins that were not saved from another. */
  newest(page: PageRequest): Promise<Page<ReadPin>>
  /** Returns a page of the public Pins of these accounts and on these boards. */
  newestOf(followed: FollowedIds, page: PageRequest): Promise<Page<ReadPin>>
  /** Returns a page of the Pins on a board, or in a section of it, that the viewer was found to see. */
  onBoard(board: BoardRow, section: SectionRow | undefined, page: PageRequest): Promise<Page<ListedPin>>
  /** Returns the accounts of the last 100 saves of a Pin to public boards, each once, the newest save first. */
  saversOf(id: number): Promise<number[]>
  /** Returns how many public Pins an account has; at most 10,000 are counted. */
  publicCount(accountId: number): Promise<number>
  /** Returns the key of the newest picture in each of these sections, by the section. */
  sectionCovers(sectionIds: readonly number[]): Promise<Map<number, string>>
  /** Returns how many Pins are in each of these sections, by the section; those without any are left out. */
  sectionCounts(sectionIds: readonly number[]): Promise<Map<number, number>>
}

/** At most this many saves of a Pin are read to tell who saved it. */
const maxSaves = 100
/** At most this many public Pins of an account are counted: others are more than anybody wants to know exactly. */
const maxCounted = 10_000

/** Makes the reads of open Pins. */
export function openPins(open: OpenPinStore, finder: PinFinder): OpenPins {
  const { store } = finder
  return {
    view: (viewer, id) =>
      findToSave(finder, viewer, id).catch((error: unknown) => {
        // To others a Pin on a protected board is as one that is not there.
        if (error instanceof ApiError && error.entry === 'forbidden') throw new ApiError('pinNotFound')
        throw error
      }),

    async newest({ before, size }) {
      return toPage(await open.newest({ before, count: size + 1 }), size, (row) => row)
    },

    async newestOf({ accounts, boards }, { before, size }) {
      const range = { before, count: size + 1 }
      const [ofOwners, onBoards] = await Promise.all([
        open.idsOfOwners(accounts, range),
        open.idsOnBoards(boards, range),
      ])
      const ids = [...new Set([...ofOwners, ...onBoards])].sort((a, b) => b - a).slice(0, size + 1)
      const rows = (await store.byIds(ids)).filter(({ privacy }) => privacy === 'PUBLIC')
      const shown = toPage(rows, size, (row) => row)
      return { ...shown, next: ids.length > size ? (ids[size - 1] ?? null) : null }
    },

    async onBoard({ id: boardId }, section, { before, size }) {
      const range = { before, count: size + 1 }
      const rows = section
        ? await store.ofSection({ ...range, sectionId: section.id })
        : await store.ofBoard({ ...range, boardId })
      const { items, next } = toPage(rows, size, (row) => row)
      return { items: await store.listed(items), next }
    },

    saversOf: async (id) => [...new Set(await open.savers(id, maxSaves))],
    publicCount: (accountId) => open.count(accountId, maxCounted),
    sectionCovers: (sectionIds) => open.newestPictures(sectionIds),
    sectionCounts: (sectionIds) => open.countsInSections(sectionIds),
  }
}
