import type { Database } from '../../db/database.ts'
import type { Analytics } from '../analytics/analytics.ts'
import type { ClaimablePins } from '../websites/claimable-pins.ts'
import { claimStore } from './store/claims.ts'

/** Makes what websites ask of Pins. */
export function claimablePins({ db, analytics }: { db: Database; analytics: Analytics }): ClaimablePins {
  const store = claimStore(db)
  return {
    async mark(tx, batch, isClaimed) {
      const pins = await store.linked(tx, batch)
      const moves = pins
        .map((before) => ({ before, after: { ...before, is_claimed: isClaimed(before.link) ? 1 : 0 } }))
        .filter(({ before, after }) => before.is_claimed !== after.is_claimed)
      for (const [claimed, group] of Map.groupBy(moves, ({ after }) => after.is_claimed))
        await store.setClaimed(
          tx,
          group.map(({ after }) => after.id),
          claimed,
        )
      await analytics.move(tx, moves)
      return pins.length < batch.count ? undefined : pins.at(-1)?.id
    },
  }
}
