import type { Kysely } from 'kysely'
import type { Database } from '../../../db/database.ts'
import { prepareBatch, within } from '../../../db/prepared.ts'
import type { Schema } from '../../../db/schema.ts'
import type { Tx } from './rows.ts'

/** The two tables of keys, which take turns. */
export type KeyTable = 0 | 1

/** A text of many keys. */
export type KeyBatchRow = { id: number; keys: string }

/**
 * Recently counted events, so that none is counted again: key by key (`event_keys_0`, `event_keys_1`), or many in a text
 * (`event_key_batches_0`, `event_key_batches_1`).
 */
export interface EventKeysStore {
  /** Stores keys in a table, and returns those that were not in it. */
  add(tx: Tx, table: KeyTable, keys: readonly number[]): Promise<number[]>
  /** Returns those of the keys that are in a table; texts are not looked into. */
  known(tx: Tx, table: KeyTable, keys: readonly number[]): Promise<number[]>
  /** Returns whether a table has keys, apart from texts. */
  hasKeys(table: KeyTable): Promise<boolean>
  /** Stores a text of keys. */
  addBatch(tx: Tx, table: KeyTable, keys: string): Promise<void>
  /** Returns the next `count` texts after the one with the id `after`. */
  batchesAfter(table: KeyTable, after: number, count: number): Promise<KeyBatchRow[]>
  /** Removes some texts, at most `count`, and returns them. */
  takeBatches(tx: Tx, table: KeyTable, count: number): Promise<string[]>
  /** Empties a table, and its texts. */
  clear(tx: Tx, table: KeyTable): Promise<void>
}

/** Makes the store over `db`. */
export function eventKeysStore({ read }: Database): EventKeysStore {
  const tables = { 0: keysIn(read, 0), 1: keysIn(read, 1) }
  return {
    add: async (tx, table, keys) => (await tables[table].add(within(tx), rowsOf(keys))).map(({ key }) => key),
    known: async (tx, table, keys) => (await tables[table].known(within(tx), rowsOf(keys))).map(({ key }) => key),

    async hasKeys(table) {
      const first = read.selectFrom(`event_keys_${table}`).select('key').limit(1)
      return (await first.executeTakeFirst()) !== undefined
    },

    async addBatch(tx, table, keys) {
      await tables[table].addBatch(within(tx), [{ keys }])
    },

    batchesAfter: (table, after, count) =>
      read
        .selectFrom(`event_key_batches_${table}`)
        .selectAll()
        .where('id', '>', after)
        .orderBy('id')
        .limit(count)
        .execute(),

    async takeBatches(tx, table, count) {
      const name = `event_key_batches_${table}` as const
      const some = tx.selectFrom(name).select('id').orderBy('id').limit(count)
      const removed = await tx.deleteFrom(name).where('id', 'in', some).returning('keys').execute()
      return removed.map(({ keys }) => keys)
    },

    async clear(tx, table) {
      await tx.deleteFrom(`event_keys_${table}`).execute()
      await tx.deleteFrom(`event_key_batches_${table}`).execute()
    },
  }
}

interface KeyRow {
  key: number
}

const rowsOf = (keys: readonly number[]): KeyRow[] => keys.map((key) => ({ key }))

const keysIn = (db: Kysely<Schema>, table: KeyTable) => ({
  add: prepareBatch((rows: readonly KeyRow[]) =>
    db
      .insertInto(`event_keys_${table}`)
      .values(rows.map(({ key }) => ({ key })))
      .onConflict((c) => c.doNothing())
      .returning('key'),
  ),
  known: prepareBatch((rows: readonly KeyRow[]) =>
    db
      .selectFrom(`event_keys_${table}`)
      .select('key')
      .where(
        'key',
        'in',
        rows.map(({ key }) => key),
      ),
  ),
  addBatch: prepareBatch((rows: readonly { keys: string }[]) =>
    db.insertInto(`event_key_batches_${table}`).values(rows.map(({ keys }) => ({ keys }))),
  ),
})
