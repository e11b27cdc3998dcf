import type { Transaction } from 'kysely'
import type { Database } from '../../db/database.ts'
import { prepare, prepareBatch } from '../../db/prepared.ts'
import type { Schema } from '../../db/schema.ts'

export type PictureRow = Schema['pictures']
export type Tx = Transaction<Schema>

/** The SQL of pictures, and of the list of those whose files may be unused. */
export interface PictureStore {
  /** Returns the picture with this `content_hash`; undefined if there is none. */
  byHash(contentHash: string): Promise<PictureRow | undefined>
  /** Returns the picture under a key; undefined if there is none. */
  byKey(key: string): Promise<PictureRow | undefined>
  /** Returns the `source_hash` of pictures by their keys; unknown keys are passed over. */
  sourcesOf(keys: readonly string[]): Promise<Map<string, string>>
  /** Returns another picture made from the same bytes; undefined if there is none. */
  withSameSource(picture: PictureRow): Promise<PictureRow | undefined>
  /** Returns at most `count` pictures in the order of their keys, after `key`. */
  after(key: string, count: number): Promise<PictureRow[]>
  /** Returns whether a picture exists, or is on the list to sweep, in the committed data. */
  isKnown(key: string): Promise<boolean>
  /** Returns whether a picture exists, as the transaction sees it. */
  exists(tx: Tx, key: string): Promise<boolean>

  insert(tx: Tx, row: PictureRow): Promise<void>
  /** Counts one more use of the picture with this `content_hash`; undefined if there is none. */
  addUse(tx: Tx, contentHash: string): Promise<PictureRow | undefined>
  /** Counts one more use of the picture under a key; undefined if there is none. */
  addUseByKey(tx: Tx, key: string): Promise<PictureRow | undefined>
  /** Counts `count` uses fewer, and returns how many are left. */
  dropUses(tx: Tx, key: string, count: number): Promise<number>
  /** Writes the sizes of a picture's renditions. Does nothing if there is no such picture. */
  setRenditions(tx: Tx, key: string, renditions: string): Promise<void>
  /** Keeps what a picture looks like. */
  setLook(tx: Tx, key: string, look: string): Promise<void>
  /** Deletes a picture without uses. */
  deleteUnused(tx: Tx, key: string): Promise<void>

  /** Adds a key to the list to sweep; `now` in milliseconds since 1970. */
  queueSweep(tx: Tx, key: string, now: number): Promise<void>
  /** Removes a key from the list. */
  unqueueSweep(tx: Tx, key: string): Promise<void>
  /** Removes a key from the list for a Pin to use it; false if its files are already being removed. */
  claim(tx: Tx, key: string): Promise<boolean>
  /** Records that the files under a key are being removed; false if it is not on the list. */
  markRemoving(tx: Tx, key: string): Promise<boolean>
  /** Returns at most 1000 keys that were added to the list by `time`, in milliseconds since 1970. */
  queuedBefore(time: number): Promise<string[]>
}

/** Makes the store over `db`. */
export function pictureStore(db: Database): PictureStore {
  return { ...pictureTable(db), ...sweepTable(db) }
}

function pictureTable(
  db: Database,
): Omit<PictureStore, 'queueSweep' | 'unqueueSweep' | 'claim' | 'markRemoving' | 'queuedBefore'> {
  const all = db.read.selectFrom('pictures').selectAll()
  const byHash = prepare(db, ({ contentHash }: { contentHash: string }) => all.where('content_hash', '=', contentHash))
  const byKey = prepare(db, ({ key }: { key: string }) => all.where('key', '=', key))
  const sources = prepareBatch((rows: readonly { key: string }[]) =>
    db.read
      .selectFrom('pictures')
      .select(['key', 'source_hash'])
      .where(
        'key',
        'in',
        rows.map(({ key }) => key),
      ),
  )
  const addUse = (tx: Tx) =>
    tx
      .updateTable('pictures')
      .set((e) => ({ uses: e('uses', '+', 1) }))
      .returningAll()

  return {
    byHash: (contentHash) => byHash.first({ contentHash }),
    byKey: (key) => byKey.first({ key }),
    async sourcesOf(keys) {
      const rows = await sources(
        db.run,
        keys.map((key) => ({ key })),
      )
      return new Map(rows.map(({ key, source_hash }) => [key, source_hash]))
    },
    withSameSource: ({ source_hash, key }) =>
      all.where('source_hash', '=', source_hash).where('key', '<>', key).limit(1).executeTakeFirst(),
    after: (key, count) => all.where('key', '>', key).orderBy('key').limit(count).execute(),

    async isKnown(key) {
      const find = (table: 'pictures' | 'picture_sweeps') =>
        db.read.selectFrom(table).select('key').where('key', '=', key).executeTakeFirst()
      return ((await find('pictures')) ?? (await find('picture_sweeps'))) !== undefined
    },

    exists: async (tx, key) =>
      (await tx.selectFrom('pictures').select('key').where('key', '=', key).executeTakeFirst()) !== undefined,

    async insert(tx, row) {
      await tx.insertInto('pictures').values(row).execute()
    },

    addUse: (tx, contentHash) => addUse(tx).where('content_hash', '=', contentHash).executeTakeFirst(),
    addUseByKey: (tx, key) => addUse(tx).where('key', '=', key).executeTakeFirst(),

    async dropUses(tx, key, count) {
      const row = await tx
        .updateTable('pictures')
        .set((e) => ({ uses: e('uses', '-', count) }))
        .where('key', '=', key)
        .returning('uses')
        .executeTakeFirst()
      return row?.uses ?? 0
    },

    async setRenditions(tx, key, renditions) {
      await tx.updateTable('pictures').set({ renditions }).where('key', '=', key).execute()
    },

    async setLook(tx, key, look) {
      await tx.updateTable('pictures').set({ look }).where('key', '=', key).execute()
    },

    async deleteUnused(tx, key) {
      await tx.deleteFrom('pictures').where('key', '=', key).where('uses', '<=', 0).execute()
    },
  }
}

function sweepTable(
  db: Database,
): Pick<PictureStore, 'queueSweep' | 'unqueueSweep' | 'claim' | 'markRemoving' | 'queuedBefore'> {
  return {
    async queueSweep(tx, key, now) {
      await tx
        .insertInto('picture_sweeps')
        .values({ key, queued_at: now, removing: 0 })
        .onConflict((c) => c.column('key').doNothing())
        .execute()
    },

    async unqueueSweep(tx, key) {
      await tx.deleteFrom('picture_sweeps').where('key', '=', key).execute()
    },

    async claim(tx, key) {
      const query = tx.deleteFrom('picture_sweeps').where('key', '=', key).where('removing', '=', 0)
      return (await query.executeTakeFirst()).numDeletedRows > 0n
    },

    async markRemoving(tx, key) {
      const query = tx.updateTable('picture_sweeps').set({ removing: 1 }).where('key', '=', key)
      return (await query.executeTakeFirst()).numUpdatedRows > 0n
    },

    async queuedBefore(time) {
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
