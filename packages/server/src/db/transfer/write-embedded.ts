import { DatabaseSync } from 'node:sqlite'
import { setImmediate as othersTurn } from 'node:timers/promises'
import { migrateToLatest, migrateUpTo } from '../migrate.ts'
import { openSqlite } from '../sqlite.ts'
import type { CopiedTables } from './copied-tables.ts'

/** What each database has in a form of its own, and makes anew of the Pins. */
const searchIndex = 'pin_search'
/** Until which Pin, backwards, that is done. */
const searchProgress = 'search_backfill'

/**
 * Writes a copy from PostgreSQL into a new file as an embedded database of the latest version, whose index of search is
 * still empty. The copy must be of this version or an earlier one.
 */
export async function writeEmbedded(copy: CopiedTables, file: string): Promise<void> {
  const version = (await copy.steps()).at(-1)
  if (version === undefined) throw new Error('The copy says nothing of its version.')
  const empty = openSqlite(file, 'relaxed')
  await migrateUpTo(empty, version).finally(() => empty.close())
  await fill(copy, file)
  const filled = openSqlite(file, 'relaxed')
  await migrateToLatest(filled).finally(() => filled.close())
  const db = new DatabaseSync(file)
  try {
    db.exec(`DELETE FROM ${searchProgress}`)
    db.exec(`INSERT INTO ${searchProgress} (before) VALUES (${Number.MAX_SAFE_INTEGER})`)
  } finally {
    db.close()
  }
}

/** Puts the rows of a copy into tables of the same version, in place of those that making the tables has left. */
async function fill(copy: CopiedTables, file: string): Promise<void> {
  const db = new DatabaseSync(file)
  try {
    db.exec('PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF')
    const tables = await copy.tables()
    for (const [table, columns] of tables) {
      if (table === searchIndex) continue
      const names = columns.map((column) => `"${column}"`)
      const values = columns.map((column) => `json_extract(value, '$."${column}"')`)
      db.exec(`DELETE FROM "${table}"`)
      const insert = db.prepare(`INSERT INTO "${table}" (${names}) SELECT ${values} FROM json_each(?)`)
      for await (const rows of copy.rowsOf(table, columns)) {
        insert.run(rows)
        await othersTurn()
      }
    }
  } finally {
    db.close()
  }
}
