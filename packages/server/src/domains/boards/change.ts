import { ApiError, invalid } from '../../core/errors.ts'
import { checkSecretWrite, type Viewer } from '../../core/viewer.ts'
import type { Database } from '../../db/database.ts'
import type { BoardFollowers } from './board-followers.ts'
import { boardKey, tidyName, visibleBoardKeys } from './names.ts'
import type { PinsOnBoards } from './pins-on-boards.ts'
import type { BoardReads } from './read.ts'
import type { BoardRow, BoardStore } from './store/boards.ts'
import type { CollaboratorStore } from './store/collaborators.ts'

/** A change of a board. Missing fields stay unchanged. */
export interface BoardChange {
  name?: string
  description?: string | null
  privacy?: 'PUBLIC' | 'SECRET'
}

/** Changes boards. */
export interface BoardChanges {
  /**
   * Changes a board, and returns the new one. Throws as `findToOwn`; a 400 for a blank name, or when a board for
   * advertising only is to be renamed or opened; `boardRenameTaken`; `insufficientScope` when it is to become secret.
   * A board that becomes secret loses its followers.
   */
  update(viewer: Viewer, id: string, change: BoardChange): Promise<BoardRow>
}

export interface BoardChangesOptions {
  db: Database
  store: BoardStore
  collaborators: CollaboratorStore
  reads: BoardReads
  pins: PinsOnBoards
  followers: BoardFollowers
}

/** Makes the changes of boards. */
export function boardChanges(options: BoardChangesOptions): BoardChanges {
  const { db, store, collaborators, reads, pins, followers } = options
  return {
    async update(viewer, id, change) {
      const board = await reads.findToOwn(viewer, id)
      if (change.privacy === 'SECRET') checkSecretWrite(viewer)
      if (board.is_ads_only && (change.name !== undefined || change.privacy !== undefined))
        throw invalid('A board for advertising only keeps its name and its privacy.')
      const name = change.name === undefined ? undefined : tidyName(change.name)
      return db.write(async (tx) => {
        const current = await store.lock(tx, board.id)
        if (!current) throw new ApiError('boardNotFound')
        const { privacy } = current
        const named = { name: name ?? current.name, privacy: change.privacy ?? privacy }
        const key = boardKey(named.name, named.privacy)
        if (key !== current.name_key) {
          const holders = await store.idsByKeys(tx, board.owner_id, visibleBoardKeys(viewer, named.name))
          if (holders.some((holder) => holder !== board.id)) throw new ApiError('boardRenameTaken')
        }
        const updated = await store.update(tx, board.id, {
          ...named,
          name_key: key,
          ...(change.description !== undefined && { description: change.description ?? '' }),
          ...(change.privacy === 'SECRET' && { follower_count: 0 }),
        })
        if (!updated) throw new ApiError('boardNotFound')
        if (key !== current.name_key && updated.collaborator_count > 0)
          await collaborators.setBoardName(tx, board.id, key)
        if (updated.privacy === 'SECRET') await followers.forget(tx, board.id)
        if (updated.privacy !== privacy) await pins.setPrivacy(tx, board.id, privacy, updated.privacy)
        return updated
      })
    },
  }
}
