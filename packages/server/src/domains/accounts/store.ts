import type { Transaction } from 'kysely'
import type { Database } from '../../db/database.ts'
import { prepare } from '../../db/prepared.ts'
import type { Schema } from '../../db/schema.ts'

export type AccountRow = Schema['accounts']
export type SessionRow = Schema['sessions']
type Tx = Transaction<Schema>

/** The SQL of accounts and their sessions. */
export function accountStore(db: Database) {
  const byId = prepare(db, ({ id }: { id: number }) => db.read.selectFrom('accounts').selectAll().where('id', '=', id))
  const byKey = prepare(db, ({ key }: { key: string }) =>
    db.read.selectFrom('accounts').selectAll().where('username_key', '=', key),
  )
  const session = prepare(db, ({ tokenHash }: { tokenHash: string }) =>
    db.read.selectFrom('sessions').select(['account_id', 'expires_at']).where('token_hash', '=', tokenHash),
  )

  return {
    byId: (id: number) => byId.first({ id }),
    byUsernameKey: (key: string) => byKey.first({ key }),

    /** Writes a new account; false if the username is taken. */
    insert: async (tx: Tx, row: AccountRow): Promise<boolean> => {
      const written = await tx
        .insertInto('accounts')
        .values(row)
        .onConflict((c) => c.column('username_key').doNothing())
        .returning('id')
        .executeTakeFirst()
      return written !== undefined
    },

    /** Adds to the counts; what they are then. */
    count: (tx: Tx, id: number, { boards = 0, pins = 0 }: { boards?: number; pins?: number }) =>
      tx
        .updateTable('accounts')
        .set((e) => ({ board_count: e('board_count', '+', boards), pin_count: e('pin_count', '+', pins) }))
        .where('id', '=', id)
        .returning(['board_count', 'pin_count', 'website_url'])
        .executeTakeFirst(),

    /** Returns the ids of at most `count` accounts from `first` on, in their order. */
    idsFrom: async (tx: Tx, first: number, count: number): Promise<number[]> => {
      const query = tx.selectFrom('accounts').select('id').where('id', '>=', first).orderBy('id').limit(count)
      return (await query.execute()).map(({ id }) => id)
    },

    insertSession: async (tx: Tx, row: SessionRow): Promise<void> => {
      await tx.insertInto('sessions').values(row).execute()
    },
    session: (tokenHash: string) => session.first({ tokenHash }),
    deleteSession: async (tx: Tx, tokenHash: string): Promise<void> => {
      await tx.deleteFrom('sessions').where('token_hash', '=', tokenHash).execute()
    },
    deleteExpiredSessions: async (tx: Tx, now: number): Promise<void> => {
      await tx.deleteFrom('sessions').where('expires_at', '<=', now).execute()
    },
  }
}
