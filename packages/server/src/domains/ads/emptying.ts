import type { Transaction } from 'kysely'
import { ApiError } from '../../core/errors.ts'
import type { Database } from '../../db/database.ts'
import type { AdEntityColumns, Schema } from '../../db/schema.ts'
import type { AdAccountRow } from '../ad-accounts/ad-accounts.ts'
import type { Jobs } from '../jobs/jobs.ts'
import type { AdNumbers } from './numbers/ad-numbers.ts'
import { leavingOrderLines } from './order-lines.ts'
import { countStore } from './store/counts.ts'
import { emptyingStore } from './store/emptying.ts'
import type { EntityTable } from './store/entities.ts'

/** Emptying ad accounts. */
export interface Emptying {
  /**
   * Deletes all that is in an ad account, but for its order lines. It goes in steps, between which others get their turn; when
   * it ends early, it can be called again. Throws `unavailable` when others keep filling the ad account meanwhile.
   */
  empty(account: Pick<AdAccountRow, 'id'>): Promise<void>
}

/** What is emptied, in an order in which what is in something goes before it. Order lines are the operator's, and stay. */
const kinds: readonly EntityTable[] = [
  ...(['ads', 'keywords', 'ad_schedules', 'ad_groups', 'campaigns'] as const),
  ...(['ad_labels', 'targeting_templates', 'promotions'] as const),
]

/** How often it begins again, because something came into what was to go. */
const mostPasses = 10

export interface EmptyingOptions {
  db: Database
  numbers: Pick<AdNumbers, 'forget'>
  jobs: Pick<Jobs, 'forgetOf'>
}

/** Makes what empties ad accounts over `db`. */
export function emptyingOf({ db, numbers, jobs }: EmptyingOptions): Emptying {
  const store = emptyingStore(db)
  const counts = countStore(db)
  const leave = leavingOrderLines(db)

  /** Takes what is gone from the counts of all that it was in. */
  async function uncount(tx: Transaction<Schema>, kind: EntityTable, gone: readonly AdEntityColumns[]): Promise<void> {
    const owners = gone.flatMap((row) => [...ownersOf(row)])
    // In one order, so that no two wait for each other.
    const byOwner = [...Map.groupBy(owners, (id) => id)].sort(([a], [b]) => a - b)
    for (const [ownerId, those] of byOwner) await counts.subtract(tx, { ownerId, kind, count: those.length })
  }

  const step = (adAccountId: number, kind: EntityTable) =>
    db.write(async (tx) => {
      const gone = await store.removeSome(tx, adAccountId, kind)
      await uncount(tx, kind, gone)
      await numbers.forget(tx, kind, gone)
      if (kind === 'campaigns') await leave(tx, adAccountId, gone)
      return gone.length
    })

  return {
    async empty({ id }) {
      for (let pass = 0; pass < mostPasses; pass++) {
        let wereGone = 0
        for (const kind of kinds) {
          let gone: number
          do wereGone += gone = await step(id, kind)
          while (gone > 0)
        }
        if (wereGone > 0) continue
        // What was made of it tells of it too.
        await jobs.forgetOf(id)
        return
      }
      throw new ApiError('unavailable', { detail: 'Others keep filling the ad account: try it again.' })
    },
  }
}

/** Returns what something may have been counted in. */
const ownersOf = (row: AdEntityColumns & { campaign_id?: number }): Set<number> =>
  new Set([row.ad_account_id, row.parent_id, ...(row.campaign_id ? [row.campaign_id] : [])])
