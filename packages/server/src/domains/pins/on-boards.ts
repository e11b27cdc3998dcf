import type { Transaction } from 'kysely'
import type { Schema } from '../../db/schema.ts'
import type { PinsOnBoards } from '../boards/pins-on-boards.ts'
import { refreshCovers } from './covers.ts'
import { deletePins, type PinDeletionOptions, tellGone } from './remove.ts'
import { productTagStore } from './store/product-tags.ts'
import { type DeletedPin, pinStore } from './store.ts'

/** The number of Pins removed in one transaction. */
const batchSize = 500

/** Makes what boards need of Pins. It is separate from `Pins`, which depend on boards. */
export function pinsOnBoards(given: Omit<PinDeletionOptions, 'store' | 'tags'>): PinsOnBoards {
  const { db, accounts, analytics, outbox, pictures, places } = given
  const store = pinStore(db)
  const tags = productTagStore(db)
  const options = { ...given, store, tags }

  /**
   * Counts deleted Pins on their boards. A board that is being removed is not counted, the board of a removed section
   * is.
   */
  async function countOnBoards(tx: Transaction<Schema>, deleted: readonly DeletedPin[]): Promise<void> {
    for (const [boardId, pins] of Map.groupBy(deleted, (pin) => pin.board_id)) {
      const board = await places.countPins(tx, boardId, -pins.length)
      await refreshCovers(tx, boardId, options)
      for (const pin of pins) await tellGone(tx, pin, board?.owner_id ?? pin.owner_id, options)
    }
  }

  /** Tells the accounts that had Pins on a removed board of another: the board's owner is told of the board alone. */
  async function tellOthers(tx: Transaction<Schema>, boardId: number, deleted: readonly DeletedPin[]): Promise<void> {
    const owners = [...new Set(deleted.map((pin) => pin.owner_id))]
    if (!(await outbox.mayListen(tx, owners))) return
    const boardOwnerId = await places.ownerOf(tx, boardId)
    for (const pin of deleted) if (pin.owner_id !== boardOwnerId) await tellGone(tx, pin, pin.owner_id, options)
  }

  return {
    hasOthers: store.hasOthers,
    hasLoose: store.hasLoose,
    pictureOn: store.pictureOn,
    moveSection: store.moveSection,

    async moveAll(tx, from, to, sectionId) {
      await store.moveAll(tx, from, to, sectionId)
      await refreshCovers(tx, to, options)
    },

    async setPrivacy(tx, boardId, before, after) {
      // From here on nobody counts anything for them until `tx` ends.
      await store.setPrivacy(tx, boardId, after)
      if (after === 'SECRET') await tags.untagBoard(tx, boardId)
      if ((before === 'SECRET') === (after === 'SECRET')) return
      const becomesSecret = after === 'SECRET'
      const counts = new Map<number, number>()
      for (let last = 0, count = batchSize; count === batchSize; ) {
        const pins = await store.countedOnBoard(tx, boardId, last, batchSize)
        const moves = pins.map((pin) => ({ before: { ...pin, privacy: before }, after: pin }))
        await analytics.move(tx, moves)
        for (const { owner_id } of pins) counts.set(owner_id, (counts.get(owner_id) ?? 0) + 1)
        count = pins.length
        last = pins.at(-1)?.id ?? last
      }
      // In the order of their ids, so that two boards with Pins of the same accounts do not wait for each other forever.
      for (const [owner, count] of [...counts].sort(([a], [b]) => a - b))
        await accounts.countSecretPins(tx, owner, becomesSecret ? count : -count)
    },

    async removeAll({ id, kind }) {
      const column = kind === 'board' ? 'board_id' : 'section_id'
      for (let count = batchSize; count === batchSize; ) {
        const keys = await db.write(async (tx) => {
          const ids = await store.someOf(tx, column, id, batchSize)
          count = ids.length
          if (count === 0) return []
          const removed = await deletePins(tx, ids, options)
          if (kind === 'section') await countOnBoards(tx, removed.deleted)
          else await tellOthers(tx, id, removed.deleted)
          return removed.keys
        })
        await pictures.sweep(keys)
      }
    },
  }
}
