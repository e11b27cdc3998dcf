import type { BoardPrivacy } from '@pinfold/contract'
import { limits } from '../../core/account-limits.ts'
import { ApiError } from '../../core/errors.ts'
import { parseId } from '../../core/ids.ts'
import { nameKey } from '../../core/name-key.ts'
import { type OrderedPageRequest, type Page, toOrderedPage } from '../../core/page.ts'
import { type Soon, soon } from '../../core/soon.ts'
import { checkSecretWrite, type Viewer } from '../../core/viewer.ts'
import type { Accounts } from '../accounts/accounts.ts'
import { notOn } from './members.ts'
import type { ArchivedFilter, BoardRow, BoardStore, NamedBoard } from './store/boards.ts'
import type { CollaboratorStore } from './store/collaborators.ts'

/** The privacies that each filter of the list of boards selects. */
const privacyFilters = {
  ALL: ['PUBLIC', 'PROTECTED', 'SECRET'],
  PUBLIC: ['PUBLIC'],
  PROTECTED: ['PROTECTED'],
  SECRET: ['SECRET'],
  PUBLIC_AND_SECRET: ['PUBLIC', 'SECRET'],
} as const satisfies Record<string, readonly BoardPrivacy[]>

export type PrivacyFilter = keyof typeof privacyFilters

/** The position of a board in a list: its name as `boardKey` makes it, and its id, since group boards may share a name. */
export type BoardPosition = readonly [key: string, id: number]

/** What an account is on a board. */
export type BoardRole = 'owner' | 'collaborator'

/** Reads boards. */
export interface BoardReads {
  /**
   * Returns a board that the viewer is on, as its owner or a collaborator. Throws `boardNotFound`, or `forbidden` for any
   * other.
   */
  find(viewer: Viewer, id: string): Soon<BoardRow>
  /** Returns a board that the viewer is on, or anybody's public one. Throws `boardNotFound` for any other. */
  view(viewer: Viewer, id: string): Promise<BoardRow>
  /**
   * Returns a board that the viewer may put Pins and sections on. Throws as `find`, and `insufficientScope` for a secret
   * one.
   */
  findToWrite(viewer: Viewer, id: string): Promise<BoardRow>
  /** Returns a board that the viewer owns. Throws as `findToWrite`, and `forbidden` for a collaborator. */
  findToOwn(viewer: Viewer, id: string): Promise<BoardRow>
  /**
   * Returns a page of the boards that the viewer is on, by name; secret ones only if the viewer may see them. `archived`:
   * with those that were put away by default.
   */
  list(
    viewer: Viewer,
    filter: PrivacyFilter,
    page: OrderedPageRequest<BoardPosition>,
    archived?: ArchivedFilter,
  ): Promise<Page<BoardRow, BoardPosition>>
  /** Returns a page of the public boards that an account is on, by name, without those that were put away. */
  listPublic(accountId: number, page: OrderedPageRequest<BoardPosition>): Promise<Page<BoardRow, BoardPosition>>
  /** Returns a page of the public boards whose names begin with a text, by name; none if the text is empty. */
  publicNamed(beginning: string, page: OrderedPageRequest<BoardPosition>): Promise<Page<BoardRow, BoardPosition>>
  /** Returns how many secret boards an account owns. */
  secretCount(accountId: number): Promise<number>
  /** Returns how many boards of an account were put away; secret ones are counted only if the viewer may see them. */
  archivedCount(viewer: Viewer): Promise<number>
  /** Returns how many public boards an account owns, without those that were put away. */
  publicCount(accountId: number): Promise<number>
  /** Returns every board that an account is on, whatever the viewer: an account has few enough. */
  ofAccount(accountId: number): Promise<BoardRow[]>
  /** Returns the names of those boards, in no order. */
  namesOf(accountId: number): Promise<NamedBoard[]>
  /** Returns what an account is on boards; those that it is not on are left out. */
  rolesOn(accountId: number, boardIds: readonly number[]): Promise<ReadonlyMap<number, BoardRole>>
  /** Returns the username of the owner of a board. The viewer's own is not looked up. */
  ownerName(viewer: Viewer, board: Pick<BoardRow, 'owner_id'>): Promise<string>
  /** Returns the usernames of the owners of boards, by their ids. The viewer's own is not looked up. */
  ownerNames(viewer: Viewer, boards: readonly Pick<BoardRow, 'owner_id'>[]): Promise<ReadonlyMap<number, string>>
}

export interface BoardReadsOptions {
  store: BoardStore
  collaborators: CollaboratorStore
  accounts: Pick<Accounts, 'byId' | 'byIds'>
}

const isHidden = (viewer: Viewer, board: BoardRow): boolean => board.privacy === 'SECRET' && viewer.secret === 'none'

/** Makes the reads of boards. */
export function boardReads({ store, collaborators, accounts }: BoardReadsOptions): BoardReads {
  function find(viewer: Viewer, id: string): Soon<BoardRow> {
    const number = parseId(id) ?? 0
    return soon(store.byId(number), (board) => {
      const isOwn = board?.owner_id === viewer.accountId && !isHidden(viewer, board)
      return isOwn ? board : findAsMember(viewer, number, board)
    })
  }

  async function findAsMember(viewer: Viewer, number: number, board: BoardRow | undefined): Promise<BoardRow> {
    // Looked up for what is hidden, too: how long an answer takes tells nobody whether there is such a board.
    const isCollaborator = await collaborators.has(number, viewer.accountId)
    if (!board || isHidden(viewer, board)) throw new ApiError('boardNotFound')
    if (isCollaborator) return board
    // A board that was deleted since it was found has no collaborators either.
    if (board.privacy !== 'SECRET' && !(await store.byId(number))) throw new ApiError('boardNotFound')
    throw notOn(board)
  }

  async function findToWrite(viewer: Viewer, id: string): Promise<BoardRow> {
    const board = await find(viewer, id)
    if (board.privacy === 'SECRET') checkSecretWrite(viewer)
    return board
  }

  async function listOf(
    accountId: number,
    privacies: readonly BoardPrivacy[],
    archived: ArchivedFilter,
    { after, size }: OrderedPageRequest<BoardPosition>,
  ): Promise<Page<BoardRow, BoardPosition>> {
    const from = after ? { afterName: after[0], afterId: after[1] } : start
    return pageByName(await store.ofAccount({ accountId, privacies, archived, ...from, count: size + 1 }), size)
  }

  return {
    find,
    findToWrite,
    secretCount: store.secretCount,

    async publicCount(accountId) {
      return (await store.publicCount(accountId)) - (await store.archivedCount(accountId, 'PUBLIC'))
    },

    async archivedCount({ accountId, secret }) {
      const counted = privacyFilters.ALL.filter((privacy) => privacy !== 'SECRET' || secret !== 'none')
      const counts = await Promise.all(counted.map((privacy) => store.archivedCount(accountId, privacy)))
      return counts.reduce((sum, count) => sum + count, 0)
    },

    async view(viewer, id) {
      const board = await store.byId(parseId(id) ?? 0)
      if (board?.privacy === 'PUBLIC') return board
      try {
        return await find(viewer, id)
      } catch (error) {
        return asNotFound(error)
      }
    },

    async findToOwn(viewer, id) {
      const board = await findToWrite(viewer, id)
      if (board.owner_id !== viewer.accountId)
        throw new ApiError('forbidden', { detail: 'Only the owner of a board changes and deletes it.' })
      return board
    },

    async rolesOn(accountId, boardIds) {
      const rows = await collaborators.rolesOn(accountId, [...new Set(boardIds)])
      return new Map(rows.map(({ id, owner_id }) => [id, owner_id === accountId ? 'owner' : 'collaborator']))
    },

    ownerName: async ({ accountId, username }, { owner_id: id }) =>
      id === accountId ? username : (await accounts.byId(id)).username,

    async ownerNames({ accountId, username }, boards) {
      const others = boards.flatMap(({ owner_id: id }) => (id === accountId ? [] : [id]))
      const found = others.length > 0 ? await accounts.byIds(others) : new Map<number, { username: string }>()
      return new Map([[accountId, username], ...[...found].map(([id, other]) => [id, other.username] as const)])
    },

    namesOf: store.namesOf,

    ofAccount: (accountId) =>
      store.ofAccount({
        accountId,
        privacies: privacyFilters.ALL,
        archived: 'with',
        ...start,
        count: limits.boardsPerAccount,
      }),

    list({ accountId, secret }, filter, page, archived = 'with') {
      const listed: readonly BoardPrivacy[] = privacyFilters[filter]
      const privacies = listed.filter((privacy) => privacy !== 'SECRET' || secret !== 'none')
      return listOf(accountId, privacies, archived, page)
    },

    listPublic: (accountId, page) => listOf(accountId, privacyFilters.PUBLIC, 'without', page),

    async publicNamed(text, { after, size }) {
      const beginning = nameKey(text)
      if (beginning === '') return { items: [], next: null }
      const from = after ? { afterName: after[0], afterId: after[1] } : start
      return pageByName(await store.publicNamed({ beginning, ...from, count: size + 1 }), size)
    },
  }
}

const pageByName = (rows: BoardRow[], size: number): Page<BoardRow, BoardPosition> =>
  toOrderedPage(
    rows,
    size,
    (row) => row,
    ({ name_key, id }) => [name_key ?? '', id],
  )

/** Before the first board: no name is empty. */
const start = { afterName: '', afterId: 0 }

/** To who is not on it a board that is not public is as one that is not there: that it is there is for its owner to tell. */
function asNotFound(error: unknown): never {
  throw error instanceof ApiError && error.entry === 'forbidden' ? new ApiError('boardNotFound') : error
}
