import { type AnyColumn, type InsertQueryBuilder, type InsertResult, sql } from 'kysely'
import type { Schema } from './schema.ts'

type Insert<Table extends keyof Schema> = InsertQueryBuilder<Schema, Table, InsertResult>

/** Inserts a row unless there is one with the same values in `unique`, the columns of a key. Returns whether it did. */
export async function insertNew<Table extends keyof Schema>(
  insert: Insert<Table>,
  unique: readonly AnyColumn<Schema, Table>[],
): Promise<boolean> {
  return (await insertion(insert, unique).executeTakeFirst()) !== undefined
}

/** Returns the query of `insertNew`, which has a row if it inserts one. */
export function insertion<Table extends keyof Schema>(
  insert: Insert<Table>,
  unique: readonly AnyColumn<Schema, Table>[],
) {
  return insert.onConflict((conflict) => conflict.columns(unique).doNothing()).returning(sql.lit(1).as('is_new'))
}
