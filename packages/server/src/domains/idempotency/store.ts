import type { Transaction } from 'kysely'
import { type Database, prepare } from '../../db/database.ts'
import type { Schema } from '../../db/schema.ts'

export type KeyRow = Schema['idempotency_keys']
type Tx = Transaction<Schema>

/** The SQL of idempotency keys. */
export function idempotencyStore(db: Database) {
  const find = prepare<KeyRow>(
    db,
    db.read
      .selectFrom('idempotency_keys')
      .selectAll()
      .where('account_id', '=', 0)
      .where('app_id', '=', 0)
      .where('key_hash', '=', '')
      .where('created_at', '>', 0),
  )

  return {
    /** What was answered to this key after `since`. */
    find: (accountId: number, appId: number, keyHash: string, since: number) =>
      find.first(accountId, appId, keyHash, since),

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
