import type { Transaction } from 'kysely'
import type { Database } from '../../db/database.ts'
import { prepare } from '../../db/prepared.ts'
import type { Schema } from '../../db/schema.ts'

export type VideoRow = Schema['media']
export type Tx = Transaction<Schema>

/** The columns of a video that can be served. */
export type MadeColumns = Pick<VideoRow, 'key' | 'bytes' | 'duration_ms' | 'width' | 'height'>

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
  /** Returns whether a video is stored under a key. */
  isKnown(key: string): Promise<boolean>
  /** Counts how many of an account's are being processed, or were registered after `since`. */
  countOpen(tx: Tx, accountId: number, since: number): Promise<number>

  insert(tx: Tx, row: VideoRow): Promise<void>
  /** Changes the status from registered to processing; false if it is not registered. */
  markUploaded(tx: Tx, id: number, now: number): Promise<boolean>
  /** Counts one more attempt, and returns the row; undefined if it is not being processed. */
  beginAttempt(tx: Tx, id: number): Promise<VideoRow | undefined>
  /** Counts one attempt fewer. */
  takeBackAttempt(tx: Tx, id: number): Promise<void>
  /** Changes the status from processing to succeeded, and returns it; undefined if it is not being processed. */
  succeed(tx: Tx, id: number, made: MadeColumns, now: number): Promise<VideoRow | undefined>
  /**
   * Changes the status from processing to failed, and returns it; undefined if it is not being processed. `problem`: in
   * words for its uploader.
   */
  fail(tx: Tx, id: number, problem: string, now: number): Promise<VideoRow | undefined>

  /** Counts one more use; undefined if it has not succeeded or was removed. */
  addUse(tx: Tx, id: number): Promise<VideoRow | undefined>
  /** Counts `count` uses fewer. */
  dropUses(tx: Tx, id: number, count: number): Promise<void>
  /** Deletes it if no Pin uses it, and returns it; undefined if it stays. */
  deleteUnused(tx: Tx, id: number): Promise<VideoRow | undefined>
}

/** Makes the store over `db`. */
export function videoStore(db: Database): VideoStore {
  return { ...reads(db), ...statuses, ...uses }
}

type Reads = 'byId' | 'ofAccount' | 'processingAfter' | 'unusedBefore' | 'after' | 'isKnown' | 'countOpen'
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
      (await db.read.selectFrom('media').select('id').where('key', '=', key).executeTakeFirst()) !== undefined,

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

const statuses: Omit<VideoStore, Reads | Uses> = {
  async insert(tx, row) {
    await tx.insertInto('media').values(row).execute()
  },

  markUploaded: async (tx, id, now) =>
    (await change(tx, id, 'registered', { status: 'processing', changed_at: now }).executeTakeFirst()) !== undefined,

  beginAttempt: (tx, id) =>
    tx
      .updateTable('media')
      .set((e) => ({ attempts: e('attempts', '+', 1) }))
      .where('id', '=', id)
      .where('status', '=', 'processing')
      .returningAll()
      .executeTakeFirst(),

  async takeBackAttempt(tx, id) {
    await tx
      .updateTable('media')
      .set((e) => ({ attempts: e('attempts', '-', 1) }))
      .where('id', '=', id)
      .execute()
  },

  succeed: (tx, id, made, now) =>
    change(tx, id, 'processing', { ...made, status: 'succeeded', changed_at: now }).executeTakeFirst(),

  fail: (tx, id, problem, now) =>
    change(tx, id, 'processing', { status: 'failed', problem, changed_at: now }).executeTakeFirst(),
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
