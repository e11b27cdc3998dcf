import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { systemClock } from '../core/clock.ts'
import { ConfigError } from '../core/errors.ts'
import { DatabaseAway, StorageUnavailable } from '../core/unavailable.ts'
import type { Database } from '../db/database.ts'
import { migrateToLatest } from '../db/migrate.ts'
import { openPostgres } from '../db/postgres.ts'
import { openSqlite } from '../db/sqlite.ts'
import { type Installation, readInstallation } from '../domains/installation/installation.ts'
import { type IsHeld, picturesOf } from '../domains/media/pictures.ts'
import type { Membership } from '../domains/nodes/nodes.ts'
import { openStorage } from '../storage/open.ts'
import type { MediaStorage } from '../storage/storage.ts'
import { readLocation } from '../storage/storage-location.ts'
import type { ServerConfig, Settings } from './config.ts'
import { serverDefaults } from './defaults.ts'

/** A server's data, open and up to date. */
export interface OpenData {
  /** The folder of the database, the media and what is being uploaded. */
  folder: string
  storage: MediaStorage
  db: Database
  /** What the installation stores about itself. */
  installation: Installation
  /** Returns whether a copy of the data needs the files under a key. Undefined: none shares its files with them. */
  isHeld?: IsHeld | undefined
  /** This server among those that share the data. Undefined: it has them for itself. */
  node?: Membership | undefined
}

/** What data are opened with that others have open too: they close it, and it is ready. */
export interface Reused {
  database?: Database
  storage?: MediaStorage
  isHeld?: IsHeld
  /** Registers this server with those that share the data, once their tables are up to date. */
  join?: () => Promise<Membership>
}

/** Opens the data in a folder. Disposing of `undo` closes them again. Throws `ConfigError`. */
export async function openData(
  settings: Settings,
  folder: string,
  { database, storage: given, isHeld, join: joinOthers }: Reused,
  undo: AsyncDisposableStack,
): Promise<OpenData> {
  const storage = given ?? undo.adopt(await readyStorage(settings, folder), (opened) => opened.close())
  const opened = await openWhole({ ...settings, ...(database && { database }) }, folder, storage)
  undo.defer(() => opened.db.close())
  return { folder, storage, isHeld, node: await joinOthers?.(), ...opened }
}

/** The database and the media in a data folder. */
export const databaseFile = (folder: string): string => join(folder, 'pinfold.db')
export const mediaLocation = (folder: string, storage?: string): string => storage ?? join(folder, 'media')

/** What a configuration says of the database. */
type DatabaseConfig = Pick<ServerConfig, 'databaseUrl' | 'databasePool' | 'databaseTimeout' | 'durability'>

/** Opens the database that a configuration names. Throws `ConfigError` when it cannot be used. */
export async function openDatabase(
  { databaseUrl, databasePool = serverDefaults.databasePool, databaseTimeout = 0, durability = 'full' }: DatabaseConfig,
  folder: string,
): Promise<Database> {
  if (databaseUrl !== undefined) checkAddress(databaseUrl, '--database-url')
  try {
    return databaseUrl === undefined
      ? openSqlite(databaseFile(folder), durability)
      : await openPostgres(databaseUrl, { connections: databasePool, statementMs: databaseTimeout * 1000 })
  } catch (error) {
    throw unusable(error, databaseUrl, folder)
  }
}

/** Throws `ConfigError` for an address that is not of PostgreSQL. */
export function checkAddress(url: string, option: string): void {
  if (!/^postgres(ql)?:\/\//.test(url)) throw new ConfigError(`${option} must begin with postgres:// or postgresql://.`)
}

/** Opens the storage of pictures and videos, and checks that it can be used. Throws `ConfigError`. */
export async function readyStorage(settings: Settings, folder: string): Promise<MediaStorage> {
  const storage = await openStorage(readLocation(mediaLocation(folder, settings.storage)), {
    sync: settings.durability === 'full' && !settings.ephemeral,
    isShared: settings.databaseUrl !== undefined,
    reads: settings.mediaReads,
  })
  try {
    await storage.sweep()
    return storage
  } catch (error) {
    await storage.close()
    const { message } = error as Error
    throw new ConfigError(error instanceof StorageUnavailable ? message : `Cannot use --storage: ${message}`)
  }
}

type Opened = Pick<OpenData, 'db' | 'installation'>

/** Opens the database; one whose seeding was interrupted is discarded with its pictures, and opened anew. */
async function openWhole(settings: Settings, folder: string, storage: MediaStorage): Promise<Opened> {
  const opened = await openUpToDate(settings, folder)
  if (!opened.installation.seedUnfinished) return opened
  try {
    if (settings.databaseUrl !== undefined || settings.database)
      throw new ConfigError('The database was left half filled when seeding was cut off. Empty it, and start again.')
    // The database last: while it exists, a start after another crash knows what to discard.
    await picturesOf({ db: opened.db, storage, clock: systemClock, key: opened.installation.key }).removeAllFiles()
  } finally {
    await opened.db.close()
  }
  for (const ending of ['', '-wal', '-shm']) await rm(databaseFile(folder) + ending, { force: true })
  return openUpToDate(settings, folder)
}

/** Opens the database, migrates it and reads what the installation stores about itself. */
async function openUpToDate(settings: Settings, folder: string): Promise<Opened> {
  const { databaseUrl, ephemeral, durability } = settings
  const how = {
    durability: ephemeral ? ('relaxed' as const) : durability,
    ...(databaseUrl !== undefined && { databaseUrl }),
  }
  const db = settings.database ?? (await openDatabase(how, folder))
  try {
    await migrateToLatest(db)
    return { db, installation: await readInstallation(db) }
  } catch (error) {
    await db.close()
    throw unusable(error, databaseUrl, folder)
  }
}

/** Returns the error for a database that cannot be opened or migrated. */
export function unusable(error: unknown, databaseUrl: string | undefined, folder: string): ConfigError {
  const reason = error instanceof DatabaseAway ? error.cause : error
  const { code, message } = reason as Error & { code?: string }
  const which = databaseUrl === undefined ? databaseFile(folder) : '--database-url'
  return new ConfigError(`Cannot use the database ${which}: ${message || code}`, { cause: error })
}
