import { type AnyColumn, type InsertQueryBuilder, type InsertResult, sql } from 'kysely'
import type { Schema } from './schema.ts'

/** Inserts a row unless there is one with the same values in `unique`, the columns of a key. Returns whether it did. */
export async function insertNew<Table extends keyof Schema>(
  insert: InsertQueryBuilder<Schema, Table, InsertResult>,
  unique: readonly AnyColumn<Schema, Table>[],
): Promise<boolean> {
  const query = insert.onConflict((conflict) => conflict.columns(unique).doNothing())
  return (await query.returning(sql.lit(1).as('is_new')).executeTakeFirst()) !== undefined
}
