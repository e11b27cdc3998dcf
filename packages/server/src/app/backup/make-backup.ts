import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { relative, resolve } from 'node:path'
import { Readable } from 'node:stream'
import { systemClock } from '../../core/clock.ts'
import { ConfigError } from '../../core/errors.ts'
import { mergeByKey } from '../../storage/merge-by-key.ts'
import { openStorage } from '../../storage/open.ts'
import type { KeptEntry, MediaStorage } from '../../storage/storage.ts'
import { readLocation } from '../../storage/storage-location.ts'
import type { KnownMedia } from '../../storage/verify.ts'
import { currentFolder } from '../generations.ts'
import { mediaLocation } from '../open-data.ts'
import { BackupError } from './backup-error.ts'
import { type CopyFolder, type DatabaseCopy, takeCopyFolder } from './copy-database.ts'
import {
  type BackedUpFile,
  checkedLines,
  type Head,
  type Line,
  type Media,
  readLines,
  Tally,
  writtenLines,
} from './manifest.ts'
import type { BackupConfig, BackupCounts, BackupRecord } from './options.ts'
import { takePlace, type WritablePlace } from './place.ts'
import { removeAllBut } from './remove-backups.ts'

/** How many pictures and videos are copied at once. */
const concurrency = 8

/** How often to begin anew, when files are removed while they are copied. */
const mostRounds = 20

/**
 * Backs up the database and the media of a data folder; a server may be running on it. What an earlier backup in the same
 * place has is not copied again. `counts` is updated on the way. Throws `ConfigError`, or `BackupError`.
 */
export async function makeBackup(config: BackupConfig, counts: BackupCounts): Promise<BackupRecord> {
  const root = resolve(config.dataDir)
  if (isWithin(root, resolve(config.to)))
    throw new ConfigError('The folder of backups must be outside of the data folder.')
  if (config.keep !== undefined && !(config.keep >= 1)) throw new ConfigError('--keep takes a number from 1 on.')
  const copies = await takeCopyFolder(root)
  try {
    const place = await takePlace(config.to, config.key)
    try {
      return await backUp(config, { root, copies, place, counts })
    } finally {
      place.release()
    }
  } finally {
    await copies.release()
  }
}

const isWithin = (outer: string, inner: string): boolean => {
  const path = relative(outer, inner)
  return path === '' || !(path.startsWith('..') || resolve(path) === path)
}

interface Work {
  root: string
  copies: CopyFolder
  place: WritablePlace
  counts: BackupCounts
}

async function backUp(config: BackupConfig, work: Work): Promise<BackupRecord> {
  const { place, counts } = work
  const createdAt = (config.clock ?? systemClock).now()
  const list = await lastRound(config, work, createdAt)
  const { end } = list.tally
  const backup = await place.addBackup(createdAt, listIn(place, list.file))
  const removed = config.keep === undefined ? [] : await removeAllBut(config.keep, place)
  return {
    ...{ backup, ...counts, databaseBytes: end.databaseBytes, missing: end.missing },
    ...{ mediaElsewhere: list.head.media === 'elsewhere', removed },
  }
}

/** The list of a round: what a backup consists of, in a file. */
interface List {
  file: string
  head: Head
  tally: Tally
}

/**
 * Copies until everything that the copied database names is there. Files that are removed while they are copied belonged to
 * what was deleted after the database was copied: the next copy of it does not name them. Those that it still names are
 * missing in the data folder itself.
 */
async function lastRound(config: BackupConfig, work: Work, createdAt: number): Promise<List> {
  const { place, counts } = work
  let before: AsyncIterable<Line> | undefined
  let wanting = new Set<string>()
  for (let round = 0; round < mostRounds; round++) {
    counts.files = 0
    const list = await oneRound(config, work, { createdAt, round, before: before ?? newestOf(place) })
    if ([...list.gone].every((file) => wanting.has(file))) return list
    wanting = list.gone
    before = checkedLines(listIn(place, list.file))
  }
  throw new BackupError('Files are being removed faster than they can be backed up. Try again later.')
}

/** Yields the lines of the newest backup that is whole, if there is one. */
async function* newestOf(place: WritablePlace): AsyncGenerator<Line> {
  for (const name of place.names().reverse()) {
    try {
      for await (const _ of readLines(place, name));
    } catch (error) {
      if (error instanceof BackupError) continue
      throw error
    }
    yield* readLines(place, name)
    return
  }
}

interface Round {
  createdAt: number
  round: number
  /** What is known of files that were backed up before. */
  before: AsyncIterable<Line>
}

async function oneRound(
  config: BackupConfig,
  { root, copies, place, counts }: Work,
  { createdAt, round, before }: Round,
): Promise<List & { gone: Set<string> }> {
  const location = readLocation(mediaLocation(currentFolder(root), config.storage))
  const copy = await copies.copy()
  const head: Head = { createdAt, steps: copy.steps, media: location.kind === 'folder' ? 'here' : 'elsewhere' }
  const storage = await openStorage(location, { sync: false, reads: 'proxy' })
  const gone = new Set<string>()
  const tally = new Tally()

  async function* lines(): AsyncGenerator<Line> {
    yield { head }
    for await (const piece of copy.pieces(place, ({ size, isNew }) => note(size, isNew))) yield piece
    if (head.media === 'here')
      for await (const media of mediaOf({ copy, storage, place, before, note, counts })) {
        for (const [name, , , id] of media.files) if (id === null) gone.add(`${media.key}/${name}`)
        yield media
      }
  }
  const note = (size: number, isNew: boolean) => {
    if (isNew) counts.bytes += size
  }

  const file = place.fileAside(`list-${round}`)
  try {
    const written = await open(file, 'w', 0o600)
    try {
      for await (const bytes of place.seal.seal(writtenLines(counted(lines(), tally)), listContext))
        await written.writeFile(bytes)
    } finally {
      await written.close()
    }
  } finally {
    await storage.close()
  }
  return { file, head, tally, gone }
}

async function* counted(lines: AsyncIterable<Line>, tally: Tally): AsyncGenerator<Line> {
  for await (const line of lines) {
    tally.add(line)
    yield line
  }
}

const listContext = 'list'

/** Yields the list of a round as it was written. */
const listIn = ({ seal }: WritablePlace, file: string): AsyncIterable<Buffer> =>
  seal.open(createReadStream(file), listContext)

interface MediaWork {
  copy: DatabaseCopy
  storage: MediaStorage
  place: WritablePlace
  before: AsyncIterable<Line>
  counts: BackupCounts
  note: (size: number, isNew: boolean) => void
}

/** Yields the pictures and videos that a copied database names, once they are in the place. */
async function* mediaOf({ copy, storage, place, before, counts, note }: MediaWork): AsyncGenerator<Media> {
  const { catalog, close } = await copy.openCatalog(storage)
  try {
    const withKept = namedIn(mergeByKey(catalog.all(), storage.list()))
    const withBefore = namedWithBefore(mergeByKey(withKept, mediaIn(before)))
    yield* Readable.from(withBefore).map(
      async ({ known, kept, earlier }: Named) => {
        const files: BackedUpFile[] = []
        for (const { name } of known.files) {
          const file = await backUpFile({ storage, place }, { key: known.key, name, kept, earlier })
          files.push(file.line)
          if (file.line[3] === null) continue
          counts.files++
          if (file.isCopied) counts.copied++
          note(file.line[1], file.isCopied)
        }
        return { key: known.key, files }
      },
      { concurrency },
    )
  } finally {
    await close()
  }
}

interface Named {
  key: string
  known: KnownMedia
  kept?: KeptEntry | undefined
  earlier?: Media | undefined
}

async function* namedIn(
  merged: AsyncIterable<{ left?: KnownMedia | undefined; right?: KeptEntry }>,
): AsyncGenerator<Named> {
  for await (const { left: known, right: kept } of merged) if (known) yield { key: known.key, known, kept }
}

async function* namedWithBefore(
  merged: AsyncIterable<{ left?: Named | undefined; right?: Media }>,
): AsyncGenerator<Named> {
  for await (const { left, right: earlier } of merged) if (left) yield { ...left, earlier }
}

async function* mediaIn(lines: AsyncIterable<Line>): AsyncGenerator<Media> {
  for await (const line of lines) if ('key' in line) yield line
}

/** Puts a file into a place, unless it has it: a file never changes, so that one of the same age and size is the same. */
async function backUpFile(
  { storage, place }: Pick<MediaWork, 'storage' | 'place'>,
  { key, name, kept, earlier }: Omit<Named, 'known'> & { name: string },
): Promise<{ line: BackedUpFile; isCopied: boolean }> {
  const there = kept?.files.find((file) => file.name === name)
  if (!there) return { line: [name, 0, 0, null], isCopied: false }
  const { size, writtenAt } = there
  const [, , , id = null] =
    earlier?.files.find((file) => file[0] === name && file[1] === size && file[2] === writtenAt) ?? []
  if (id !== null && (await place.has(id, size))) return { line: [name, size, writtenAt, id], isCopied: false }
  async function* content(): AsyncGenerator<Buffer> {
    const opened = await storage.open(key, name)
    if (!opened) throw new FileGone()
    yield* opened.stream
  }
  try {
    const put = await place.put(content, size)
    return { line: [name, size, writtenAt, put.id], isCopied: put.isNew }
  } catch (error) {
    if (error instanceof FileGone) return { line: [name, 0, 0, null], isCopied: false }
    throw error
  }
}

/** A file was removed meanwhile. */
class FileGone extends Error {}
