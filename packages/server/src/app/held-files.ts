import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import type { IsHeld } from '../domains/media/pictures.ts'
import { readCurrent } from './generations.ts'
import { databaseFile } from './open-data.ts'

// Where the data share a storage with their copies, a file is removed only if no copy has it.

/** Returns whether a copy in a data folder needs the files under a key: a snapshot, or the state after the seed. */
export function heldIn(root: string): IsHeld {
  return async (key) => copiesIn(root).some((folder) => names(databaseFile(folder), key))
}

/** Returns the keys of files that one embedded database names, and another does not. The first is not in use. */
export function onlyIn(one: string, other: string): string[] {
  const db = new DatabaseSync(other, { readOnly: true, timeout: 5000 })
  try {
    db.prepare('ATTACH ? AS gone').run(one)
    const rows = db.prepare(`
      SELECT key FROM (SELECT key FROM gone.pictures UNION SELECT key FROM gone.picture_sweeps
        UNION SELECT key FROM gone.media WHERE key IS NOT NULL)
      WHERE key NOT IN (SELECT key FROM main.pictures)
        AND key NOT IN (SELECT key FROM main.media WHERE key IS NOT NULL)`)
    return rows.all().map(({ key }) => String(key))
  } finally {
    db.close()
  }
}

/** Returns the folders of the copies. */
function copiesIn(root: string): string[] {
  const { seeded } = readCurrent(root)
  const snapshots = join(root, 'snapshots')
  const all = namesIn(snapshots).map((name) => join(snapshots, name))
  return seeded ? [join(root, seeded.folder), ...all] : all
}

/** Also those that are being made: what they name is needed soon. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

/** Returns the size of the pictures and videos that a database of a copy names, in bytes: that of pictures as they came. */
export function bytesNamedIn(file: string): number {
  const db = openCopy(file)
  try {
    const sum =
      'SELECT (SELECT coalesce(sum(bytes), 0) FROM pictures) + (SELECT coalesce(sum(bytes), 0) FROM media) AS bytes'
    return Number(db.prepare(sum).get()?.bytes)
  } finally {
    db.close()
  }
}

function names(file: string, key: string): boolean {
  let db: DatabaseSync | undefined
  try {
    db = openCopy(file)
    const found = db.prepare(
      'SELECT 1 FROM pictures WHERE key = ?1 UNION ALL SELECT 1 FROM media WHERE key = ?1 LIMIT 1',
    )
    return found.get(key) !== undefined
  } catch (error) {
    // One that is just being made or removed may hold anything.
    return !/unable to open/.test((error as Error).message)
  } finally {
    db?.close()
  }
}

function openCopy(file: string): DatabaseSync {
  const address = pathToFileURL(file)
  // Nobody writes it, and it has no other files beside it.
  address.searchParams.set('immutable', '1')
  return new DatabaseSync(address, { readOnly: true })
}
