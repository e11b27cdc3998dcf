import type { Transaction } from 'kysely'
import type { Database } from '../../../db/database.ts'
import type { AdEntityColumns, Schema } from '../../../db/schema.ts'
import type { EntityTable } from './entities.ts'

type Tx = Transaction<Schema>

/** The SQL that empties ad accounts. */
export interface EmptyingStore {
  /**
   * Deletes some things of a kind in an ad account, with what belongs to each and what was counted of them, and returns what
   * these were: nothing when all that is left has something in it, or when nothing is left.
   */
  removeSome(tx: Tx, adAccountId: number, kind: EntityTable): Promise<AdEntityColumns[]>
}

/** As many things go in one step. */
const stepSize = 100

/** What things can be in other things. */
const contained: readonly EntityTable[] = ['ad_groups', 'ads', 'keywords', 'ad_schedules']

/** The tables whose rows belong to one thing, and the columns that name it. */
const belongings = [
  { table: 'ad_counts', column: 'owner_id' },
  { table: 'ad_label_entities', column: 'entity_id' },
  { table: 'ad_group_promotions', column: 'ad_group_id' },
  { table: 'campaign_ad_previews', column: 'ad_group_id' },
  { table: 'ad_group_title_uploads', column: 'ad_group_id' },
  { table: 'ad_group_titles', column: 'ad_group_id' },
] as const

/** Makes the store over `db`. */
export function emptyingStore({ dialect }: Pick<Database, 'dialect'>): EmptyingStore {
  const some = async (tx: Tx, adAccountId: number, kind: EntityTable): Promise<AdEntityColumns[]> => {
    const found = tx
      .selectFrom(kind as 'campaigns')
      .selectAll()
      .where('ad_account_id', '=', adAccountId)
      .orderBy('status')
      .orderBy('id')
      .limit(stepSize)
    return (dialect === 'postgres' ? found.forUpdate() : found).execute()
  }

  /** Returns which of these have something in them: they were locked, so that nothing more can come. */
  async function filled(tx: Tx, ids: readonly number[]): Promise<Set<number>> {
    const parents = new Set<number>()
    for (const kind of contained) {
      const rows = await tx
        .selectFrom(kind as 'campaigns')
        .select('parent_id')
        .distinct()
        .where('parent_id', 'in', ids)
        .execute()
      for (const { parent_id: parent } of rows) parents.add(parent)
    }
    return parents
  }

  return {
    async removeSome(tx, adAccountId, kind) {
      const found = await some(tx, adAccountId, kind)
      if (found.length === 0) return []
      const kept = await filled(
        tx,
        found.map(({ id }) => id),
      )
      const gone = found.filter(({ id }) => !kept.has(id))
      if (gone.length === 0) return []
      const ids = gone.map(({ id }) => id)
      for (const { table, column } of belongings) await tx.deleteFrom(table).where(column, 'in', ids).execute()
      await tx
        .deleteFrom(kind as 'campaigns')
        .where('id', 'in', ids)
        .execute()
      return gone
    },
  }
}
