import type { Transaction } from 'kysely'
import type { Clock } from '../../core/clock.ts'
import { ApiError, invalid } from '../../core/errors.ts'
import { parseId } from '../../core/ids.ts'
import { checkSecretWrite, type Viewer } from '../../core/viewer.ts'
import type { Database } from '../../db/database.ts'
import type { Schema } from '../../db/schema.ts'
import type { Outbox } from '../webhooks/outbox.ts'
import type { BoardFollowers } from './board-followers.ts'
import { boardKey, tidyName, visibleBoardKeys } from './names.ts'
import type { PinsOnBoards } from './pins-on-boards.ts'
import type { BoardReads } from './read.ts'
import type { BoardRow, BoardStore } from './store/boards.ts'
import type { CollaboratorStore } from './store/collaborators.ts'
import { changedOfBoard, toldBoard } from './told.ts'

/** A change of a board. Missing fields stay unchanged. */
export interface BoardChange {
  name?: string
  description?: string | null
  privacy?: 'PUBLIC' | 'SECRET'
}

/** A change of how a board is shown. Missing fields stay unchanged. */
export interface BoardViewChange {
  /** Whether it is put away: then it is in no list of those on it, but still there. */
  is_archived?: boolean
  /** A Pin on it whose picture is its cover; null: the newest one. */
  cover_pin_id?: string | null
}

/** Changes boards. */
export interface BoardChanges {
  /**
   * Changes a board, and returns the new one. Throws as `findToOwn`; a 400 for a blank name, or when a board for
   * advertising only is to be renamed or opened; `boardRenameTaken`; `insufficientScope` when it is to become secret.
   * A board that becomes secret loses its followers.
   */
  update(viewer: Viewer, id: string, change: BoardChange): Promise<BoardRow>
  /** Puts a board away, or takes it out again, and chooses its cover. Throws as `findToOwn`, and `pinNotFound`. */
  updateView(viewer: Viewer, id: string, change: BoardViewChange): Promise<BoardRow>
}

export interface BoardChangesOptions {
  db: Database
  clock: Clock
  store: BoardStore
  collaborators: CollaboratorStore
  reads: BoardReads
  pins: PinsOnBoards
  followers: BoardFollowers
  outbox: Outbox
}

/** Makes the changes of boards. */
export function boardChanges(options: BoardChangesOptions): BoardChanges {
  const { db, clock, store, collaborators, reads, pins, followers, outbox } = options

  /** Tells of a change; `before` was read before the board was held, but for what is in `held`. */
  const tell = (tx: Transaction<Schema>, before: BoardRow, held: Partial<BoardRow>, after: BoardRow): Promise<void> =>
    outbox.changed(tx, [after.owner_id], () => {
      const was = { ...before, ...held }
      const changed = changedOfBoard(was, after)
      return { kind: 'board', id: after.id, before: toldBoard(was), after: toldBoard(after), changed }
    })

  async function coverOf(tx: Transaction<Schema>, boardId: number, pinId: string | null): Promise<Partial<BoardRow>> {
    if (pinId === null) return { cover_pin_id: null, cover_key: null }
    const id = parseId(pinId)
    const key = id === undefined ? undefined : await pins.pictureOn(tx, boardId, id)
    if (id === undefined || key === undefined) throw new ApiError('pinNotFound')
    return { cover_pin_id: id, cover_key: key }
  }

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
        await tell(tx, board, current, updated)
        return updated
      })
    },

    async updateView(viewer, id, { is_archived, cover_pin_id }) {
      const board = await reads.findToOwn(viewer, id)
      if (is_archived === undefined && cover_pin_id === undefined) return board
      return db.write(async (tx) => {
        const held = await store.lock(tx, board.id)
        if (!held) throw new ApiError('boardNotFound')
        const updated = await store.update(tx, board.id, {
          ...(is_archived !== undefined && { archived_at: is_archived ? clock.now() : null }),
          ...(cover_pin_id !== undefined && (await coverOf(tx, board.id, cover_pin_id))),
        })
        if (!updated) throw new ApiError('boardNotFound')
        await tell(tx, board, held, updated)
        return updated
      })
    },
  }
}
