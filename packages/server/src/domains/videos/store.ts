import { sql, type Transaction } from 'kysely'
import type { Database } from '../../db/database.ts'
import { timeOf } from '../../db/database-time.ts'
import { prepare } from '../../db/prepared.ts'
import type { Schema } from '../../db/schema.ts'

export type VideoRow = Schema['media']
export type Tx = Transaction<Schema>

/** The columns of a video that can be served. */
export type MadeColumns = Pick<VideoRow, 'key' | 'bytes' | 'duration_ms' | 'width' | 'height'>

/** An upload that several servers reach. */
export interface SharedUpload {
  /** The key of its file. */
  key: string
  holder: string
}

/** A server that has not said for this long that it processes an upload does so no more. */
const leaseMs = 20_000

/** The SQL of uploaded videos. Times are in milliseconds since 1970. */
export interface VideoStore {
  /** Returns an upload; undefined if there is none. */
  byId(id: number): Promise<VideoRow | undefined>
  /** Returns at most `count` of an account's, newest first, with ids below `before`. */
  ofAccount(accountId: number, before: number, count: number): Promise<VideoRow[]>
  /** Returns at most 1000 that are being processed, in the order of their ids, after `id`. */
  processingAfter(id: number): Promise<VideoRow[]>
  /** Returns at most 500 that no Pin uses and that did not change since `before`, except those being processed. */
  unusedBefore(before: number): Promise<VideoRow[]>
  /** Returns at most `count` that are stored, in the order of their keys, after `key`. */
  after(key: string, count: number): Promise<VideoRow[]>
  /** Returns whether a video, or the file of an upload, is stored under a key. */
  isKnown(key: string): Promise<boolean>
  /** Counts how many of an account's are being processed, or were registered after `since`. */
  countOpen(tx: Tx, accountId: number, since: number): Promise<number>

  insert(tx: Tx, row: VideoRow): Promise<void>
  /** Changes the status from registered to processing; false if it is not registered. */
  markUploaded(tx: Tx, id: number, now: number, shared?: SharedUpload): Promise<boolean>
  /** Counts one more attempt, and returns the row; undefined if it is not being processed, or not by `holder`. */
  beginAttempt(tx: Tx, id: number, holder: string | undefined): Promise<VideoRow | undefined>
  /** Counts one attempt fewer. */
  takeBackAttempt(tx: Tx, id: number): Promise<void>
  /** Changes the status from processing to succeeded, and returns it; undefined if it is not being processed, or not by `holder`. */
  succeed(tx: Tx, id: number, made: MadeColumns, now: number, holder: string | undefined): Promise<VideoRow | undefined>
  /**
   * Changes the status from processing to failed, and returns it; undefined if it is not being processed. `problem`: in
   * words for its uploader.
   */
  fail(tx: Tx, id: number, problem: string, now: number): Promise<VideoRow | undefined>

  /** Has `holder` process an upload whose file is with it alone. */
  lease(tx: Tx, id: number, holder: string): Promise<void>
  /** Has `holder` process at most `count` uploads that nobody does, and returns them. */
  takeOver(tx: Tx, holder: string, count: number): Promise<VideoRow[]>
  /** Says that `holder` still processes these, at most 500. */
  renewLeases(tx: Tx, holder: string, ids: readonly number[]): Promise<void>
  /** Leaves what `holder` processes to others. */
  leaveLeases(tx: Tx, holder: string): Promise<void>

  /** Counts one more use; undefined if it has not succeeded or was removed. */
  addUse(tx: Tx, id: number): Promise<VideoRow | undefined>
  /** Counts `count` uses fewer. */
  dropUses(tx: Tx, id: number, count: number): Promise<void>
  /** Deletes it if no Pin uses it, and returns it; undefined if it stays. */
  deleteUnused(tx: Tx, id: number): Promise<VideoRow | undefined>
}

/** Makes the store over `db`. */
export function videoStore(db: Database): VideoStore {
  return { ...reads(db), ...statuses(db), ...leases(db), ...uses }
}

type Reads = 'byId' | 'ofAccount' | 'processingAfter' | 'unusedBefore' | 'after' | 'isKnown' | 'countOpen'
type Leases = 'lease' | 'takeOver' | 'renewLeases' | 'leaveLeases'
type Uses = 'addUse' | 'dropUses' | 'deleteUnused'

function reads(db: Database): Pick<VideoStore, Reads> {
  const all = db.read.selectFrom('media').selectAll()
  const byId = prepare(db, ({ id }: { id: number }) => all.where('id', '=', id))
  const ofAccount = prepare(db, ({ accountId, before, count }: { accountId: number; before: number; count: number }) =>
    all.where('account_id', '=', accountId).where('id', '<', before).orderBy('id', 'desc').limit(count),
  )

  return {
    byId: (id) => byId.first({ id }),
    ofAccount: (accountId, before, count) => ofAccount.all({ accountId, before, count }),

    processingAfter: (id) =>
      all.where('status', '=', 'processing').where('id', '>', id).orderBy('id').limit(1000).execute(),

    unusedBefore: (before) =>
      all
        .where('status', 'in', ['registered', 'succeeded', 'failed'])
        .where('changed_at', '<=', before)
        .where('uses', '<=', 0)
        .limit(500)
        .execute(),

    after: (key, count) => all.where('key', '>', key).orderBy('key').limit(count).execute(),

    isKnown: async (key) =>
      (await db.read
        .selectFrom('media')
        .select('id')
        .where((e) => e.or([e('key', '=', key), e('upload_key', '=', key)]))
        .executeTakeFirst()) !== undefined,

    async countOpen(tx, accountId, since) {
      const row = await tx
        .selectFrom('media')
        .select((e) => e.fn.countAll().as('count'))
        .where('account_id', '=', accountId)
        .where((e) =>
          e.or([e('status', '=', 'processing'), e.and([e('status', '=', 'registered'), e('created_at', '>', since)])]),
        )
        .executeTakeFirstOrThrow()
      return Number(row.count)
    },
  }
}

/** Changes a row with this status. */
const change = (tx: Tx, id: number, status: VideoRow['status'], values: Partial<VideoRow>) =>
  tx.updateTable('media').set(values).where('id', '=', id).where('status', '=', status).returningAll()

const noLease = { upload_key: null, leased_by: null, leased_until: 0 }

function statuses(db: Database): Omit<VideoStore, Reads | Leases | Uses> {
  const leasedUntil = sql<number>`${timeOf(db)} + ${sql.lit(leaseMs)}`

  return {
    async insert(tx, row) {
      await tx.insertInto('media').values(row).execute()
    },

    async markUploaded(tx, id, now, shared) {
      const marked = await change(tx, id, 'registered', { status: 'processing', changed_at: now })
        .$if(shared !== undefined, (query) =>
          query.set({ upload_key: shared?.key ?? null, leased_by: shared?.holder ?? null, leased_until: leasedUntil }),
        )
        .executeTakeFirst()
      return marked !== undefined
    },

    beginAttempt: (tx, id, holder) =>
      tx
        .updateTable('media')
        .set((e) => ({ attempts: e('attempts', '+', 1) }))
        .where('id', '=', id)
        .where('status', '=', 'processing')
        .$if(holder !== undefined, (query) => query.where('leased_by', '=', holder ?? null))
        .returningAll()
        .executeTakeFirst(),

    async takeBackAttempt(tx, id) {
      await tx
        .updateTable('media')
        .set((e) => ({ attempts: e('attempts', '-', 1) }))
        .where('id', '=', id)
        .execute()
    },

    succeed: (tx, id, made, now, holder) =>
      change(tx, id, 'processing', { ...made, ...noLease, status: 'succeeded', changed_at: now })
        .$if(holder !== undefined, (query) => query.where('leased_by', '=', holder ?? null))
        .executeTakeFirst(),

    fail: (tx, id, problem, now) =>
      change(tx, id, 'processing', { ...noLease, status: 'failed', problem, changed_at: now }).executeTakeFirst(),
  }
}

function leases(db: Database): Pick<VideoStore, Leases> {
  const now = timeOf(db)
  const leasedUntil = sql<number>`${now} + ${sql.lit(leaseMs)}`
  const held = (tx: Tx, holder: string) =>
    tx.updateTable('media').where('status', '=', 'processing').where('leased_by', '=', holder)

  return {
    async lease(tx, id, holder) {
      await tx.updateTable('media').set({ leased_by: holder, leased_until: leasedUntil }).where('id', '=', id).execute()
    },

    takeOver(tx, holder, count) {
      const free = sql<boolean>`leased_until <= ${now}`
      return tx
        .updateTable('media')
        .set({ leased_by: holder, leased_until: leasedUntil })
        .where('id', 'in', (e) =>
          e
            .selectFrom('media')
            .select('id')
            .where('status', '=', 'processing')
            .where('upload_key', 'is not', null)
            .where(free)
            .orderBy('id')
            .limit(count),
        )
        .where('status', '=', 'processing')
        .where(free)
        .returningAll()
        .execute()
    },

    async renewLeases(tx, holder, ids) {
      await held(tx, holder).where('id', 'in', ids).set({ leased_until: leasedUntil }).execute()
    },

    async leaveLeases(tx, holder) {
      await held(tx, holder).set({ leased_by: null, leased_until: 0 }).execute()
    },
  }
}

const uses: Pick<VideoStore, Uses> = {
  addUse: (tx, id) =>
    tx
      .updateTable('media')
      .set((e) => ({ uses: e('uses', '+', 1) }))
      .where('id', '=', id)
      .where('status', '=', 'succeeded')
      .returningAll()
      .executeTakeFirst(),

  async dropUses(tx, id, count) {
    await tx
      .updateTable('media')
      .set((e) => ({ uses: e('uses', '-', count) }))
      .where('id', '=', id)
      .execute()
  },

  deleteUnused: (tx, id) =>
    tx.deleteFrom('media').where('id', '=', id).where('uses', '<=', 0).returningAll().executeTakeFirst(),
}

/** Returns the newest id of an upload, or 0 when there is none. */
export async function newestVideoId(db: Database): Promise<number> {
  const row = await db.read
    .selectFrom('media')
    .select(({ fn }) => fn.max<number | null>('id').as('id'))
    .executeTakeFirst()
  return row?.id ?? 0
}
