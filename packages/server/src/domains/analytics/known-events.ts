import type { Database } from '../../db/database.ts'
import type { AnalyticsStore, KeyTable, Tx } from './store.ts'

/** Which events were counted recently: for one to two days. */
export interface KnownEvents {
  /** Makes ready what transactions need: call it before each. */
  ready(): Promise<void>
  /** Begins a transaction that stores keys in `table`. `cleared`: the tables that it has emptied. */
  begin(tx: Tx, table: KeyTable, cleared: readonly KeyTable[]): KnownKeys
}

/** The known events in one transaction. */
export interface KnownKeys {
  /** Looks for keys, before they are taken. */
  look(keys: readonly number[]): Promise<void>
  /** Takes a key that was looked for: returns false if it is known, or was taken before. */
  take(key: number): boolean
  /** Writes what was taken, at the end of the transaction. */
  write(): Promise<void>
  /** To be called when the transaction is committed, before the next one begins. */
  committed(): void
}

export interface KnownEventsOptions {
  db: Database
  store: Pick<AnalyticsStore, 'eventKeys'>
  /** At most this many keys are in memory. */
  mostInMemory: number
}
