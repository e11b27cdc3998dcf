import type { Transaction } from 'kysely'
import type { Database } from '../../db/database.ts'
import { insertNew } from '../../db/insert-new.ts'
import { prepare } from '../../db/prepared.ts'
import type { Schema } from '../../db/schema.ts'

export type KeyRow = Schema['idempotency_keys']
export type Tx = Transaction<Schema>

/** A key of a request; `since`: the earliest time it may have been stored. */
export interface SentKey {
  accountId: number
  appId: number
  keyHash: string
  since: number
}

/** The idempotency keys of a database; `T`: its transactions. */
export interface IdempotencyStore<T = Tx> {
  /** Returns the answer stored under this key after `since`. */
  find(key: SentKey): Promise<KeyRow | undefined>
  /** Writes an answer; false if another request with the key was faster. Replaces one from before `since`. */
  insert(tx: T, row: KeyRow, since: number): Promise<boolean>
  /** Deletes the keys from before `since`. */
  deleteOld(tx: T, since: number): Promise<void>
}

/** Makes the store over `db`. */
export function idempotencyStore(db: Database): IdempotencyStore {
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
    find: (key) => find.first(key),

    async insert(tx, row, since) {
      await tx
        .deleteFrom('idempotency_keys')
        .where('account_id', '=', row.account_id)
        .where('app_id', '=', row.app_id)
        .where('key_hash', '=', row.key_hash)
        .where('created_at', '<=', since)
        .execute()
      return insertNew(tx.insertInto('idempotency_keys').values(row), ['account_id', 'app_id', 'key_hash'])
    },

    async deleteOld(tx, since) {
      await tx.deleteFrom('idempotency_keys').where('created_at', '<=', since).execute()
    },
  }
}
