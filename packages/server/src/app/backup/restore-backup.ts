import { existsSync, readdirSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Readable } from 'node:stream'
import { ApiError, ConfigError } from '../../core/errors.ts'
import { makeFolder } from '../../core/make-folder.ts'
import { migrationNames } from '../../db/migrate.ts'
import { syncFolder } from '../../storage/write-aside.ts'
import { takeFolder } from '../data-folder.ts'
import { newFolder, othersIn, remove, removeOthers, writeCurrent } from '../generations.ts'
import { databaseFile, mediaLocation } from '../open-data.ts'
import { checkDatabase } from '../snapshot-file/check-database.ts'
import { BackupError } from './backup-error.ts'
import { chosenBackup } from './choose-backup.ts'
import { type Line, type Media, readLines } from './manifest.ts'
import type { RestoreConfig, RestoreCounts } from './options.ts'
import { type BackupPlace, openPlace } from './place.ts'

/** How many pictures and videos are restored at once. */
const concurrency = 8

/**
 * Restores a backup into a data folder: into a folder of its own there, which counts once all of it is on disk and was
 * checked. Until then the data folder's own data do, if it has any. `counts` is updated on the way; returns the name of the backup.
 * Throws `ConfigError`, or `BackupError`.
 */
export async function restoreBackup(config: RestoreConfig, counts: RestoreCounts): Promise<string> {
  const place = openPlace(config.from, config.key)
  const backup = chosenBackup(place, config.backup)
  const root = resolve(config.dataDir)
  if (!config.replace) refuseUnlessEmpty(root)
  const lock = takeFolder(root)
  try {
    // What an interrupted restore has left.
    for (const folder of othersIn(root)) if (folder !== root) await remove(folder)
    const folder = newFolder(root, 'data')
    const path = join(root, folder)
    makeFolder(path)
    try {
      await restoreInto(path, place, backup, counts)
    } catch (error) {
      await remove(path)
      throw error
    }
    await syncFolder(root)
    writeCurrent(root, { folder, removes: true })
    await removeOthers(root, { withMedia: true })
    return backup
  } finally {
    lock.release()
  }
}

/** What a data folder may have that a restore begins in: an interrupted one has left no more. */
const leftovers = /^(lock(-journal)?|data-\d+|lost\+found)$/

function refuseUnlessEmpty(root: string): void {
  if (!existsSync(root)) return
  if (readdirSync(root).some((name) => !leftovers.test(name)))
    throw new ConfigError(`${root} is not empty. Name a new folder, or replace its data with --replace.`)
}

async function restoreInto(path: string, place: BackupPlace, backup: string, counts: RestoreCounts): Promise<void> {
  const database = await newFile(databaseFile(path))
  const shelves = new Set<string>()
  try {
    await Readable.from(
      inOrder(readLines(place, backup), async (piece) => {
        await copyContent(place, backup, { file: 'pinfold.db', id: piece.piece, size: piece.size }, database, counts)
      }),
    ).forEach(
      async (media: Media) => {
        await restoreMedia(media, path, { place, backup, counts, shelves })
      },
      { concurrency },
    )
    await database.datasync()
  } finally {
    await database.close()
  }
  await checkRestored(databaseFile(path))
  for (const shelf of shelves) await syncFolder(shelf)
  if (existsSync(mediaLocation(path))) await syncFolder(mediaLocation(path))
  await syncFolder(path)
}

/** Restores the pieces of the database as they come, and yields the pictures and videos. */
async function* inOrder(
  lines: AsyncIterable<Line>,
  onPiece: (piece: Extract<Line, { piece: string }>) => Promise<void>,
): AsyncGenerator<Media> {
  for await (const line of lines) {
    if ('head' in line) refuseNewer(line.head.steps)
    else if ('piece' in line) await onPiece(line)
    else if ('key' in line) yield line
  }
}

function refuseNewer(steps: readonly string[]): void {
  if (steps.some((step) => !migrationNames.includes(step)))
    throw new BackupError('The backup is of a newer version of Pinfold. Restore it with that one, or a later one.')
}

interface MediaTarget {
  place: BackupPlace
  backup: string
  counts: RestoreCounts
  shelves: Set<string>
}

async function restoreMedia({ key, files }: Media, path: string, target: MediaTarget): Promise<void> {
  const folder = join(mediaLocation(path), key.slice(0, 2), key)
  makeFolder(folder)
  for (const [name, size, , id] of files) {
    if (id === null) continue // The data had none either.
    const file = await newFile(join(folder, name))
    try {
      await copyContent(target.place, target.backup, { file: `${key}/${name}`, id, size }, file, target.counts)
      await file.datasync()
    } finally {
      await file.close()
    }
    target.counts.files++
  }
  await syncFolder(folder)
  target.shelves.add(dirname(folder))
}

const newFile = (path: string): Promise<FileHandle> => open(path, 'wx', 0o600)

async function copyContent(
  place: BackupPlace,
  backup: string,
  { file, id, size }: { file: string; id: string; size: number },
  to: FileHandle,
  counts: RestoreCounts,
): Promise<void> {
  const cannot = (why: string) => new BackupError(`The backup ${backup} cannot be restored: of ${file}, ${why}.`)
  let written = 0
  try {
    for await (const part of place.read(id)) {
      await to.writeFile(part)
      written += part.length
      counts.bytes += part.length
    }
  } catch (error) {
    if (error instanceof BackupError) throw cannot(`a part is not as it was written: ${error.message}`)
    throw error
  }
  if (written !== size) throw cannot('a part has another size')
}

/** Checks the database as a whole: that its pages belong together, and that it has our tables alone. */
async function checkRestored(file: string): Promise<void> {
  const db = new DatabaseSync(file)
  try {
    if (db.prepare('PRAGMA quick_check(1)').get()?.quick_check !== 'ok')
      throw new BackupError('The database in the backup is damaged.')
  } finally {
    db.close()
  }
  try {
    await checkDatabase(file, { size: Number.POSITIVE_INFINITY, isSeedHere: () => true, given: 'none' })
  } catch (error) {
    if (error instanceof ApiError) throw new BackupError(`The database in the backup cannot be used: ${error.message}`)
    throw error
  }
}
