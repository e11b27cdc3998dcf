import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { ConfigError } from '../core/errors.ts'
import { migrateToLatest, type PendingSteps, pendingSteps } from '../db/migrate.ts'
import { takeFolder } from './data-folder.ts'
import { currentFolder } from './generations.ts'
import { databaseFile, openDatabase, unusable } from './open-data.ts'

export type { PendingSteps } from '../db/migrate.ts'

/** Whose schema is brought up to date. */
export interface MigrateConfig {
  /** The data folder of a server that has its data in the embedded database. */
  dataDir: string
  /** The PostgreSQL database, if it is not the embedded one. */
  databaseUrl?: string
}

/**
 * Brings the schema of a database up to date, as the start of a server does, and returns what there was to do. With
 * `dryRun` it changes nothing. On PostgreSQL servers may run meanwhile, and several may do this at once; the embedded
 * database must not be in use. Throws `ConfigError`.
 */
export async function migrateData(config: MigrateConfig, { dryRun }: { dryRun: boolean }): Promise<PendingSteps> {
  const { dataDir, databaseUrl } = config
  const path = currentFolder(resolve(dataDir))
  const isEmbedded = databaseUrl === undefined
  if (isEmbedded && !existsSync(databaseFile(path)))
    throw new ConfigError(`There is no database in ${resolve(dataDir)}.`)
  const folder = isEmbedded && !dryRun ? takeFolder(dataDir) : undefined
  try {
    const db = await openDatabase({ ...(databaseUrl !== undefined && { databaseUrl }) }, path)
    try {
      const before = await pendingSteps(db)
      if (!dryRun) await migrateToLatest(db)
      return before
    } catch (error) {
      throw unusable(error, databaseUrl, path)
    } finally {
      await db.close()
    }
  } finally {
    folder?.release()
  }
}
