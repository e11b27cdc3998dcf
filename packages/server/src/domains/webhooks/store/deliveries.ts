import type { DeliveryStatus } from '@pinfold/contract'
import { type Insertable, type Selectable, sql } from 'kysely'
import type { Database } from '../../../db/database.ts'
import type { Schema } from '../../../db/schema.ts'
import type { Tx } from './webhooks.ts'

export type DeliveryRow = Selectable<Schema['webhook_deliveries']>
export type NewDelivery = Insertable<Schema['webhook_deliveries']>

/** Which deliveries of a webhook are listed. */
export interface DeliveryRange {
  webhookId: number
  status: DeliveryStatus | undefined
  /** Whether those of secret things are among them. */
  withSecret: boolean
  before: number
  count: number
}

/** A delivery that may be due, and what it is about. */
export type DueDelivery = Pick<DeliveryRow, 'seq' | 'object_key' | 'leased_until'>

/** A webhook that something is due for, and whose it is. */
export interface DueWebhook {
  id: number
  accountId: number
}

/** The end of a delivery that succeeded. */
export interface Delivered {
  seq: number
  answerStatus: number
}

/** A delivery that failed. */
export interface FailedDelivery {
  row: Pick<DeliveryRow, 'seq' | 'webhook_id' | 'object_key'>
  answerStatus: number | null
  problem: string
  /** When to try again; undefined: never. */
  nextAttemptAt: number | undefined
}

/** The SQL of deliveries (`webhook_deliveries`). `machineNow`: the time of the machine's clock, for leases. */
export interface DeliveryStore {
  /** Returns a delivery of a webhook. */
  find(webhookId: number, id: number): Promise<DeliveryRow | undefined>
  /** Returns deliveries of a webhook, newest first. */
  list(range: DeliveryRange): Promise<DeliveryRow[]>
  /** Returns the webhooks that are not paused and have deliveries which are due. */
  webhooksWithDue(now: number): Promise<DueWebhook[]>

  insert(tx: Tx, rows: readonly NewDelivery[]): Promise<void>
  /** Has a delivery sent again, from now on until `until`. Returns it; undefined if it is gone. */
  sendAgain(tx: Tx, id: number, now: number, until: number): Promise<DeliveryRow | undefined>
  /** Returns at most `count` deliveries of a webhook that are due, those that wait longest first. */
  due(tx: Tx, webhookId: number, now: number, count: number): Promise<DueDelivery[]>
  /** Returns at most `count` deliveries about an object that wait, in the order in which they are to be sent. */
  ofObject(tx: Tx, webhookId: number, objectKey: string, count: number): Promise<DeliveryRow[]>
  /** Puts off what waits behind a delivery about the same object, until that is due. */
  putOff(tx: Tx, first: Pick<DeliveryRow, 'webhook_id' | 'object_key'>, until: number): Promise<void>
  /** Has deliveries sent by nobody else than `by` until a time. */
  lease(tx: Tx, seqs: readonly number[], by: string, until: number): Promise<void>
  /** Has deliveries that are leased stay so until a time. */
  renew(tx: Tx, seqs: readonly number[], by: string, until: number): Promise<void>
  /** Ends leases. */
  release(tx: Tx, seqs: readonly number[], by: string): Promise<void>
  /** Ends all leases. */
  releaseAll(tx: Tx): Promise<void>
  /** Has new deliveries numbered after those there are, which may have come from another database. */
  numberOn(tx: Tx): Promise<void>
  /** Records that deliveries succeeded, which are leased by `by`. */
  succeed(tx: Tx, delivered: readonly Delivered[], by: string, now: number): Promise<void>
  /** Records that a delivery failed, which is leased by `by`. */
  fail(tx: Tx, failed: FailedDelivery, by: string, now: number): Promise<void>
  /** Gives up what waits for a webhook, but for the types in `except`: secret things only, if that is set. */
  giveUp(
    tx: Tx,
    webhookId: number,
    which: { except?: string; onlySecret?: boolean },
    problem: string,
    now: number,
  ): Promise<void>
  /** Gives up at most `count` that wait, and that should have been sent by `before`. Returns how many. */
  giveUpOld(tx: Tx, before: number, problem: string, now: number, count: number): Promise<number>
  /** Returns whether more than `count` wait for a webhook. */
  hasMoreWaiting(tx: Tx, webhookId: number, count: number): Promise<boolean>
  /** Deletes at most `count` of a webhook's, and returns how many. */
  deleteOf(tx: Tx, webhookId: number, count: number): Promise<number>
  /** Deletes at most `count` from before a time, and returns how many. */
  deleteBefore(tx: Tx, before: number, count: number): Promise<number>
}

/** Makes the store over `db`. */
export function deliveryStore(db: Database): DeliveryStore {
  return { ...reads(db), ...queue, ...outcomes, ...removal, numberOn: (tx) => numberOn(db, tx) }
}

/** SQLite's numbers are copied with its table; PostgreSQL's sequence is not. */
async function numberOn({ dialect }: Database, tx: Tx): Promise<void> {
  if (dialect === 'sqlite') return
  const sequence = sql`pg_get_serial_sequence('webhook_deliveries', 'seq')`
  await sql`select setval(${sequence}, newest) from (select max(seq) as newest from webhook_deliveries) deliveries
    where newest >= nextval(${sequence})`.execute(tx)
}

/** A literal, so that the indexes of what waits are taken. */
const waiting = sql.lit('waiting' as const)

function reads(db: Database): Pick<DeliveryStore, 'find' | 'list' | 'webhooksWithDue'> {
  const all = db.read.selectFrom('webhook_deliveries').selectAll()
  return {
    find: (webhookId, id) => all.where('id', '=', id).where('webhook_id', '=', webhookId).executeTakeFirst(),

    list({ webhookId, status, withSecret, before, count }) {
      const ofWebhook = all.where('webhook_id', '=', webhookId).where('id', '<', before)
      const withStatus = status ? ofWebhook.where('status', '=', status) : ofWebhook
      const seen = withSecret ? withStatus : withStatus.where('is_secret', '=', 0)
      return seen.orderBy('id', 'desc').limit(count).execute()
    },

    // From one webhook to the next in the index, however many deliveries each of them has.
    async webhooksWithDue(now) {
      const { rows } = await sql<{ id: number; account_id: number }>`
        with recursive w (id) as (
          select min(webhook_id) from webhook_deliveries where status = 'waiting'
          union all
          select (select min(d.webhook_id) from webhook_deliveries d where d.status = 'waiting' and d.webhook_id > w.id)
          from w where w.id is not null
        )
        select w.id, webhooks.account_id from w join webhooks on webhooks.id = w.id
        where webhooks.status <> 'paused' and exists (
          select 1 from webhook_deliveries d
          where d.status = 'waiting' and d.webhook_id = w.id and d.next_attempt_at <= ${now}
        )`.execute(db.read)
      return rows.map(({ id, account_id }) => ({ id: Number(id), accountId: Number(account_id) }))
    },
  }
}

type Queue = 'insert' | 'sendAgain' | 'due' | 'ofObject' | 'putOff' | 'lease' | 'renew' | 'release' | 'releaseAll'

const queue: Pick<DeliveryStore, Queue> = {
  async insert(tx, rows) {
    for (let from = 0; from < rows.length; from += 500)
      await tx
        .insertInto('webhook_deliveries')
        .values(rows.slice(from, from + 500))
        .execute()
  },

  sendAgain: (tx, id, now, until) =>
    tx
      .updateTable('webhook_deliveries')
      .set({ status: 'waiting', attempts: 0, next_attempt_at: now, tried_until: until, finished_at: null })
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirst(),

  due: (tx, webhookId, now, count) =>
    tx
      .selectFrom('webhook_deliveries')
      .select(['seq', 'object_key', 'leased_until'])
      .where('status', '=', waiting)
      .where('webhook_id', '=', webhookId)
      .where('next_attempt_at', '<=', now)
      .orderBy('next_attempt_at')
      .orderBy('seq')
      .limit(count)
      .execute(),

  ofObject: (tx, webhookId, objectKey, count) =>
    tx
      .selectFrom('webhook_deliveries')
      .selectAll()
      .where('status', '=', waiting)
      .where('webhook_id', '=', webhookId)
      .where('object_key', '=', objectKey)
      .orderBy('seq')
      .limit(count)
      .execute(),

  async putOff(tx, { webhook_id, object_key }, until) {
    await tx
      .updateTable('webhook_deliveries')
      .set({ next_attempt_at: until })
      .where('status', '=', waiting)
      .where('webhook_id', '=', webhook_id)
      .where('object_key', '=', object_key)
      .where('next_attempt_at', '<', until)
      .execute()
  },

  async lease(tx, seqs, by, until) {
    await tx
      .updateTable('webhook_deliveries')
      .set({ leased_by: by, leased_until: until })
      .where('seq', 'in', seqs)
      .execute()
  },

  async renew(tx, seqs, by, until) {
    await tx
      .updateTable('webhook_deliveries')
      .set({ leased_until: until })
      .where('seq', 'in', seqs)
      .where('leased_by', '=', by)
      .execute()
  },

  async release(tx, seqs, by) {
    await tx
      .updateTable('webhook_deliveries')
      .set({ leased_by: '', leased_until: 0 })
      .where('seq', 'in', seqs)
      .where('leased_by', '=', by)
      .execute()
  },

  async releaseAll(tx) {
    await tx
      .updateTable('webhook_deliveries')
      .set({ leased_by: '', leased_until: 0 })
      .where('status', '=', waiting)
      .where('leased_until', '>', 0)
      .execute()
  },
}

type Outcomes = 'succeed' | 'fail' | 'giveUp' | 'giveUpOld'

const noLease = { leased_by: '', leased_until: 0 } as const

const outcomes: Pick<DeliveryStore, Outcomes> = {
  async succeed(tx, delivered, by, now) {
    for (const [answer_status, group] of Map.groupBy(delivered, ({ answerStatus }) => answerStatus))
      await tx
        .updateTable('webhook_deliveries')
        .set((e) => ({
          ...noLease,
          ...{ status: 'delivered' as const, answer_status, problem: null, finished_at: now },
          attempts: e('attempts', '+', 1),
        }))
        .where(
          'seq',
          'in',
          group.map(({ seq }) => seq),
        )
        .where('leased_by', '=', by)
        .execute()
  },

  async fail(tx, { row, answerStatus, problem, nextAttemptAt }, by, now) {
    await tx
      .updateTable('webhook_deliveries')
      .set((e) => ({
        ...noLease,
        ...{ answer_status: answerStatus, problem },
        ...(nextAttemptAt === undefined
          ? { status: 'failed' as const, finished_at: now }
          : { next_attempt_at: nextAttemptAt }),
        attempts: e('attempts', '+', 1),
      }))
      .where('seq', '=', row.seq)
      .where('leased_by', '=', by)
      .execute()
  },

  async giveUp(tx, webhookId, { except, onlySecret = false }, problem, now) {
    const all = tx
      .updateTable('webhook_deliveries')
      .set({ ...noLease, status: 'failed', problem, finished_at: now })
      .where('status', '=', waiting)
      .where('webhook_id', '=', webhookId)
    const some = except === undefined ? all : all.where('type', '<>', except)
    await (onlySecret ? some.where('is_secret', '=', 1) : some).execute()
  },

  async giveUpOld(tx, before, problem, now, count) {
    const old = tx
      .selectFrom('webhook_deliveries')
      .select('seq')
      .where('status', '=', waiting)
      .where('tried_until', '<=', before)
      .limit(count)
    const seqs = (await old.execute()).map(({ seq }) => seq)
    if (seqs.length === 0) return 0
    await tx
      .updateTable('webhook_deliveries')
      .set({ ...noLease, status: 'failed', problem, finished_at: now })
      .where('seq', 'in', seqs)
      .where('status', '=', waiting)
      .execute()
    return seqs.length
  },
}

const removal: Pick<DeliveryStore, 'hasMoreWaiting' | 'deleteOf' | 'deleteBefore'> = {
  async hasMoreWaiting(tx, webhookId, count) {
    const beyond = tx
      .selectFrom('webhook_deliveries')
      .select('seq')
      .where('status', '=', waiting)
      .where('webhook_id', '=', webhookId)
      .orderBy('next_attempt_at')
      .limit(1)
      .offset(count)
    return (await beyond.executeTakeFirst()) !== undefined
  },

  async deleteOf(tx, webhookId, count) {
    const some = tx.selectFrom('webhook_deliveries').select('seq').where('webhook_id', '=', webhookId).limit(count)
    return deleteAll(
      tx,
      (await some.execute()).map(({ seq }) => seq),
    )
  },

  async deleteBefore(tx, before, count) {
    const old = tx
      .selectFrom('webhook_deliveries')
      .select('seq')
      .where('created_at', '<=', before)
      .where('tried_until', '<=', before)
      .limit(count)
    return deleteAll(
      tx,
      (await old.execute()).map(({ seq }) => seq),
    )
  },
}

async function deleteAll(tx: Tx, seqs: readonly number[]): Promise<number> {
  if (seqs.length > 0) await tx.deleteFrom('webhook_deliveries').where('seq', 'in', seqs).execute()
  return seqs.length
}

/** Returns the newest id of a delivery, which is larger than that of its message, or 0 when there is none. */
export async function newestDeliveryId(db: Database): Promise<number> {
  const row = await db.read
    .selectFrom('webhook_deliveries')
    .select(({ fn }) => fn.max<number | null>('id').as('id'))
    .executeTakeFirst()
  return row?.id ?? 0
}
