import { sql, type Transaction } from 'kysely'
import type { Database } from '../../db/database.ts'
import { prepare } from '../../db/prepared.ts'
import type { Schema } from '../../db/schema.ts'

export type AppRow = Schema['apps']
export type CodeRow = Schema['authorization_codes']
export type TokenRow = Schema['tokens']
export type Tx = Transaction<Schema>

/** The fields of a token that a request needs. */
export type TokenHolder = Pick<TokenRow, 'kind' | 'app_id' | 'account_id' | 'grant_type' | 'scopes' | 'expires_at'> &
  Pick<AppRow, 'tier' | 'features' | 'limits'>

/** The tokens that an app has of an account with the same scopes. */
export interface ConnectedRow {
  app_id: number
  name: string
  scopes: string
  /** When the oldest of them was made. */
  since: number
}

/** The apps (`apps`). */
export interface AppStore {
  /** Returns the app with an id. */
  app(id: number): Promise<AppRow | undefined>
  /** Returns apps whose ids are larger than `after`, in order. */
  appPage(after: number, count: number): Promise<AppRow[]>
  /** Writes a new app. */
  insertApp(tx: Tx, row: AppRow): Promise<void>
  /** Changes what an app may do, and returns it; undefined when there is no such app. */
  changeApp(
    tx: Tx,
    id: number,
    change: Partial<Pick<AppRow, 'tier' | 'features' | 'limits'>>,
  ): Promise<AppRow | undefined>
  /** Sets the hash of an app's secret. Returns false when there is no such app. */
  setSecretHash(tx: Tx, id: number, secretHash: string): Promise<boolean>
}

/** The authorization codes (`authorization_codes`), by the hashes of their texts. */
export interface CodeStore {
  /** Writes a new code. */
  insertCode(tx: Tx, row: CodeRow): Promise<void>
  /** Returns a code, locked until `tx` ends. */
  lockCode(tx: Tx, codeHash: string): Promise<CodeRow | undefined>
  /** Records that a code was exchanged at `now`. */
  markCodeUsed(tx: Tx, codeHash: string, now: number): Promise<void>
  /** Deletes codes that expired so long before `now` that nobody sends them again. */
  deleteExpiredCodes(tx: Tx, now: number): Promise<void>
}

/** The tokens (`tokens`), by the hashes of their texts. */
export interface TokenStore {
  /** Returns the fields of a token that a request needs, with what its app may do. */
  holder(tokenHash: string): Promise<TokenHolder | undefined>
  /** Returns a token. */
  token(tokenHash: string): Promise<TokenRow | undefined>
  /** Writes a new token. */
  insertToken(tx: Tx, row: TokenRow): Promise<void>
  /** Extends a token until `expiresAt`. Returns false when it does not exist. */
  extendToken(tx: Tx, tokenHash: string, expiresAt: number): Promise<boolean>
  /** Deletes the conversion tokens of an app and account, but for the newest `count`. */
  keepNewestConversionTokens(tx: Tx, of: { appId: number; accountId: number }, count: number): Promise<void>
  /** Deletes a token that is used once. Returns false when it does not exist. */
  spendToken(tx: Tx, tokenHash: string): Promise<boolean>
  /** Deletes a token. */
  deleteToken(tx: Tx, tokenHash: string): Promise<void>
  /** Deletes every token of a grant. */
  deleteGrant(tx: Tx, grantId: number): Promise<void>
  /** Returns the apps that have valid tokens of an account, a row for each set of scopes. */
  connected(accountId: number, now: number): Promise<ConnectedRow[]>
  /** Deletes every token and code that an app has of an account. */
  deleteOfApp(tx: Tx, of: { accountId: number; appId: number }): Promise<void>
  /** Deletes tokens that have expired by `now`. */
  deleteExpiredTokens(tx: Tx, now: number): Promise<void>
}

/** Makes the store of apps over `db`. */
export function appStore(db: Database): AppStore {
  const app = prepare(db, ({ id }: { id: number }) => db.read.selectFrom('apps').selectAll().where('id', '=', id))
  return {
    app: (id) => app.first({ id }),
    appPage: (after, count) =>
      db.read.selectFrom('apps').selectAll().where('id', '>', after).orderBy('id').limit(count).execute(),
    changeApp: (tx, id, change) =>
      tx
        .updateTable('apps')
        .set((e) => ({ id: e.ref('id'), ...change }))
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirst(),
    setSecretHash: async (tx, id, secretHash) => {
      const query = tx.updateTable('apps').set({ secret_hash: secretHash }).where('id', '=', id)
      return (await query.executeTakeFirst()).numUpdatedRows > 0n
    },
    insertApp: async (tx, row) => {
      await tx.insertInto('apps').values(row).execute()
    },
  }
}

/** A code is remembered for a day after it expired, so that its reuse is noticed. */
const codeMemoryMs = 24 * 60 * 60 * 1000

/** The store of codes, which is only used within transactions. */
export const codeStore: CodeStore = {
  insertCode: async (tx, row) => {
    await tx.insertInto('authorization_codes').values(row).execute()
  },
  lockCode: (tx, codeHash) =>
    tx
      .updateTable('authorization_codes')
      .set((e) => ({ app_id: e.ref('app_id') }))
      .where('code_hash', '=', codeHash)
      .returningAll()
      .executeTakeFirst(),
  markCodeUsed: async (tx, codeHash, now) => {
    await tx.updateTable('authorization_codes').set({ used_at: now }).where('code_hash', '=', codeHash).execute()
  },
  deleteExpiredCodes: async (tx, now) => {
    await tx
      .deleteFrom('authorization_codes')
      .where('expires_at', '<=', now - codeMemoryMs)
      .execute()
  },
}

/** Makes the store of tokens over `db`. */
export function tokenStore(db: Database): TokenStore {
  const holder = holderOf(db)
  const token = prepare(db, ({ tokenHash }: { tokenHash: string }) =>
    db.read.selectFrom('tokens').selectAll().where('token_hash', '=', tokenHash),
  )
  return {
    holder: (tokenHash) => holder.first({ tokenHash }),
    token: (tokenHash) => token.first({ tokenHash }),
    insertToken: async (tx, row) => {
      await tx.insertInto('tokens').values(row).execute()
    },
    extendToken: async (tx, tokenHash, expiresAt) => {
      const query = tx.updateTable('tokens').set({ expires_at: expiresAt }).where('token_hash', '=', tokenHash)
      return (await query.executeTakeFirst()).numUpdatedRows > 0n
    },
    keepNewestConversionTokens,
    connected: (accountId, now) =>
      db.read
        .selectFrom('tokens')
        .innerJoin('apps', 'apps.id', 'tokens.app_id')
        .select(['tokens.app_id', 'apps.name', 'tokens.scopes'])
        .select(({ fn }) => fn.min<number>('tokens.created_at').as('since'))
        .where('account_id', '=', accountId)
        .where('expires_at', '>', now)
        .groupBy(['tokens.app_id', 'apps.name', 'tokens.scopes'])
        .limit(1000)
        .execute(),
    async deleteOfApp(tx, { accountId, appId }) {
      for (const table of ['tokens', 'authorization_codes'] as const)
        await tx.deleteFrom(table).where('account_id', '=', accountId).where('app_id', '=', appId).execute()
    },
    spendToken: async (tx, tokenHash) => {
      const query = tx.deleteFrom('tokens').where('token_hash', '=', tokenHash)
      return (await query.executeTakeFirst()).numDeletedRows > 0n
    },
    deleteToken: async (tx, tokenHash) => {
      await tx.deleteFrom('tokens').where('token_hash', '=', tokenHash).execute()
    },
    deleteGrant: async (tx, grantId) => {
      await tx.deleteFrom('tokens').where('grant_id', '=', grantId).execute()
    },
    deleteExpiredTokens: async (tx, now) => {
      await tx.deleteFrom('tokens').where('expires_at', '<=', now).execute()
    },
  }
}

const keepNewestConversionTokens: TokenStore['keepNewestConversionTokens'] = async (tx, of, count) => {
  const oldest = await tx
    .selectFrom('tokens')
    .select('grant_id')
    .where('account_id', '=', of.accountId)
    .where('app_id', '=', of.appId)
    .where('kind', '=', sql.lit('conversion'))
    .orderBy('grant_id', 'desc')
    .limit(1)
    .offset(count - 1)
    .executeTakeFirst()
  if (!oldest) return
  await tx
    .deleteFrom('tokens')
    .where('account_id', '=', of.accountId)
    .where('app_id', '=', of.appId)
    .where('kind', '=', sql.lit('conversion'))
    .where('grant_id', '<', oldest.grant_id)
    .execute()
}

const holderOf = (db: Database) =>
  prepare(db, ({ tokenHash }: { tokenHash: string }) =>
    db.read
      .selectFrom('tokens')
      .innerJoin('apps', 'apps.id', 'tokens.app_id')
      .select([
        'tokens.kind',
        'tokens.app_id',
        'tokens.account_id',
        'tokens.grant_type',
        'tokens.scopes',
        'tokens.expires_at',
        'apps.tier',
        'apps.features',
        'apps.limits',
      ])
      .where('token_hash', '=', tokenHash),
  )

/** Returns the newest number of a grant that has tokens, or 0 when there is none. */
export async function newestGrantId(db: Database): Promise<number> {
  const row = await db.read
    .selectFrom('tokens')
    .select(({ fn }) => fn.max<number | null>('grant_id').as('id'))
    .executeTakeFirst()
  return row?.id ?? 0
}
