import { type RawBuilder, sql } from 'kysely'
import type { Database } from './database.ts'

/**
 * Returns a function that makes a column compare byte by byte, as the indexes over names do which find them by their
 * beginnings: a database's own order of names may differ.
 */
export const bytewise =
  ({ dialect }: Pick<Database, 'dialect'>) =>
  (column: string): RawBuilder<string> =>
    sql<string>`${sql.ref(column)} collate ${sql.raw(dialect === 'sqlite' ? 'binary' : '"C"')}`

/** Returns a text that comes after every text with this beginning, byte by byte. */
export const endOf = (beginning: string): string => `${beginning}\u{10ffff}`
