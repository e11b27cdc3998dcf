import type { Transaction } from 'kysely'
import { mergeSorted, type OrderedPageRequest } from '../../../core/page.ts'
import type { Database } from '../../../db/database.ts'
import { prepare } from '../../../db/prepared.ts'
import type { Schema } from '../../../db/schema.ts'

type Tx = Transaction<Schema>

/** The SQL of which promotions ad groups show. */
export interface AdGroupPromotionStore {
  /** Returns the ids of ad groups that show one of these promotions: one more than fit on the page, if there are as many. */
  adGroupsWith(promotionIds: readonly number[], page: OrderedPageRequest<readonly [number]>): Promise<number[]>
  /** Makes these the promotions of an ad group. */
  replace(tx: Tx, adGroupId: number, promotionIds: readonly number[]): Promise<void>
}

/** Makes the store over `db`. */
export function adGroupPromotionStore(db: Database): AdGroupPromotionStore {
  type Values = { promotionId: number; after: number; count: number }
  const withPromotion = (sign: '>' | '<', direction: 'asc' | 'desc') =>
    prepare(db, ({ promotionId, after, count }: Values) =>
      db.read
        .selectFrom('ad_group_promotions')
        .select('ad_group_id')
        .where('promotion_id', '=', promotionId)
        .where('ad_group_id', sign, after)
        .orderBy('ad_group_id', direction)
        .limit(count),
    )
  const read = { ASCENDING: withPromotion('>', 'asc'), DESCENDING: withPromotion('<', 'desc') }

  return {
    async adGroupsWith(promotionIds, { after: position, order, size }) {
      const isAscending = order === 'ASCENDING'
      const after = position?.[0] ?? (isAscending ? 0 : Number.MAX_SAFE_INTEGER)
      const distinct = [...new Set(promotionIds)]
      const lists = distinct.map((promotionId) => read[order].allSoon({ promotionId, after, count: size + 1 }))
      // An ad group is in the list of each of its promotions.
      const most = (size + 1) * distinct.length
      const found = await mergeSorted(lists, most, ({ ad_group_id: a }, { ad_group_id: b }) =>
        isAscending ? a - b : b - a,
      )
      return [...new Set(found.map((row) => row.ad_group_id))].slice(0, size + 1)
    },

    async replace(tx, adGroupId, promotionIds) {
      await tx.deleteFrom('ad_group_promotions').where('ad_group_id', '=', adGroupId).execute()
      const rows = [...new Set(promotionIds)].map((id) => ({ promotion_id: id, ad_group_id: adGroupId }))
      if (rows.length > 0) await tx.insertInto('ad_group_promotions').values(rows).execute()
    },
  }
}
