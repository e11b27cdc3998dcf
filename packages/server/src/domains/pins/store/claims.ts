import { boardPrivacies } from '@pinfold/contract'
import type { Transaction } from 'kysely'
import { mergeNewestFirst } from '../../../core/page.ts'
import type { Database } from '../../../db/database.ts'
import type { Schema } from '../../../db/schema.ts'
import type { CountedPin } from '../../analytics/counted-pins.ts'
import type { PinBatch } from '../../websites/claimable-pins.ts'
import { countedColumns, type PinRow } from '../store.ts'

/** A counted Pin, and its link. */
export type LinkedPin = CountedPin & Pick<PinRow, 'link'>
type Tx = Transaction<Schema>

/** The SQL of which Pins lead to websites of their owners. */
export interface ClaimStore {
  /** Returns a batch of Pins with their links, newest first, and holds them against other writers until `tx` ends. */
  linked(tx: Tx, batch: PinBatch): Promise<LinkedPin[]>
  /** Sets whether Pins are claimed. */
  setClaimed(tx: Tx, ids: readonly number[], isClaimed: number): Promise<void>
}

/** Makes the store over `db`. */
export function claimStore(db: Database): ClaimStore {
  return {
    async linked(tx, { ownerId, before, count }) {
      const lists = boardPrivacies.flatMap((privacy) =>
        [0, 1].map((isRepin) => {
          const query = tx
            .selectFrom('pins')
            .select([...countedColumns, 'link'])
            .where('owner_id', '=', ownerId)
            .where('privacy', '=', privacy)
            .where('is_repin', '=', isRepin)
            .where('id', '<', before)
            .orderBy('id', 'desc')
            .limit(count)
          return (db.dialect === 'postgres' ? query.forUpdate() : query).execute()
        }),
      )
      return mergeNewestFirst(lists, count)
    },

    async setClaimed(tx, ids, isClaimed) {
      await tx.updateTable('pins').set({ is_claimed: isClaimed }).where('id', 'in', ids).execute()
    },
  }
}
