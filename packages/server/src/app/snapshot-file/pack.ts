import { createReadStream, statSync } from 'node:fs'
import { invalid } from '../../core/errors.ts'
import { mostTarFileBytes, type NewTarFile, writeTar } from '../../core/tar.ts'
import { openSqlite } from '../../db/sqlite.ts'
import { pictureCatalog } from '../../domains/media/picture-catalog.ts'
import { videoCatalog } from '../../domains/videos/video-catalog.ts'
import { folderStorage } from '../../storage/folder.ts'
import type { MediaStorage } from '../../storage/storage.ts'
import { bothCatalogs } from '../../storage/verify.ts'
import { databaseFile, mediaLocation } from '../open-data.ts'
import { aboutOf, Checksum, mediaName, names } from './format.ts'

/**
 * Returns the bytes of a snapshot as one file. `storage`: where its pictures and videos are that are not beside its
 * database. Throws `invalidRequest` when it does not go into one.
 */
export function packSnapshot(
  folder: string,
  { createdAt }: { createdAt: number },
  storage: MediaStorage | undefined,
): AsyncIterable<Buffer> {
  const { size } = statSync(databaseFile(folder))
  if (size >= mostTarFileBytes) throw invalid('Its database is too large for one file: it may have 8 GB.')
  return writeTar(summed(filesOf(folder, { size, createdAt, storage })))
}

async function* filesOf(
  folder: string,
  { size, createdAt, storage }: { size: number; createdAt: number; storage: MediaStorage | undefined },
): AsyncGenerator<NewTarFile> {
  const about = Buffer.from(`${JSON.stringify(aboutOf(createdAt))}\n`)
  yield { name: names.about, size: about.length, content: [about] }
  yield { name: names.database, size, content: createReadStream(databaseFile(folder)) }
  const beside = folderStorage(mediaLocation(folder), { sync: false })
  const entries = storage ? entriesNamedIn(databaseFile(folder), storage) : beside.list()
  for await (const { key, files } of entries)
    for (const { name } of files) {
      const file = (await beside.open(key, name)) ?? (await storage?.open(key, name))
      if (file) yield { name: mediaName(key, name), size: file.size, content: file.stream }
    }
}

/** Yields the pictures and videos that a database names, in the order of their keys and names. */
async function* entriesNamedIn(file: string, storage: MediaStorage) {
  const db = openSqlite(file, 'relaxed')
  try {
    for await (const { key, files } of bothCatalogs(pictureCatalog(db, storage), videoCatalog(db)).all())
      yield { key, files: files.toSorted((a, b) => (a.name < b.name ? -1 : 1)) }
  } finally {
    await db.close()
  }
}

/** Adds the checksum of all files, as the last. */
async function* summed(files: AsyncIterable<NewTarFile>): AsyncGenerator<NewTarFile> {
  const checksum = new Checksum()
  for await (const file of files) yield { ...file, content: checksum.over(file) }
  const text = Buffer.from(checksum.text())
  yield { name: names.checksum, size: text.length, content: [text] }
}
