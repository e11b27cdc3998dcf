import type { BusinessAccessRole } from '@pinfold/contract'
import type { Transaction } from 'kysely'
import type { Database } from '../../db/database.ts'
import { prepare } from '../../db/prepared.ts'
import type { Schema } from '../../db/schema.ts'

export type AdAccountRow = Schema['ad_accounts']
export type RoleRow = Schema['ad_account_roles']
type Tx = Transaction<Schema>

/** The newest ad accounts of somebody: at most `count`, with ids below `before`. */
export interface NewestOf {
  accountId: number
  before: number
  count: number
}

/** The SQL of ad accounts and the roles in them. */
export interface AdAccountStore {
  /** Returns an ad account. */
  byId(id: number): Promise<AdAccountRow | undefined>
  /** Returns whom an ad account belongs to, once for each role that an account has in it. */
  access(id: number, accountId: number): Promise<(AdAccountRow & { role: BusinessAccessRole })[]>
  /** Returns the ad accounts that an account has a role in, newest first, once for each role. */
  accessible(range: NewestOf): Promise<(AdAccountRow & { role: BusinessAccessRole })[]>
  /** Returns the ad accounts that an account owns, newest first, each with that role. */
  owned(range: NewestOf): Promise<(AdAccountRow & { role: BusinessAccessRole })[]>
  /** Returns the owners of ad accounts of others that an account has a role in. */
  ownersFor(accountId: number, count: number): Promise<number[]>
  /** Returns the roles in an ad account. */
  roles(id: number): Promise<RoleRow[]>
  /** Returns up to `count` ad accounts whose ids are larger than `after`, oldest first. */
  page(after: number, count: number): Promise<AdAccountRow[]>
  /** Returns how many ad accounts an account owns; until the transaction is over, nobody adds to them. */
  countOwned(tx: Tx, ownerId: number): Promise<number>
  /** Writes a new ad account, and its owner's role. */
  insert(tx: Tx, row: AdAccountRow): Promise<void>
  /** Writes a role, unless it is there. */
  insertRole(tx: Tx, row: RoleRow): Promise<void>
  /** Deletes an account's roles in an ad account, or the one that is named. Returns how many there were. */
  deleteRoles(tx: Tx, role: Omit<RoleRow, 'role'> & { role?: BusinessAccessRole }): Promise<number>
}

/** Makes the store over `db`. */
export function adAccountStore(db: Database): AdAccountStore {
  return { ...readsOf(db), ...writesOf(db) }
}

function readsOf(db: Database): Omit<AdAccountStore, 'countOwned' | 'insert' | 'insertRole' | 'deleteRoles'> {
  const { read } = db
  const withRoles = read
    .selectFrom('ad_account_roles as r')
    .innerJoin('ad_accounts as a', 'a.id', 'r.ad_account_id')
    .selectAll('a')
    .select('r.role')
  const byId = prepare(db, ({ id }: { id: number }) => read.selectFrom('ad_accounts').selectAll().where('id', '=', id))
  const access = prepare(db, ({ id, accountId }: { id: number; accountId: number }) =>
    withRoles.where('r.account_id', '=', accountId).where('r.ad_account_id', '=', id),
  )
  const accessible = prepare(db, ({ accountId, before, count }: NewestOf) =>
    withRoles
      .where('r.account_id', '=', accountId)
      .where('r.ad_account_id', 'in', (e) =>
        e
          .selectFrom('ad_account_roles')
          .select('ad_account_id')
          .distinct()
          .where('account_id', '=', accountId)
          .where('ad_account_id', '<', before)
          .orderBy('ad_account_id', 'desc')
          .limit(count),
      )
      .orderBy('r.ad_account_id', 'desc'),
  )
  const owned = prepare(db, ({ accountId, before, count }: NewestOf) =>
    read
      .selectFrom('ad_accounts')
      .selectAll()
      .select((e) => e.val<BusinessAccessRole>('OWNER').as('role'))
      .where('owner_id', '=', accountId)
      .where('id', '<', before)
      .orderBy('id', 'desc')
      .limit(count),
  )

  return {
    byId: (id) => byId.first({ id }),
    access: (id, accountId) => access.all({ id, accountId }),
    accessible: accessible.all,
    owned: owned.all,

    async ownersFor(accountId, count) {
      const rows = await read
        .selectFrom('ad_account_roles as r')
        .innerJoin('ad_accounts as a', 'a.id', 'r.ad_account_id')
        .select('a.owner_id')
        .distinct()
        .where('r.account_id', '=', accountId)
        .where('a.owner_id', '<>', accountId)
        .orderBy('a.owner_id')
        .limit(count)
        .execute()
      return rows.map(({ owner_id }) => owner_id)
    },

    roles: (id) => read.selectFrom('ad_account_roles').selectAll().where('ad_account_id', '=', id).execute(),
    page: (after, count) =>
      read.selectFrom('ad_accounts').selectAll().where('id', '>', after).orderBy('id').limit(count).execute(),
  }
}

function writesOf({ dialect }: Database): Pick<AdAccountStore, 'countOwned' | 'insert' | 'insertRole' | 'deleteRoles'> {
  const insertRole = async (tx: Tx, row: RoleRow) => {
    await tx
      .insertInto('ad_account_roles')
      .values(row)
      .onConflict((c) => c.doNothing())
      .execute()
  }
  return {
    insertRole,

    async countOwned(tx, ownerId) {
      const owned = tx.selectFrom('ad_accounts').select('id').where('owner_id', '=', ownerId).orderBy('id')
      // A business has at least one, so its lock excludes others. SQLite has one writer at a time anyway.
      if (dialect === 'postgres') await owned.limit(1).forUpdate().execute()
      return (await owned.execute()).length
    },

    async insert(tx, row) {
      await tx.insertInto('ad_accounts').values(row).execute()
      await insertRole(tx, { account_id: row.owner_id, ad_account_id: row.id, role: 'OWNER' })
    },

    async deleteRoles(tx, { account_id, ad_account_id, role }) {
      let query = tx
        .deleteFrom('ad_account_roles')
        .where('account_id', '=', account_id)
        .where('ad_account_id', '=', ad_account_id)
      if (role !== undefined) query = query.where('role', '=', role)
      return (await query.returning('role').execute()).length
    },
  }
}

/** Returns the newest id of an ad account, or 0 when there is none. */
export async function newestAdAccountId(db: Database): Promise<number> {
  const row = await db.read
    .selectFrom('ad_accounts')
    .select(({ fn }) => fn.max<number | null>('id').as('id'))
    .executeTakeFirst()
  return row?.id ?? 0
}
