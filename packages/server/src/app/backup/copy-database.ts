import { createReadStream, existsSync, statSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { ConfigError } from '../../core/errors.ts'
import { migrateToLatest, migrationNames } from '../../db/migrate.ts'
import { openSqlite } from '../../db/sqlite.ts'
import { pictureCatalog } from '../../domains/media/picture-catalog.ts'
import { videoCatalog } from '../../domains/videos/video-catalog.ts'
import type { MediaStorage } from '../../storage/storage.ts'
import { bothCatalogs, type MediaCatalog } from '../../storage/verify.ts'
import { copyLiveDatabase } from '../copy-data.ts'
import { takeFolder } from '../data-folder.ts'
import { currentFolder } from '../generations.ts'
import { databaseFile } from '../open-data.ts'
import type { WritablePlace } from './place.ts'

/** Pieces of the database begin at pages, so that a piece without a change is the same content. */
const pieceBytes = 262_144

/** A copy of a database as it was at one moment. */
export interface DatabaseCopy {
  /** The steps of its schema. */
  steps: string[]
  /** Yields its pieces, after each was put into a place. */
  pieces(
    place: WritablePlace,
    onPut: (put: { size: number; isNew: boolean }) => void,
  ): AsyncGenerator<{ piece: string; size: number }>
  /** Returns what it names; to be called after the pieces. */
  openCatalog(storage: MediaStorage): Promise<{ catalog: MediaCatalog; close(): Promise<void> }>
}

/** Where copies are made: within the data folder, since those of encrypted backups must not be readable elsewhere. */
export interface CopyFolder {
  /** Copies the database that counts now. Throws `ConfigError` when there is none, or it is of a newer version. */
  copy(): Promise<DatabaseCopy>
  /** Removes the copy. */
  release(): Promise<void>
}

/** Takes the place in a data folder for copies of its database. Throws `ConfigError` when another backup has it. */
export async function takeCopyFolder(root: string): Promise<CopyFolder> {
  if (!existsSync(databaseFile(currentFolder(root))))
    throw new ConfigError(`There are no data in ${root}. Name the server's --data folder.`)
  const path = join(root, 'backing-up')
  const lock = takeFolder(path, `Another backup of ${root} is running.`)
  const file = join(path, 'copy.db')
  const clear = async () => {
    for (const ending of ['', '-wal', '-shm', '-journal']) await rm(file + ending, { force: true })
  }
  return {
    async copy() {
      await clear()
      await copyLiveDatabase(databaseFile(currentFolder(root)), file)
      return copyIn(file, stepsOf(file))
    },
    async release() {
      await clear()
      lock.release()
    },
  }
}

function stepsOf(file: string): string[] {
  const db = new DatabaseSync(file, { readOnly: true })
  try {
    const steps = db
      .prepare('SELECT name FROM kysely_migration ORDER BY name')
      .all()
      .map(({ name }) => String(name))
    if (steps.some((step) => !migrationNames.includes(step)))
      throw new ConfigError('The data are of a newer version of Pinfold. Back them up with that one.')
    return steps
  } finally {
    db.close()
  }
}

function copyIn(file: string, steps: string[]): DatabaseCopy {
  return {
    steps,

    async *pieces(place, onPut) {
      const { size: whole } = statSync(file)
      for (let start = 0; start < whole; start += pieceBytes) {
        const end = Math.min(start + pieceBytes, whole) - 1
        const size = end - start + 1
        const { id, isNew } = await place.put(() => createReadStream(file, { start, end }), size)
        onPut({ size, isNew })
        yield { piece: id, size }
      }
    },

    async openCatalog(storage) {
      const db = openSqlite(file, 'relaxed')
      // The copy of an earlier version: what it names is asked as this version asks.
      if (steps.length < migrationNames.length) await migrateToLatest(db)
      return { catalog: bothCatalogs(pictureCatalog(db, storage), videoCatalog(db)), close: () => db.close() }
    },
  }
}
