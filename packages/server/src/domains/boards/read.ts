import type { BoardPrivacy } from '@pinfold/contract'
import { limits } from '../../core/account-limits.ts'
import { ApiError } from '../../core/errors.ts'
import { parseId } from '../../core/ids.ts'
import { mergeNewestFirst, type Page, type PageRequest, toPage } from '../../core/page.ts'
import { checkSecretWrite, type Viewer } from '../../core/viewer.ts'
import type { BoardRow, BoardStore } from './store/boards.ts'

/** The privacies that each filter of the list of boards leaves. */
const privacyFilters = {
  ALL: ['PUBLIC', 'PROTECTED', 'SECRET'],
  PUBLIC: ['PUBLIC'],
  PROTECTED: ['PROTECTED'],
  SECRET: ['SECRET'],
  PUBLIC_AND_SECRET: ['PUBLIC', 'SECRET'],
} as const satisfies Record<string, readonly BoardPrivacy[]>

export type PrivacyFilter = keyof typeof privacyFilters

/** Boards, as they are read. */
export interface BoardReads {
  /** Returns a board that the viewer may see. Throws `boardNotFound`, or `forbidden` if it is somebody else's. */
  find(viewer: Viewer, id: string): Promise<BoardRow>
  /** Returns a board that the viewer may change. Throws as `find`, and `insufficientScope` for a secret one. */
  findToWrite(viewer: Viewer, id: string): Promise<BoardRow>
  /** Returns a page of the viewer's boards, newest first; secret ones only if the viewer may see them. */
  list(viewer: Viewer, filter: PrivacyFilter, page: PageRequest): Promise<Page<BoardRow>>
  /** Returns every board of an account, whoever may see it: an account has few enough. */
  ofAccount(accountId: number): Promise<BoardRow[]>
}

/** Makes the reads over `store`. */
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

    async findToWrite(viewer, id) {
      const board = await find(viewer, id)
      if (board.privacy === 'SECRET') checkSecretWrite(viewer)
      return board
    },

    async ofAccount(ownerId) {
      const lists = privacyFilters.ALL.map((privacy) =>
        store.ofOwner({ ownerId, privacy, before: Number.MAX_SAFE_INTEGER, count: limits.boardsPerAccount }),
      )
      return (await Promise.all(lists)).flat()
    },

    async list(viewer, filter, { before, size }) {
      const lists = privacyFilters[filter]
        .filter((privacy) => privacy !== 'SECRET' || viewer.secret !== 'none')
        .map((privacy) => store.ofOwner({ ownerId: viewer.accountId, privacy, before, count: size + 1 }))
      return toPage(await mergeNewestFirst(lists, size + 1), size, (row) => row)
    },
  }
}

/** Its owner sees a secret board, with a token that may; nobody else does. */
function seesSecret(viewer: Viewer, board: BoardRow): boolean {
  return board.owner_id === viewer.accountId && viewer.secret !== 'none'
}
