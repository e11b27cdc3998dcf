import type { Transaction } from 'kysely'
import { ApiError } from '../../core/errors.ts'
import type { Viewer } from '../../core/viewer.ts'
import type { Database } from '../../db/database.ts'
import type { Schema } from '../../db/schema.ts'
import type { Accounts } from '../accounts/accounts.ts'
import type { Outbox } from '../webhooks/outbox.ts'
import type { BoardFollowers } from './board-followers.ts'
import type { PinsOnBoards } from './pins-on-boards.ts'
import type { BoardReads } from './read.ts'
import type { BoardRow, BoardStore, RemovalRow } from './store/boards.ts'
import type { CollaboratorStore } from './store/collaborators.ts'
import type { SectionStore } from './store/sections.ts'
import { toldBoard } from './told.ts'

/** Removes boards. */
export interface BoardRemoval {
  /**
   * Deletes a board with its sections and Pins. It disappears for everybody at once; this resolves when the last Pin is
   * deleted. Throws as `findToOwn`.
   */
  remove(viewer: Viewer, id: string): Promise<void>
  /** Resumes removals of boards and sections that the end of an earlier process interrupted. */
  finishRemovals(): Promise<void>
}

export interface BoardRemovalOptions {
  db: Database
  accounts: Accounts
  store: BoardStore
  collaborators: CollaboratorStore
  sections: SectionStore
  reads: BoardReads
  pins: PinsOnBoards
  followers: BoardFollowers
  outbox: Outbox
}

/** Makes the removal of boards. */
export function boardRemoval(options: BoardRemovalOptions): BoardRemoval {
  const { db, store, reads, outbox } = options
  const finish = removalFinisher(options)
  return {
    async remove(viewer, id) {
      const board = await reads.findToOwn(viewer, id)
      const removal: RemovalRow = { id: board.id, kind: 'board' }
      await db.write(async (tx) => {
        if (!(await store.hide(tx, board.id))) throw new ApiError('boardNotFound')
        await forgetPeople(tx, board, options)
        await store.noteRemoval(tx, removal)
        await outbox.changed(tx, [board.owner_id], () => ({ kind: 'board', id: board.id, before: toldBoard(board) }))
      })
      await finish(removal)
    },

    async finishRemovals() {
      for (const removal of await store.removals()) await finish(removal)
    },
  }
}

/** Forgets who owns a board that goes, who is on it and who follows it. */
export async function forgetPeople(
  tx: Transaction<Schema>,
  board: Pick<BoardRow, 'id' | 'owner_id'>,
  { accounts, collaborators, followers }: Pick<BoardRemovalOptions, 'accounts' | 'collaborators' | 'followers'>,
): Promise<void> {
  await followers.forget(tx, board.id)
  await accounts.removeBoard(tx, board.owner_id)
  await accounts.leaveBoard(tx, await collaborators.deleteOfBoard(tx, board.id))
}

/** Returns a function that removes the Pins of a hidden board or section, and then itself. */
export function removalFinisher({
  db,
  store,
  sections,
  pins,
}: Pick<BoardRemovalOptions, 'db' | 'store' | 'sections' | 'pins'>): (removal: RemovalRow) => Promise<void> {
  return async (removal) => {
    await pins.removeAll(removal)
    await db.write(async (tx) => {
      if (removal.kind === 'section') await sections.delete(tx, removal.id)
      else {
        await sections.deleteOfBoard(tx, removal.id)
        await store.delete(tx, removal.id)
      }
      await store.removalDone(tx, removal.id)
    })
  }
}
