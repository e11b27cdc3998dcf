import type { Transaction } from 'kysely'
import type { Database } from '../../db/database.ts'
import { prepare } from '../../db/prepared.ts'
import type { Schema } from '../../db/schema.ts'

export type VideoRow = Schema['media']
type Tx = Transaction<Schema>

/** The SQL of uploaded videos. */
export function videoStore(db: Database) {
  const all = db.read.selectFrom('media').selectAll()
  const byId = prepare(db, ({ id }: { id: number }) => all.where('id', '=', id))
  const ofAccount = prepare(db, ({ accountId, before, count }: { accountId: number; before: number; count: number }) =>
    all.where('account_id', '=', accountId).where('id', '<', before).orderBy('id', 'desc').limit(count),
  )
  const change = (tx: Tx, id: number, status: VideoRow['status'], values: Partial<VideoRow>) =>
    tx.updateTable('media').set(values).where('id', '=', id).where('status', '=', status).returningAll()

  return {
    byId: (id: number) => byId.first({ id }),
    /** An account's, newest first, with ids below `before`. */
    ofAccount: (accountId: number, before: number, count: number) => ofAccount.all({ accountId, before, count }),

    insert: async (tx: Tx, row: VideoRow): Promise<void> => {
      await tx.insertInto('media').values(row).execute()
    },

    /** How many of an account's are being processed, or were registered after `since`. */
    countOpen: async (tx: Tx, accountId: number, since: number): Promise<number> => {
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

    /** From registered to processing; false if it is not registered. */
    markUploaded: async (tx: Tx, id: number, now: number): Promise<boolean> =>
      (await change(tx, id, 'registered', { status: 'processing', changed_at: now }).executeTakeFirst()) !== undefined,

    /** Counts one more attempt; the row, or undefined if it is not being processed. */
    beginAttempt: (tx: Tx, id: number): Promise<VideoRow | undefined> =>
      tx
        .updateTable('media')
        .set((e) => ({ attempts: e('attempts', '+', 1) }))
        .where('id', '=', id)
        .where('status', '=', 'processing')
        .returningAll()
        .executeTakeFirst(),

    takeBackAttempt: async (tx: Tx, id: number): Promise<void> => {
      await tx
        .updateTable('media')
        .set((e) => ({ attempts: e('attempts', '-', 1) }))
        .where('id', '=', id)
        .execute()
    },

    /** From processing to succeeded; false if it is not being processed. */
    succeed: async (
      tx: Tx,
      id: number,
      made: Pick<VideoRow, 'key' | 'bytes' | 'duration_ms' | 'width' | 'height'>,
      now: number,
    ): Promise<boolean> => {
      const values = { ...made, status: 'succeeded', changed_at: now } as const
      return (await change(tx, id, 'processing', values).executeTakeFirst()) !== undefined
    },

    fail: async (tx: Tx, id: number, problem: string, now: number): Promise<void> => {
      await change(tx, id, 'processing', { status: 'failed', problem, changed_at: now }).execute()
    },

    ofStatusBefore: (status: VideoRow['status'], before: number): Promise<VideoRow[]> =>
      all.where('status', '=', status).where('changed_at', '<=', before).orderBy('id').limit(1000).execute(),

    /** One use more; undefined if it has not succeeded or is gone. */
    addUse: (tx: Tx, id: number): Promise<VideoRow | undefined> =>
      tx
        .updateTable('media')
        .set((e) => ({ uses: e('uses', '+', 1) }))
        .where('id', '=', id)
        .where('status', '=', 'succeeded')
        .returningAll()
        .executeTakeFirst(),

    dropUses: async (tx: Tx, id: number, count: number): Promise<void> => {
      await tx
        .updateTable('media')
        .set((e) => ({ uses: e('uses', '-', count) }))
        .where('id', '=', id)
        .execute()
    },

    /** Deletes it if no Pin shows it; what it was, or undefined if it stays. */
    deleteUnused: (tx: Tx, id: number): Promise<VideoRow | undefined> =>
      tx.deleteFrom('media').where('id', '=', id).where('uses', '<=', 0).returningAll().executeTakeFirst(),

    /** So many that are kept, in the order of their keys, after this one. */
    after: (key: string, count: number): Promise<VideoRow[]> =>
      all.where('key', '>', key).orderBy('key').limit(count).execute(),

    isKnown: async (key: string): Promise<boolean> =>
      (await db.read.selectFrom('media').select('id').where('key', '=', key).executeTakeFirst()) !== undefined,

    /** What no Pin shows and did not change since `before`, but for what is being processed. */
    unusedBefore: (before: number): Promise<VideoRow[]> =>
      all
        .where('status', 'in', ['registered', 'succeeded', 'failed'])
        .where('changed_at', '<=', before)
        .where('uses', '<=', 0)
        .limit(500)
        .execute(),
  }
}
