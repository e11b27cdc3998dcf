import { rm } from 'node:fs/promises'
import { DatabaseSync } from 'node:sqlite'
import { sql } from 'kysely'
import { ApiError, invalid } from '../../core/errors.ts'
import { migrateUpTo, migrationNames } from '../../db/migrate.ts'
import { openSqlite } from '../../db/sqlite.ts'

/** Larger ones are read through only when they are used: that would hold up other requests for too long. */
const mostReadBytes = 64_000_000

/**
 * Checks a database that somebody else has written, in a file of its own: it has the tables of one of our versions and
 * nothing else (no triggers, no views), and names files by keys alone. `isSeedHere`: whether data with this seed can be
 * reset here; another is replaced by `given`. Throws `invalidRequest`.
 */
export async function checkDatabase(
  file: string,
  { size, isSeedHere, given }: { size: number; isSeedHere: (seed: string) => boolean; given: string },
): Promise<void> {
  let db: DatabaseSync | undefined
  try {
    db = new DatabaseSync(file)
    db.enableDefensive?.(true)
    // What it defines itself calls nothing of ours.
    db.exec('PRAGMA trusted_schema = OFF')
    const version = versionOf(db)
    if (JSON.stringify(db.prepare(schemaQuery).all()) !== (await schemaAt(version, `${file}-wanted`)))
      throw invalid('The database of the snapshot does not have the tables of its version.')
    if (size <= mostReadBytes && db.prepare('PRAGMA quick_check(1)').get()?.quick_check !== 'ok')
      throw invalid('The database of the snapshot is damaged.')
    checkKeys(db)
    const seed = db.prepare("SELECT value FROM meta WHERE key = 'seed'").get()?.value
    if (typeof seed === 'string' && !isSeedHere(seed))
      db.prepare("UPDATE meta SET value = ? WHERE key = 'seed'").run(given)
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  } catch (error) {
    if (error instanceof ApiError || !isSqliteError(error)) throw error
    throw invalid(`The database of the snapshot cannot be used: ${error.message}.`)
  } finally {
    db?.close()
  }
}

const isSqliteError = (error: unknown): error is Error =>
  error instanceof Error && (error as Error & { code?: unknown }).code === 'ERR_SQLITE_ERROR'

// The tables of its own statistics aside, which it has after an ANALYZE.
const schemaQuery =
  "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_stat%' ORDER BY name"

/** Returns the last step of the schema that a database has. Throws when these are not the first of ours. */
function versionOf(db: DatabaseSync): string {
  const steps = db.prepare('SELECT name FROM kysely_migration ORDER BY name').all()
  const unknown = steps.find(({ name }) => !migrationNames.includes(String(name)))
  if (unknown)
    throw invalid(
      'The snapshot is of a newer version of Pinfold, whose tables this one does not know. Bring this server up to date.',
    )
  const version = migrationNames[steps.length - 1]
  if (version === undefined || steps.some(({ name }, at) => name !== migrationNames[at]))
    throw invalid('The database of the snapshot lacks steps of its schema.')
  return version
}

/** Returns the tables of a version as JSON, from a new database, which `file` is for. */
async function schemaAt(version: string, file: string): Promise<string> {
  const db = openSqlite(file, 'relaxed')
  try {
    await migrateUpTo(db, version)
    const { rows } = await sql.raw(schemaQuery).execute(db.read)
    return JSON.stringify(rows)
  } finally {
    await db.close()
    await rm(file, { force: true })
  }
}

/** Files are found, and removed, by what is in these columns. */
const columnsOfKeys = [
  ['pictures', 'key'],
  ['picture_sweeps', 'key'],
  ['media', 'key'],
  ['pins', 'picture_key'],
] as const

function checkKeys(db: DatabaseSync): void {
  const tables = new Set(
    db
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")
      .all()
      .map(({ name }) => name),
  )
  for (const [table, column] of columnsOfKeys) {
    if (!tables.has(table)) continue
    const wrong = `SELECT 1 FROM ${table} WHERE ${column} IS NOT NULL AND
      (typeof(${column}) <> 'text' OR length(${column}) <> 32 OR ${column} GLOB '*[^0-9a-f]*') LIMIT 1`
    if (db.prepare(wrong).get()) throw invalid('The database of the snapshot names files that cannot be.')
  }
}
