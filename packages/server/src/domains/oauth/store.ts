import type { Transaction } from 'kysely'
import type { Database } from '../../db/database.ts'
import { prepare } from '../../db/prepared.ts'
import type { Schema } from '../../db/schema.ts'

export type AppRow = Schema['apps']
export type CodeRow = Schema['authorization_codes']
export type TokenRow = Schema['tokens']
type Tx = Transaction<Schema>

/** What a request needs to know of the token it came with. */
export type TokenHolder = Pick<TokenRow, 'kind' | 'app_id' | 'account_id' | 'grant_type' | 'scopes' | 'expires_at'> & {
  username: string
  ad_account_id: number | null
  tier: AppRow['tier']
}

/** The SQL of apps, authorization codes and tokens. */
export function oauthStore(db: Database) {
  const app = prepare(db, ({ id }: { id: number }) => db.read.selectFrom('apps').selectAll().where('id', '=', id))
  const holder = prepare(db, ({ tokenHash }: { tokenHash: string }) =>
    db.read
      .selectFrom('tokens')
      .innerJoin('accounts', 'accounts.id', 'tokens.account_id')
      .innerJoin('apps', 'apps.id', 'tokens.app_id')
      .select([
        'tokens.kind',
        'tokens.app_id',
        'tokens.account_id',
        'tokens.grant_type',
        'tokens.scopes',
        'tokens.expires_at',
        'accounts.username',
        'accounts.ad_account_id',
        'apps.tier',
      ])
      .where('token_hash', '=', tokenHash),
  )
  const token = prepare(db, ({ tokenHash }: { tokenHash: string }) =>
    db.read.selectFrom('tokens').selectAll().where('token_hash', '=', tokenHash),
  )

  return {
    app: (id: number) => app.first({ id }),
    insertApp: async (tx: Tx, row: AppRow): Promise<void> => {
      await tx.insertInto('apps').values(row).execute()
    },

    insertCode: async (tx: Tx, row: CodeRow): Promise<void> => {
      await tx.insertInto('authorization_codes').values(row).execute()
    },
    /** A code, held until the transaction ends. */
    lockCode: (tx: Tx, codeHash: string): Promise<CodeRow | undefined> =>
      tx
        .updateTable('authorization_codes')
        .set((e) => ({ app_id: e.ref('app_id') }))
        .where('code_hash', '=', codeHash)
        .returningAll()
        .executeTakeFirst(),
    markCodeUsed: async (tx: Tx, codeHash: string, now: number): Promise<void> => {
      await tx.updateTable('authorization_codes').set({ used_at: now }).where('code_hash', '=', codeHash).execute()
    },

    holder: (tokenHash: string) => holder.first({ tokenHash }),
    token: (tokenHash: string) => token.first({ tokenHash }),
    insertToken: async (tx: Tx, row: TokenRow): Promise<void> => {
      await tx.insertInto('tokens').values(row).execute()
    },
    extendToken: async (tx: Tx, tokenHash: string, expiresAt: number): Promise<boolean> => {
      const query = tx.updateTable('tokens').set({ expires_at: expiresAt }).where('token_hash', '=', tokenHash)
      return (await query.executeTakeFirst()).numUpdatedRows > 0n
    },
    deleteToken: async (tx: Tx, tokenHash: string): Promise<void> => {
      await tx.deleteFrom('tokens').where('token_hash', '=', tokenHash).execute()
    },
    deleteGrant: async (tx: Tx, grantId: number): Promise<void> => {
      await tx.deleteFrom('tokens').where('grant_id', '=', grantId).execute()
    },

    deleteExpired: async (tx: Tx, now: number): Promise<void> => {
      await tx.deleteFrom('tokens').where('expires_at', '<=', now).execute()
      await tx
        .deleteFrom('authorization_codes')
        .where('expires_at', '<=', now - dayMs)
        .execute()
    },
  }
}

/** A code is remembered for a day after it expired, so that its reuse is noticed. */
const dayMs = 24 * 60 * 60 * 1000
