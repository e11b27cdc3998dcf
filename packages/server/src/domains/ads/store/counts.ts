import { sql, type Transaction } from 'kysely'
import type { Database } from '../../../db/database.ts'
import { prepareWrite } from '../../../db/prepared.ts'
import type { Schema } from '../../../db/schema.ts'
import type { EntityTable } from './entities.ts'

/** One more thing, among at most so many. */
export interface CountedEntity {
  /** What it is in. */
  ownerId: number
  /** Its table. */
  kind: EntityTable
  /** The most that there may be, whatever their status. */
  most: number
}

/** The SQL of the counts of what something has of a kind, each in a row that those who add to it take in turn. */
export interface CountStore {
  /** Takes some away again. */
  subtract(tx: Transaction<Schema>, gone: Pick<CountedEntity, 'ownerId' | 'kind'> & { count: number }): Promise<void>
  /** Adds one; false when there are as many as there may be. */
  add(tx: Transaction<Schema>, counted: CountedEntity): Promise<boolean>
}

/** Makes the store over `db`. */
export function countStore({ read }: Pick<Database, 'read'>): CountStore {
  const add = prepareWrite(({ ownerId, kind, most }: CountedEntity) =>
    read
      .insertInto('ad_counts')
      .values({ owner_id: ownerId, kind, count: 1 })
      .onConflict((conflict) =>
        conflict
          .columns(['owner_id', 'kind'])
          .doUpdateSet({ count: sql<number>`ad_counts.count + 1` })
          .where('ad_counts.count', '<', most),
      )
      .returning('ad_counts.count'),
  )
  return {
    add: async (tx, counted) => (await add(tx, counted)).length > 0,

    async subtract(tx, { ownerId, kind, count }) {
      await tx
        .updateTable('ad_counts')
        .set({ count: sql<number>`ad_counts.count - ${count}` })
        .where('owner_id', '=', ownerId)
        .where('kind', '=', kind)
        .execute()
    },
  }
}
