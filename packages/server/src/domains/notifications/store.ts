import type { Transaction } from 'kysely'
import type { Database } from '../../db/database.ts'
import type { Schema } from '../../db/schema.ts'

type Tx = Transaction<Schema>

/** The SQL of notifications. */
export interface NotificationStore {
  /** Writes what came in one request. */
  insert(tx: Tx, row: Schema['notifications']): Promise<void>
  /** Deletes all of an account's but the newest `count`. */
  keepNewest(tx: Tx, accountId: number, count: number): Promise<void>
  /** Deletes those that came until `until`. */
  deleteUntil(tx: Tx, until: number): Promise<void>
}

/** The store of notifications, which is only used within transactions. */
export const notificationStore: NotificationStore = {
  async insert(tx, row) {
    await tx.insertInto('notifications').values(row).execute()
  },

  async keepNewest(tx, accountId, count) {
    const oldest = tx.selectFrom('notifications').select('id').where('account_id', '=', accountId)
    const row = await oldest
      .orderBy('id', 'desc')
      .limit(1)
      .offset(count - 1)
      .executeTakeFirst()
    if (!row) return
    await tx.deleteFrom('notifications').where('account_id', '=', accountId).where('id', '<', row.id).execute()
  },

  async deleteUntil(tx, until) {
    await tx.deleteFrom('notifications').where('received_at', '<=', until).execute()
  },
}

/** Returns the newest id of a notification, or 0 when there is none. */
export async function newestNotificationId(db: Database): Promise<number> {
  const row = await db.read
    .selectFrom('notifications')
    .select(({ fn }) => fn.max<number | null>('id').as('id'))
    .executeTakeFirst()
  return row?.id ?? 0
}
