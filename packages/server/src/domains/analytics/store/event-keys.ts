import type { Kysely } from 'kysely'
import type { Database } from '../../../db/database.ts'
import { prepareBatch, within } from '../../../db/prepared.ts'
import type { Schema } from '../../../db/schema.ts'
import type { Tx } from './rows.ts'

/** The two tables of keys, which take turns. */
export type KeyTable = 0 | 1

/** Recently counted events, so that none is counted again (`event_keys_0`, `event_keys_1`). */
export interface EventKeysStore {
  /** Stores keys in a table, and returns those that were not in it. */
  add(tx: Tx, table: KeyTable, keys: readonly number[]): Promise<number[]>
  /** Returns those of the keys that are in a table. */
  known(tx: Tx, table: KeyTable, keys: readonly number[]): Promise<number[]>
  /** Empties a table. */
  clear(tx: Tx, table: KeyTable): Promise<void>
}

/** Makes the store over `db`. */
export function eventKeysStore({ read }: Database): EventKeysStore {
  const tables = { 0: keysIn(read, 0), 1: keysIn(read, 1) }
  return {
    add: async (tx, table, keys) => (await tables[table].add(within(tx), rowsOf(keys))).map(({ key }) => key),
    known: async (tx, table, keys) => (await tables[table].known(within(tx), rowsOf(keys))).map(({ key }) => key),
    clear: async (tx, table) => {
      await tx.deleteFrom(`event_keys_${table}`).execute()
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
})
