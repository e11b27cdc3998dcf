import type { Transaction } from 'kysely'
import type { Schema } from '../../db/schema.ts'

/**
 * Returns a function that reads once in a transaction, however often it is called there. A transaction that is tried again
 * reads again.
 */
export function oncePerTransaction<T>(
  read: (tx: Transaction<Schema>) => Promise<T>,
): (tx: Transaction<Schema>) => Promise<T> {
  let latest: { tx: Transaction<Schema>; value: Promise<T> } | undefined
  return (tx) => {
    if (latest?.tx !== tx) latest = { tx, value: read(tx) }
    return latest.value
  }
}
