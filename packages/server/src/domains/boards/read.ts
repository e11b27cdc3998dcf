import type { BoardPrivacy } from '@pinfold/contract'
import { limits } from '../../core/account-limits.ts'
import { ApiError } from '../../core/errors.ts'
import { parseId } from '../../core/ids.ts'
import { type OrderedPageRequest, type Page, toOrderedPage } from '../../core/page.ts'
import { checkSecretWrite, type Viewer } from '../../core/viewer.ts'
import type { BoardRow, BoardStore } from './store/boards.ts'

/** The privacies that each filter of the list of boards selects. */
const privacyFilters = {
  ALL: ['PUBLIC', 'PROTECTED', 'SECRET'],
  PUBLIC: ['PUBLIC'],
  PROTECTED: ['PROTECTED'],
  SECRET: ['SECRET'],
  PUBLIC_AND_SECRET: ['PUBLIC', 'SECRET'],
} as const satisfies Record<string, readonly BoardPrivacy[]>

export type PrivacyFilter = keyof typeof privacyFilters

/** The position of a board in its owner's list: its name as `boardKey` makes it, unique among them. */
export type BoardPosition = readonly [key: string]

/** Reads boards. */
export interface BoardReads {
  /** Returns a board that the viewer may see. Throws `boardNotFound`, or `forbidden` for somebody else's. */
  find(viewer: Viewer, id: string): Promise<BoardRow>
  /** Returns a board that the viewer may change. Throws as `find`, and `insufficientScope` for a secret one. */
  findToWrite(viewer: Viewer, id: string): Promise<BoardRow>
  /** Returns a page of the viewer's boards, by name; secret ones only if the viewer may see them. */
  list(
    viewer: Viewer,
    filter: PrivacyFilter,
    page: OrderedPageRequest<BoardPosition>,
  ): Promise<Page<BoardRow, BoardPosition>>
  /** Returns how many secret boards an account has, and how many Pins are on them. */
  secretCounts(accountId: number): Promise<{ boards: number; pins: number }>
  /** Returns every board of an account, whatever the viewer: an account has few enough. */
  ofAccount(accountId: number): Promise<BoardRow[]>
}

/** Makes the reads of boards. */
export function boardReads(store: BoardStore): BoardReads {
  async function find(viewer: Viewer, id: string): Promise<BoardRow> {
    const number = parseId(id)
    const board = number === undefined ? undefined : await store.byId(number)
    if (!board || (board.privacy === 'SECRET' && !seesSecret(viewer, board))) throw new ApiError('boardNotFound')
    if (board.owner_id !== viewer.accountId) throw new ApiError('forbidden')
    return board
  }

  return {
    find,
    secretCounts: store.secretCounts,

    async findToWrite(viewer, id) {
      const board = await find(viewer, id)
      if (board.privacy === 'SECRET') checkSecretWrite(viewer)
      return board
    },

    ofAccount: (ownerId) =>
      store.ofOwner({ ownerId, privacies: privacyFilters.ALL, after: '', count: limits.boardsPerAccount }),

    async list(viewer, filter, { after: [after] = [''], size }) {
      const listed: readonly BoardPrivacy[] = privacyFilters[filter]
      const privacies = listed.filter((privacy) => privacy !== 'SECRET' || viewer.secret !== 'none')
      const rows = await store.ofOwner({ ownerId: viewer.accountId, privacies, after, count: size + 1 })
      return toOrderedPage(
        rows,
        size,
        (row) => row,
        ({ name_key }) => [name_key ?? ''],
      )
    },
  }
}

/** Returns whether the viewer sees a secret board: only its owner does, with a token that may. */
function seesSecret(viewer: Viewer, board: BoardRow): boolean {
  return board.owner_id === viewer.accountId && viewer.secret !== 'none'
}
