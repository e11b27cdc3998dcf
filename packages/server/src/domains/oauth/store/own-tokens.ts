import type { Database } from '../../../db/database.ts'
import type { TokenRow, Tx } from '../store.ts'

/** A token with a name, and the name of its app. */
export type NamedToken = Pick<
  TokenRow,
  'grant_id' | 'app_id' | 'name' | 'ending' | 'scopes' | 'created_at' | 'expires_at'
> & { app_name: string }

/** The tokens (`tokens`) that people made for themselves: those with names. */
export interface OwnTokenStore {
  /** Returns up to `count` valid tokens of an account whose grants are smaller than `before`, newest first. */
  page(accountId: number, page: { before: number; count: number; now: number }): Promise<NamedToken[]>
  /** Returns how many valid ones an account has of an app. */
  count(tx: Tx, of: { accountId: number; appId: number; now: number }): Promise<number>
  /** Deletes one of an account, and returns the app that it was of. */
  remove(tx: Tx, of: { accountId: number; grantId: number }): Promise<number | undefined>
}

/** Makes the store of people's own tokens over `db`. */
export function ownTokenStore(db: Database): OwnTokenStore {
  return {
    page: (accountId, { before, count, now }) =>
      db.read
        .selectFrom('tokens')
        .innerJoin('apps', 'apps.id', 'tokens.app_id')
        .select(['tokens.grant_id', 'tokens.app_id', 'tokens.name', 'tokens.ending', 'tokens.scopes'])
        .select(['tokens.created_at', 'tokens.expires_at', 'apps.name as app_name'])
        .where('tokens.account_id', '=', accountId)
        .where('tokens.name', 'is not', null)
        .where('tokens.grant_id', '<', before)
        .where('tokens.expires_at', '>', now)
        .orderBy('tokens.grant_id', 'desc')
        .limit(count)
        .execute(),
    async count(tx, { accountId, appId, now }) {
      const row = await tx
        .selectFrom('tokens')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('account_id', '=', accountId)
        .where('app_id', '=', appId)
        .where('name', 'is not', null)
        .where('expires_at', '>', now)
        .executeTakeFirstOrThrow()
      return Number(row.count)
    },
    async remove(tx, { accountId, grantId }) {
      const removed = await tx
        .deleteFrom('tokens')
        .where('account_id', '=', accountId)
        .where('grant_id', '=', grantId)
        .where('name', 'is not', null)
        .returning('app_id')
        .executeTakeFirst()
      return removed?.app_id
    },
  }
}
