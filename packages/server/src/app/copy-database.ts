import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { setImmediate as othersTurn } from 'node:timers/promises'
import { ConfigError } from '../core/errors.ts'
import { DatabaseAway } from '../core/unavailable.ts'
import type { Database } from '../db/database.ts'
import { isLatest, migrateToLatest, migrationNames } from '../db/migrate.ts'
import { openPostgres } from '../db/postgres.ts'
import { openSqlite } from '../db/sqlite.ts'
import { type EmbeddedTables, embeddedTables } from '../db/transfer/embedded-tables.ts'
import { isSameSum } from '../db/transfer/row-sums.ts'
import { type CopyTarget, copyTarget, notes, OtherCopy, type Progress } from '../db/transfer/target.ts'
import { readInstallation } from '../domains/installation/installation.ts'
import { searchablePins } from '../domains/pins/searchable-pins.ts'
import { searchBackfill } from '../domains/search/backfill.ts'
import { pinIndexOf } from '../domains/search/pin-index.ts'
import { takeFolder } from './data-folder.ts'
import { currentFolder } from './generations.ts'
import { databaseFile, mediaLocation } from './open-data.ts'

/** From where to where data are copied. */
export interface CopyDatabaseConfig {
  /** The data folder of a server that has its data in the embedded database. */
  from: string
  /** The PostgreSQL database: `postgres://user:password@host/database`. */
  to: string
}

/** How far a copy has come. */
export interface DatabaseCopyCounts {
  /** What it is doing. */
  stage: 'copying' | 'indexing' | 'verifying' | 'adding to the search' | 'done'
  /** The rows that are in the target. */
  rows: number
  /** The rows of the source. */
  of: number
  /** The rows that were there when it began, from a run that was cut off. */
  resumedAt: number
  /** The tables whose rows were found to be the same in both. */
  verified: number
}

/** What was copied. */
export interface CopiedDatabase {
  /** The number of rows of each table, as counted in both. */
  tables: Record<string, number>
  /** Where the pictures and videos are, unless `--storage` says: the target's servers need them. */
  media: string
}

/** At most this many rows, and about this much text, go into one transaction. */
const most = { rows: 2000, characters: 4_000_000 }

/** What PostgreSQL has in a form of its own, and makes anew of the Pins. */
const searchIndex = 'pin_search'
/** Until which Pin, backwards, that is done. */
const searchProgress = 'search_backfill'

/**
 * Copies all data of the embedded database of a data folder into an empty PostgreSQL database, and compares them. A run
 * that was cut off, however it was, is continued by the next. No server may be running on either. Throws `ConfigError`.
 */
export async function copyDatabase(
  { from, to }: CopyDatabaseConfig,
  counts: DatabaseCopyCounts,
): Promise<CopiedDatabase> {
  const path = currentFolder(resolve(from))
  if (!existsSync(databaseFile(path))) throw new ConfigError(`There is no database in ${resolve(from)}.`)
  if (!/^postgres(ql)?:\/\//.test(to))
    throw new ConfigError('--to must name a PostgreSQL database: postgres://user:password@host/database.')
  const folder = takeFolder(from)
  try {
    await checkSource(databaseFile(path))
    using source = embeddedTables(databaseFile(path))
    const db = await openPostgres(to)
    try {
      const tables = await copyTables(source, db, counts)
      counts.stage = 'adding to the search'
      await searchBackfill({ db, index: pinIndexOf(db), pins: searchablePins(db) }).run(new AbortController().signal)
      counts.stage = 'done'
      return { tables, media: mediaLocation(path) }
    } catch (error) {
      throw inWords(error)
    } finally {
      await db.close()
    }
  } finally {
    folder.release()
  }
}

/** Throws `ConfigError` for data that are not whole, or of another version. */
async function checkSource(file: string): Promise<void> {
  const db = openSqlite(file, 'full')
  try {
    if (!(await isLatest(db)))
      throw new ConfigError('The data are of another version of Pinfold. Run pinfold migrate on them first.')
    const { seed, seedUnfinished } = await readInstallation(db)
    if (seed === undefined || seedUnfinished)
      throw new ConfigError('The data are not filled yet. Start the server on them first.')
  } finally {
    await db.close()
  }
}

/**
 * Copies what is not there yet of the tables of an embedded database into an empty PostgreSQL database, compares
 * everything, and has it count. Returns the number of rows of each table. The Pins have yet to be added to the search.
 */
export async function copyTables(
  source: EmbeddedTables,
  db: Database,
  counts: DatabaseCopyCounts,
): Promise<Record<string, number>> {
  const target = copyTarget(db)
  const names = [...source.tables.keys()].filter((name) => ![searchIndex, searchProgress, notes].includes(name))
  for (const name of names) counts.of += source.count(name)
  let progress = await beginOrGoOn(target, db, source.mark)
  counts.rows = progress.rows
  counts.resumedAt = progress.rows
  await checkColumns(source, target, names)

  counts.stage = 'copying'
  for (const [at, name] of names.entries()) {
    if (at < names.indexOf(progress.table ?? '') || progress.isWhole) continue
    progress = await copyTable(source, target, { name, next: names[at + 1] }, progress, counts)
  }

  counts.stage = 'indexing'
  await target.addRules(progress, () => {})

  counts.stage = 'verifying'
  const tables: Record<string, number> = {}
  for (const name of names) {
    tables[name] = await compare(source, target, name)
    counts.verified++
  }
  if (source.hasChanged())
    throw new ConfigError('The data were written to while they were copied. Run the same command again.')
  const last = new Map([
    [notes, `[${[...source.rowsOf(notes)].map(({ json }) => json)}]`],
    [searchProgress, JSON.stringify([{ before: Number.MAX_SAFE_INTEGER }])],
  ])
  await target.finish(last, progress)
  return tables
}

/** Returns where to go on. Throws `ConfigError` when something else is in the database. */
async function beginOrGoOn(target: CopyTarget, db: Database, mark: string): Promise<Progress> {
  const found = await target.find()
  if (found === 'data')
    throw new ConfigError('The database that --to names holds data already. Name an empty one: nothing was changed.')
  if (found === 'foreign tables')
    throw new ConfigError(
      'The database that --to names has tables of something else, with names of ours. Name an empty one: nothing was changed.',
    )
  if (found === 'nothing') {
    await migrateToLatest(db)
    return target.begin(mark)
  }
  if (found.steps !== migrationNames.length)
    throw new ConfigError(
      'Another version of Pinfold has begun to copy into the database that --to names. Empty it, and begin again.',
    )
  return found.source === mark ? found : target.beginAnew(found, mark)
}

/** Throws when a table or column has no place in the target: then the two schemas differ, which is our mistake. */
async function checkColumns(source: EmbeddedTables, target: CopyTarget, names: readonly string[]): Promise<void> {
  const columns = await target.columns()
  for (const name of names)
    for (const column of source.tables.get(name) ?? [])
      if (!columns.get(name)?.includes(column)) throw new Error(`PostgreSQL has no ${name}.${column}.`)
}

/** Copies the rest of a table. One batch is read while the one before is written. */
async function copyTable(
  source: EmbeddedTables,
  target: CopyTarget,
  { name, next }: { name: string; next: string | undefined },
  from: Progress,
  counts: DatabaseCopyCounts,
): Promise<Progress> {
  let progress: Progress = from.table === name ? from : { ...withoutPlace(from), table: name }
  let written: Promise<void> = Promise.resolve()
  let before = from
  for (const batch of batchesOf(source.rowsOf(name, progress.after))) {
    const after: Progress = { ...progress, after: batch.at, rows: progress.rows + batch.rows }
    await written
    written = target.insert(name, batch.json, before, after)
    before = progress = after
    written.then(
      () => {
        counts.rows = after.rows
      },
      () => {}, // It is awaited below.
    )
    await othersTurn()
  }
  await written
  const done: Progress = { ...withoutPlace(progress), ...(next === undefined ? { isWhole: true } : { table: next }) }
  await target.insert(name, '[]', before, done)
  return done
}

const withoutPlace = ({ table: _, after: __, ...progress }: Progress): Progress => progress

function* batchesOf(rows: Iterable<{ json: string; at: string }>) {
  let batch: string[] = []
  let characters = 0
  let last = ''
  const whole = () => ({ json: `[${batch.join(',')}]`, at: last, rows: batch.length })
  for (const { json, at } of rows) {
    batch.push(json)
    characters += json.length
    last = at
    if (batch.length < most.rows && characters < most.characters) continue
    yield whole()
    batch = []
    characters = 0
  }
  if (batch.length > 0) yield whole()
}

/** Compares a table in both, and returns the number of its rows. */
async function compare(source: EmbeddedTables, target: CopyTarget, name: string): Promise<number> {
  const columns = source.tables.get(name) ?? []
  const [ours, theirs] = await Promise.all([
    source.sumOf(name, columns, () => othersTurn()),
    target.sumOf(name, columns),
  ])
  if (!isSameSum(ours, theirs))
    throw new ConfigError(
      `The copy is not the same: ${name} has ${ours.rows} rows in the source, ${theirs.rows} in the copy, or other values. ` +
        'Something else has changed it. Empty the database that --to names, and run the command again.',
    )
  return ours.rows
}

/** Says in words what an operator can do about an error. */
function inWords(error: unknown): unknown {
  if (error instanceof OtherCopy)
    return new ConfigError('Another process copies into the database that --to names. Nothing was changed by this one.')
  if (error instanceof DatabaseAway) return inWords(error.cause)
  const { code, message } = error as Error & { code?: string }
  if (code === '22P05' || code === '22021')
    return new ConfigError(`A text has a character that PostgreSQL does not store: ${message}`)
  if (error instanceof ConfigError || code === undefined) return error
  return new ConfigError(`Cannot use the database that --to names: ${message || code}`, { cause: error })
}
