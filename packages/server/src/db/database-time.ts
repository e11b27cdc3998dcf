import { type RawBuilder, sql } from 'kysely'
import type { Database } from './database.ts'

/**
 * Returns the time of the database in milliseconds since 1970, which all servers have: the clocks of several machines
 * differ, and jump.
 */
export const timeOf = ({ dialect }: Pick<Database, 'dialect'>): RawBuilder<number> =>
  dialect === 'postgres'
    ? sql`(extract(epoch from clock_timestamp()) * 1000)::bigint`
    : sql`CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)`
