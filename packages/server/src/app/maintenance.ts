import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { type Clock, systemClock } from '../core/clock.ts'
import { ConfigError } from '../core/errors.ts'
import { dataCopiesIn } from '../db/data-copies.ts'
import type { Database } from '../db/database.ts'
import { pictureCatalog } from '../domains/media/picture-catalog.ts'
import type { IsHeld } from '../domains/media/pictures.ts'
import { videoCatalog } from '../domains/videos/video-catalog.ts'
import { type CopyCounts, copyStorage } from '../storage/copy.ts'
import { openStorage } from '../storage/open.ts'
import { abandonedMs, type KeptEntry, type MediaStorage } from '../storage/storage.ts'
import { locationName, readLocation } from '../storage/storage-location.ts'
import {
  bothCatalogs,
  type MediaCatalog,
  type MediaProblem,
  type VerifyCounts,
  verifyStorage,
} from '../storage/verify.ts'
import { takeFolder } from './data-folder.ts'
import { currentFolder } from './generations.ts'
import { heldIn } from './held-files.ts'
import { databaseFile, mediaLocation, openDatabase } from './open-data.ts'

/** The location of a server's data, as in its configuration. */
export interface MaintenanceConfig {
  /** The folder of the database and the pictures. */
  dataDir: string
  /** The PostgreSQL database, if it is not the embedded one. */
  databaseUrl?: string
  /** The storage of pictures and videos, if not the data folder. */
  storage?: string
  /** The clock. Default: the machine's. */
  clock?: Clock
}

/** A file this recent may belong to something that is not in the database yet. */
const graceMs = 60 * 60 * 1000

/**
 * Checks every stored file against the database; with `repair`, removes unused files and rebuilds missing renditions.
 * Without it, it only reads and may run beside a server. Throws `ConfigError`.
 */
export async function verifyMedia(
  config: MaintenanceConfig,
  options: {
    repair: boolean
    deep: boolean
    counts: VerifyCounts
    onProblem: (problem: MediaProblem) => void
  },
): Promise<void> {
  const ownsFolder = config.databaseUrl === undefined
  const path = currentFolder(resolve(config.dataDir))
  if (ownsFolder && !existsSync(databaseFile(path)))
    throw new ConfigError(`There is no database in ${resolve(config.dataDir)}.`)
  // With PostgreSQL, servers on other machines could not be kept out anyway; there, only a file's age decides.
  const folder = options.repair && ownsFolder ? takeFolder(config.dataDir) : undefined
  let db: Database | undefined
  let storage: MediaStorage | undefined
  try {
    storage = await openLocation(mediaLocation(path, config.storage))
    db = await openDatabase(config, path)
    const isHeld = await heldByCopies(config, db)
    const catalog = withHeld(bothCatalogs(pictureCatalog(db, storage), videoCatalog(db)), isHeld)
    if (options.repair) await refuseOtherDatabase(catalog.all(), unless(isHeld, storage.list()))
    await verifyStorage({ ...options, storage, catalog, writtenBefore: (config.clock ?? systemClock).now() - graceMs })
  } finally {
    await storage?.close()
    await db?.close()
    folder?.release()
  }
}

/** Returns what says which files copies of the data need, if these share their files with the data. */
async function heldByCopies({ dataDir, databaseUrl, storage }: MaintenanceConfig, db: Database): Promise<IsHeld> {
  if (databaseUrl !== undefined) return (await dataCopiesIn(db)).holds
  return storage === undefined ? async () => false : heldIn(resolve(dataDir))
}

/** Adds to a catalog what copies of the data need: it is no orphan. */
const withHeld = ({ all, knows }: MediaCatalog, isHeld: IsHeld): MediaCatalog => ({
  all,
  knows: async (key) => (await knows(key)) || isHeld(key),
})

async function* unless(isHeld: IsHeld, kept: AsyncIterable<KeptEntry>): AsyncGenerator<KeptEntry> {
  for await (const entry of kept) if (!(await isHeld(entry.key))) yield entry
}

/** Throws if every file would be an orphan: more likely the database does not belong to the files. */
async function refuseOtherDatabase(known: AsyncIterable<unknown>, kept: AsyncIterable<unknown>): Promise<void> {
  if ((await isEmpty(known)) && !(await isEmpty(kept)))
    throw new ConfigError(
      'The database knows no pictures, and there are some. Is it the right one? Nothing was removed.',
    )
}

async function isEmpty(list: AsyncIterable<unknown>): Promise<boolean> {
  for await (const _ of list) return false
  return true
}

/** Copies every picture and video to another storage. May run beside a server. Throws `ConfigError`. */
export async function copyMedia(config: MaintenanceConfig, to: string, counts: CopyCounts): Promise<void> {
  const location = mediaLocation(currentFolder(resolve(config.dataDir)), config.storage)
  if (locationName(readLocation(location)) === locationName(readLocation(to)))
    throw new ConfigError('--to must name another storage than --storage.')
  const [source, target] = [await openLocation(location), await openLocation(to)]
  try {
    await target.sweep()
    // Parts left by interrupted copies, since no server may ever run on it. Not every service supports this.
    await target.forgetUnfinished((config.clock ?? systemClock).now() - abandonedMs).catch(() => {})
    await copyStorage(source, target, counts)
  } finally {
    await source.close()
    await target.close()
  }
}

const openLocation = (text: string): Promise<MediaStorage> =>
  openStorage(readLocation(text), { sync: true, reads: 'proxy' })
