import type { Transaction } from 'kysely'
import type { Database } from '../../../db/database.ts'
import { prepare } from '../../../db/prepared.ts'
import type { Schema } from '../../../db/schema.ts'

export type WebhookRow = Schema['webhooks']
export type Tx = Transaction<Schema>

/** Which webhooks: those of an account, and of one of its apps if one is named. */
export interface WebhookOwner {
  accountId: number
  /** Undefined: of all apps, and the person's own. */
  appId: number | undefined
}

/** The SQL of webhooks (`webhooks`). */
export interface WebhookStore {
  /** Returns a webhook, if it is the owner's. */
  find(id: number, owner: WebhookOwner): Promise<WebhookRow | undefined>
  /** Returns at most `count` of an owner's, newest first, with ids below `before`. */
  ofOwner(owner: WebhookOwner, before: number, count: number): Promise<WebhookRow[]>
  /** Returns the ids of the accounts that have webhooks. */
  accounts(tx: Tx): Promise<number[]>
  /** Returns whether there is any webhook. */
  any(tx: Tx): Promise<boolean>
  /** Returns the webhooks of accounts that are enabled. */
  enabledOf(tx: Tx, accountIds: readonly number[]): Promise<WebhookRow[]>
  /** Returns how many an account has. */
  count(tx: Tx, accountId: number): Promise<number>
  insert(tx: Tx, row: WebhookRow): Promise<void>
  /** Changes a webhook, and returns it; undefined if it is gone. */
  update(tx: Tx, id: number, change: Partial<WebhookRow>): Promise<WebhookRow | undefined>
  /** Ends that the webhooks of an app tell of an account, for `problem`. Those that are paused stay so. */
  disconnect(tx: Tx, of: { accountId: number; appId: number }, problem: string): Promise<void>
  /** Returns a webhook, held until `tx` ends; undefined if it is gone, or another server holds it. */
  hold(tx: Tx, id: number): Promise<WebhookRow | undefined>
  /** Returns whether a webhook exists. */
  exists(tx: Tx, id: number): Promise<boolean>
  delete(tx: Tx, id: number): Promise<void>
}

/** Makes the store over `db`. */
export function webhookStore(db: Database): WebhookStore {
  const all = db.read.selectFrom('webhooks').selectAll()
  const byId = prepare(db, ({ id }: { id: number }) => all.where('id', '=', id))
  const ofAccount = (accountId: number) => all.where('account_id', '=', accountId)
  return {
    async find(id, { accountId, appId }) {
      const row = await byId.first({ id })
      return row?.account_id === accountId && (appId === undefined || row.app_id === appId) ? row : undefined
    },
    async ofOwner({ accountId, appId }, before, count) {
      const found = ofAccount(accountId).where('id', '<', before).orderBy('id', 'desc').limit(count)
      return (appId === undefined ? found : found.where('app_id', '=', appId)).execute()
    },
    ...writes(db),
  }
}

function writes({ dialect }: Database): Omit<WebhookStore, 'find' | 'ofOwner'> {
  return {
    async accounts(tx) {
      const rows = await tx.selectFrom('webhooks').select('account_id').distinct().execute()
      return rows.map((row) => row.account_id)
    },
    any: async (tx) => (await tx.selectFrom('webhooks').select('id').limit(1).executeTakeFirst()) !== undefined,
    enabledOf: (tx, accountIds) =>
      tx
        .selectFrom('webhooks')
        .selectAll()
        .where('account_id', 'in', accountIds)
        .where('status', '=', 'enabled')
        .orderBy('id')
        .execute(),
    async count(tx, accountId) {
      const count = tx.selectFrom('webhooks').select(({ fn }) => fn.countAll<number>().as('count'))
      return Number((await count.where('account_id', '=', accountId).executeTakeFirstOrThrow()).count)
    },
    async insert(tx, row) {
      await tx.insertInto('webhooks').values(row).execute()
    },
    update: (tx, id, change) =>
      tx
        .updateTable('webhooks')
        .set((e) => ({ id: e.ref('id'), ...change }))
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirst(),
    async disconnect(tx, { accountId, appId }, problem) {
      await tx
        .updateTable('webhooks')
        .set({ status: 'disconnected', problem })
        .where('account_id', '=', accountId)
        .where('app_id', '=', appId)
        .where('status', '=', 'enabled')
        .execute()
    },
    hold(tx, id) {
      const query = tx.selectFrom('webhooks').selectAll().where('id', '=', id)
      return (dialect === 'postgres' ? query.forNoKeyUpdate().skipLocked() : query).executeTakeFirst()
    },
    exists: async (tx, id) =>
      (await tx.selectFrom('webhooks').select('id').where('id', '=', id).executeTakeFirst()) !== undefined,
    async delete(tx, id) {
      await tx.deleteFrom('webhooks').where('id', '=', id).execute()
    },
  }
}

/** Returns the newest id of a webhook, or 0 when there is none. */
export async function newestWebhookId(db: Database): Promise<number> {
  const row = await db.read
    .selectFrom('webhooks')
    .select(({ fn }) => fn.max<number | null>('id').as('id'))
    .executeTakeFirst()
  return row?.id ?? 0
}
