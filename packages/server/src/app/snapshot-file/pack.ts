import { createReadStream, statSync } from 'node:fs'
import { invalid } from '../../core/errors.ts'
import { mostTarFileBytes, type NewTarFile, writeTar } from '../../core/tar.ts'
import { folderStorage } from '../../storage/folder.ts'
import { databaseFile, mediaLocation } from '../open-data.ts'
import { aboutOf, Checksum, mediaName, names } from './format.ts'

/** Returns the bytes of a snapshot as one file. Throws `invalidRequest` when it does not go into one. */
export function packSnapshot(folder: string, { createdAt }: { createdAt: number }): AsyncIterable<Buffer> {
  const { size } = statSync(databaseFile(folder))
  if (size >= mostTarFileBytes) throw invalid('Its database is too large for one file: it may have 8 GB.')
  return writeTar(summed(filesOf(folder, size, createdAt)))
}

async function* filesOf(folder: string, size: number, createdAt: number): AsyncGenerator<NewTarFile> {
  const about = Buffer.from(`${JSON.stringify(aboutOf(createdAt))}\n`)
  yield { name: names.about, size: about.length, content: [about] }
  yield { name: names.database, size, content: createReadStream(databaseFile(folder)) }
  const media = folderStorage(mediaLocation(folder), { sync: false })
  for await (const { key, files } of media.list())
    for (const { name } of files) {
      const file = await media.open(key, name)
      if (file) yield { name: mediaName(key, name), size: file.size, content: file.stream }
    }
}

/** Adds the checksum of all files, as the last. */
async function* summed(files: AsyncIterable<NewTarFile>): AsyncGenerator<NewTarFile> {
  const checksum = new Checksum()
  for await (const file of files) yield { ...file, content: checksum.over(file) }
  const text = Buffer.from(checksum.text())
  yield { name: names.checksum, size: text.length, content: [text] }
}
