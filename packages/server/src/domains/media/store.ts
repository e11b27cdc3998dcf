import type { Transaction } from 'kysely'
import type { Database } from '../../db/database.ts'
import { prepare } from '../../db/prepared.ts'
import type { Schema } from '../../db/schema.ts'

export type PictureRow = Schema['pictures']
type Tx = Transaction<Schema>

/** The SQL of pictures and of the list of those to sweep. */
export function pictureStore(db: Database) {
  const byHash = prepare(db, ({ contentHash }: { contentHash: string }) =>
    db.read.selectFrom('pictures').selectAll().where('content_hash', '=', contentHash),
  )
  const byKey = prepare(db, ({ key }: { key: string }) =>
    db.read.selectFrom('pictures').selectAll().where('key', '=', key),
  )

  return {
    byHash: (contentHash: string) => byHash.first({ contentHash }),
    byKey: (key: string) => byKey.first({ key }),

    /** One use more; undefined if there is no such picture. */
    addUse: (tx: Tx, contentHash: string): Promise<PictureRow | undefined> =>
      tx
        .updateTable('pictures')
        .set((e) => ({ uses: e('uses', '+', 1) }))
        .where('content_hash', '=', contentHash)
        .returningAll()
        .executeTakeFirst(),

    addUseByKey: (tx: Tx, key: string): Promise<PictureRow | undefined> =>
      tx
        .updateTable('pictures')
        .set((e) => ({ uses: e('uses', '+', 1) }))
        .where('key', '=', key)
        .returningAll()
        .executeTakeFirst(),

    insert: async (tx: Tx, row: PictureRow): Promise<void> => {
      await tx.insertInto('pictures').values(row).execute()
    },

    /** `count` uses fewer; how many are left. */
    dropUses: async (tx: Tx, key: string, count: number): Promise<number> => {
      const row = await tx
        .updateTable('pictures')
        .set((e) => ({ uses: e('uses', '-', count) }))
        .where('key', '=', key)
        .returning('uses')
        .executeTakeFirst()
      return row?.uses ?? 0
    },

    deleteUnused: async (tx: Tx, key: string): Promise<void> => {
      await tx.deleteFrom('pictures').where('key', '=', key).where('uses', '<=', 0).execute()
    },

    exists: async (tx: Tx, key: string): Promise<boolean> =>
      (await tx.selectFrom('pictures').select('key').where('key', '=', key).executeTakeFirst()) !== undefined,

    queueSweep: async (tx: Tx, key: string, now: number): Promise<void> => {
      await tx
        .insertInto('picture_sweeps')
        .values({ key, queued_at: now, removing: 0 })
        .onConflict((c) => c.column('key').doNothing())
        .execute()
    },

    /** Takes a picture off the list for a Pin to hold it; false if its files are being removed already. */
    claim: async (tx: Tx, key: string): Promise<boolean> => {
      const query = tx.deleteFrom('picture_sweeps').where('key', '=', key).where('removing', '=', 0)
      return (await query.executeTakeFirst()).numDeletedRows > 0n
    },

    markRemoving: async (tx: Tx, key: string): Promise<void> => {
      await tx.updateTable('picture_sweeps').set({ removing: 1 }).where('key', '=', key).execute()
    },

    unqueueSweep: async (tx: Tx, key: string): Promise<void> => {
      await tx.deleteFrom('picture_sweeps').where('key', '=', key).execute()
    },

    /** So many pictures, in the order of their keys, after this one. */
    after: (key: string, count: number): Promise<PictureRow[]> =>
      db.read.selectFrom('pictures').selectAll().where('key', '>', key).orderBy('key').limit(count).execute(),

    /** Whether a picture is there, or on the list of those to sweep, in what is committed by now. */
    isKnown: async (key: string): Promise<boolean> => {
      const find = (table: 'pictures' | 'picture_sweeps') =>
        db.read.selectFrom(table).select('key').where('key', '=', key).executeTakeFirst()
      return ((await find('pictures')) ?? (await find('picture_sweeps'))) !== undefined
    },

    queuedBefore: async (time: number): Promise<string[]> => {
      const rows = await db.read
        .selectFrom('picture_sweeps')
        .select('key')
        .where('queued_at', '<=', time)
        .limit(1000)
        .execute()
      return rows.map(({ key }) => key)
    },
  }
}
