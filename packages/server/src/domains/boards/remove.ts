import type { Transaction } from 'kysely'
import { ApiError } from '../../core/errors.ts'
import { goingOn } from '../../core/go-on.ts'
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
   * deleted. When that fails, on a full disk for example, it goes on by itself; the same call again waits for it. Throws as
   * `findToOwn`.
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
      const board = await reads.findToOwn(viewer, id).catch(async (error) => {
        const interrupted = await interruptedRemoval(viewer, id, options)
        if (!interrupted) throw error
        await finish(interrupted)
      })
      if (!board) return
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

/** Returns the removal of a board of the viewer's that was not finished. */
async function interruptedRemoval(
  viewer: Viewer,
  id: string,
  { db, store }: Pick<BoardRemovalOptions, 'db' | 'store'>,
): Promise<RemovalRow | undefined> {
  // The board may have been secret, which can no longer be seen.
  if (viewer.secret === 'none') return undefined
  const removal = (await store.removals()).find((row) => row.kind === 'board' && String(row.id) === id)
  if (!removal) return undefined
  const ownerId = await db.write((tx) => store.ownerOf(tx, removal.id))
  return ownerId === viewer.accountId ? removal : undefined
}

/**
 * Returns a function that removes the Pins of a hidden board or section, and then itself. When it fails it goes on by
 * itself, for a quarter of an hour; after that the hourly upkeep does.
 */
export function removalFinisher({
  db,
  store,
  sections,
  pins,
}: Pick<BoardRemovalOptions, 'db' | 'store' | 'sections' | 'pins'>): (removal: RemovalRow) => Promise<void> {
  return goingOn(async (removal) => {
    await pins.removeAll(removal)
    await db.write(async (tx) => {
      if (removal.kind === 'section') await sections.delete(tx, removal.id)
      else {
        await sections.deleteOfBoard(tx, removal.id)
        await store.delete(tx, removal.id)
      }
      await store.removalDone(tx, removal.id)
    })
  })
}
