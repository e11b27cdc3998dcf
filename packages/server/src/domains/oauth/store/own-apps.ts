import type { Database } from '../../../db/database.ts'
import { insertNew } from '../../../db/insert-new.ts'
import type { AppRow, Tx } from '../store.ts'

/** Names an app of an account. */
export interface OwnedApp {
  ownerId: number
  id: number
}

/** The apps (`apps`), as their owners have them. */
export interface OwnAppStore {
  /** Returns up to `count` apps of an account whose ids are smaller than `before`, newest first. */
  page(ownerId: number, before: number, count: number): Promise<AppRow[]>
  /** Returns an app of an account; undefined if there is none. */
  one(app: OwnedApp): Promise<AppRow | undefined>
  /** Locks the apps of an account until `tx` ends, and returns how many there are. */
  lockAll(tx: Tx, ownerId: number): Promise<number>
  /** Locks an app of an account until `tx` ends, and returns it; undefined if there is none. */
  lock(tx: Tx, app: OwnedApp): Promise<AppRow | undefined>
  /** Writes a new app. */
  insert(tx: Tx, row: AppRow): Promise<void>
  /** Writes a new app, unless it is there already. */
  insertMissing(tx: Tx, row: AppRow): Promise<void>
  /** Changes an app of an account, and returns it; undefined if there is none. */
  change(tx: Tx, app: OwnedApp, change: Partial<AppRow>): Promise<AppRow | undefined>
  /** Returns the accounts that an app has tokens of, also expired ones. */
  accountsOf(tx: Tx, id: number): Promise<number[]>
  /** Deletes an app with its tokens and codes. */
  remove(tx: Tx, id: number): Promise<void>
  /** Returns how many accounts an app has tokens of that are valid at `now`; `most` if there are more. */
  connectedAccounts(id: number, now: number, most: number): Promise<number>
}

/** Makes the store of apps of their owners over `db`. */
export function ownAppStore(db: Database): OwnAppStore {
  const change: OwnAppStore['change'] = (tx, { ownerId, id }, changed) =>
    tx
      .updateTable('apps')
      .set((e) => ({ id: e.ref('id'), ...changed }))
      .where('id', '=', id)
      .where('owner_id', '=', ownerId)
      .returningAll()
      .executeTakeFirst()
  return {
    page: (ownerId, before, count) =>
      db.read
        .selectFrom('apps')
        .selectAll()
        .where('owner_id', '=', ownerId)
        .where('id', '<', before)
        .orderBy('id', 'desc')
        .limit(count)
        .execute(),
    one: ({ ownerId, id }) =>
      db.read.selectFrom('apps').selectAll().where('id', '=', id).where('owner_id', '=', ownerId).executeTakeFirst(),
    async lockAll(tx, ownerId) {
      await tx
        .updateTable('apps')
        .set((e) => ({ id: e.ref('id') }))
        .where('owner_id', '=', ownerId)
        .execute()
      // Counted after the wait for the lock, so that the apps of whoever had it are among them.
      const row = await tx
        .selectFrom('apps')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('owner_id', '=', ownerId)
        .executeTakeFirstOrThrow()
      return Number(row.count)
    },
    lock: (tx, app) => change(tx, app, {}),
    insert: async (tx, row) => {
      await tx.insertInto('apps').values(row).execute()
    },
    insertMissing: async (tx, row) => {
      await insertNew(tx.insertInto('apps').values(row), ['id'])
    },
    change,
    async accountsOf(tx, id) {
      const rows = await tx.selectFrom('tokens').select('account_id').distinct().where('app_id', '=', id).execute()
      return rows.map(({ account_id }) => Number(account_id))
    },
    async remove(tx, id) {
      for (const table of ['tokens', 'authorization_codes'] as const)
        await tx.deleteFrom(table).where('app_id', '=', id).execute()
      await tx.deleteFrom('apps').where('id', '=', id).execute()
    },
    async connectedAccounts(id, now, most) {
      const accounts = db.read
        .selectFrom('tokens')
        .select('account_id')
        .where('app_id', '=', id)
        .where('expires_at', '>', now)
        .groupBy('account_id')
        .limit(most)
      const { count } = await db.read
        .selectFrom(accounts.as('connected'))
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow()
      return Number(count)
    },
  }
}
