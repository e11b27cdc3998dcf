import type { Transaction } from 'kysely'
import type { Database } from '../../db/database.ts'
import { prepare } from '../../db/prepared.ts'
import type { Schema } from '../../db/schema.ts'

export type KeyRow = Schema['idempotency_keys']
type Tx = Transaction<Schema>

/** A key that came with a request; `since`: when it must have been noted at the earliest. */
export interface SentKey {
  accountId: number
  appId: number
  keyHash: string
  since: number
}

/** The SQL of idempotency keys. */
export function idempotencyStore(db: Database) {
  const find = prepare(db, ({ accountId, appId, keyHash, since }: SentKey) =>
    db.read
      .selectFrom('idempotency_keys')
      .selectAll()
      .where('account_id', '=', accountId)
      .where('app_id', '=', appId)
      .where('key_hash', '=', keyHash)
      .where('created_at', '>', since),
  )

  return {
    /** What was answered to this key after `since`. */
    find: (key: SentKey) => find.first(key),

    /** Writes what is answered; false if another request with the key was quicker. One that is too old gives way. */
    insert: async (tx: Tx, row: KeyRow, since: number): Promise<boolean> => {
      await tx
        .deleteFrom('idempotency_keys')
        .where('account_id', '=', row.account_id)
        .where('app_id', '=', row.app_id)
        .where('key_hash', '=', row.key_hash)
        .where('created_at', '<=', since)
        .execute()
      const written = await tx
        .insertInto('idempotency_keys')
        .values(row)
        .onConflict((c) => c.columns(['account_id', 'app_id', 'key_hash']).doNothing())
        .returning('key_hash')
        .executeTakeFirst()
      return written !== undefined
    },

    deleteOld: async (tx: Tx, since: number): Promise<void> => {
      await tx.deleteFrom('idempotency_keys').where('created_at', '<=', since).execute()
    },
  }
}
