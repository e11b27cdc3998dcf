import { open } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { ApiError, invalid } from '../../core/errors.ts'
import { makeFolder } from '../../core/make-folder.ts'
import { readTar, type TarFile } from '../../core/tar.ts'
import { databaseFile, mediaLocation } from '../open-data.ts'
import { type About, Checksum, mediaFile, names } from './format.ts'

/** The longest `snapshot.json` and `checksum`. */
const mostTextBytes = 4096

export interface UnpackOptions {
  /** The most that the file may have, in bytes. */
  mostBytes: number
  /** Whether what is written must be on disk. */
  sync: boolean
}

/**
 * Unpacks a snapshot that comes as one file into a new folder, and returns what it says of itself and the size of what
 * was written, in bytes. Throws `invalidRequest` when it is none or not whole: the folder is then to be removed.
 */
export async function unpackSnapshot(
  bytes: AsyncIterable<Buffer>,
  folder: string,
  { mostBytes, sync }: UnpackOptions,
): Promise<{ createdAt: number; bytes: number }> {
  const checksum = new Checksum()
  let about: About | undefined
  let [written, last] = [0, '']
  for await (const file of readTar(upTo(bytes, mostBytes))) {
    if (last === names.checksum) throw invalid('The snapshot goes on after its checksum.')
    if (file.name === names.checksum) {
      if ((await textOf(file)) !== checksum.text())
        throw invalid('The checksum of the snapshot is wrong: it is damaged.')
    } else {
      const content = checksum.over(file)
      if (about === undefined) about = readAbout(await textOf({ ...file, content }), file.name)
      else {
        await write(pathOf(file.name, last, folder), content, sync)
        written += file.size
      }
    }
    last = file.name
  }
  if (about === undefined || last !== names.checksum)
    throw invalid('The snapshot is not whole: its checksum is missing.')
  return { createdAt: about.createdAt, bytes: written }
}

/** Passes bytes on. Throws `bodyTooLarge` when they are more than that. */
async function* upTo(bytes: AsyncIterable<Buffer>, mostBytes: number): AsyncGenerator<Buffer> {
  let left = mostBytes
  for await (const part of bytes) {
    left -= part.length
    if (left < 0)
      throw new ApiError('bodyTooLarge', { detail: `${mostBytes} bytes are left for snapshots. Delete some.` })
    yield part
  }
}

async function textOf({ name, size, content }: TarFile): Promise<string> {
  if (size > mostTextBytes) throw invalid(`${name.slice(0, 100)}: it is too long to be part of a snapshot.`)
  return (await buffer(content)).toString()
}

function readAbout(text: string, name: string): About {
  const about = name === names.about ? parsed(text) : undefined
  if (about?.format !== 'pinfold-snapshot')
    throw invalid('The file is no snapshot of Pinfold: `pinfold snapshot export` writes one.')
  const { version, database, createdAt } = about
  if (version !== 1) throw invalid('The snapshot is of a newer version of Pinfold. Restore it there.')
  if (database !== 'sqlite') throw invalid('The snapshot is of another kind of database than that of this server.')
  if (!Number.isSafeInteger(createdAt) || createdAt < 0 || createdAt > Date.UTC(9000, 0))
    throw invalid('The snapshot does not say when it was made.')
  return about
}

function parsed(text: string): About | undefined {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Returns where a file goes. Throws for one that a snapshot does not have, or not there. */
function pathOf(name: string, before: string, folder: string): string {
  if (before === names.about) {
    if (name === names.database) return databaseFile(folder)
    throw invalid('The snapshot has no database.')
  }
  const media = mediaFile(name)
  // In order, so that none is there twice.
  if (!media || (before !== names.database && name <= before))
    throw invalid(`The snapshot has a file that none has: ${JSON.stringify(name.slice(0, 100))}.`)
  return join(mediaLocation(folder), media.key.slice(0, 2), media.key, media.name)
}

async function write(path: string, content: AsyncIterable<Buffer>, sync: boolean): Promise<void> {
  makeFolder(dirname(path))
  const file = await open(path, 'wx', 0o600)
  try {
    for await (const part of content) await file.write(part)
    if (sync) await file.datasync()
  } finally {
    await file.close()
  }
}
